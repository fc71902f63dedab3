using Billing.Contracts;

namespace Billing.Platform;

/// <summary>
/// Refusals that wait to be written. What somebody with a name was refused is kept one by one, while there is room.
/// Refusals of callers without a name, and all that come when there is no room, are counted together: a flood of
/// requests can neither hide what somebody else does, nor fill the disk, nor make others wait. Targets are told apart
/// only where the service names them: what a path says is the caller's choice.
/// </summary>
/// <param name="most">How many are kept one by one.</param>
/// <param name="mostKinds">Into how many rows the others are counted, besides one for all that fit none.</param>
internal sealed class WaitingRefusals(int most, int mostKinds)
{
    private const string Many = "many";

    private readonly Lock _lock = new();
    private List<AuditEntry> _single = [];
    private Dictionary<(string, string, string, string, string?), (AuditEntry First, long Times)> _counted = [];
    private long _crowded;

    /// <summary>Adds a refusal; never waits.</summary>
    public void Add(AuditEntry refusal)
    {
        lock (_lock)
        {
            var hasName = refusal.Actor != Actor.Anonymous;
            if (hasName && _single.Count < most)
            {
                _single.Add(refusal);
                return;
            }
            _crowded += hasName ? 1 : 0;
            var target = refusal.Permission is null ? refusal.Target : null;
            var key = (refusal.Actor, refusal.Address, refusal.Operation, refusal.Outcome, target);
            if (!_counted.ContainsKey(key) && _counted.Count >= mostKinds)
            {
                refusal = refusal with
                {
                    Actor = Many, Client = null, Address = Many, Correlation = null, Operation = Many,
                    Permission = null, Target = null, Outcome = Many,
                };
                key = (Many, Many, Many, Many, null);
            }
            var (first, times) = _counted.GetValueOrDefault(key, (refusal, 0));
            _counted[key] = (first, times + 1);
        }
    }

    /// <summary>Takes all that wait.</summary>
    /// <param name="crowded">How many of those with a name were counted together.</param>
    public IReadOnlyList<AuditEntry> Take(out long crowded)
    {
        lock (_lock)
        {
            AuditEntry[] taken =
            [
                .. _single,
                .. _counted.Values.Select(entry => entry.Times == 1
                    ? entry.First
                    : entry.First with { Details = $$"""{"times":{{entry.Times}}}""" }),
            ];
            (crowded, _single, _counted, _crowded) = (_crowded, [], [], 0);
            return taken;
        }
    }
}
