using System.Globalization;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>
/// A partner and its terms take two people: whoever sets the terms decides which money is taken and until when. What
/// people see is every term that changes.
/// </summary>
public sealed class SavePartnerKind : ApprovalKind<Partner>
{
    private readonly Partners _partners;

    /// <summary>Registers the kind with its rights.</summary>
    public SavePartnerKind(Partners partners)
        : base("save-partner", Right.SavePartner, Right.ApprovePartner) => _partners = partners;

    /// <inheritdoc/>
    protected override IEnumerable<string> StreamsOf(Partner request) => [PartnerContract.Stream(request.Code).Id];

    /// <inheritdoc/>
    protected override async Task<Consequence> CarryOut(
        Partner request, Attempt attempt, CancellationToken cancellation)
    {
        var stream = PartnerContract.Stream(request.Code);
        var state = await attempt.Load(stream, cancellation);
        var known = state.Terms;
        ProposedChange[] changes =
        [
            .. Terms(request).Zip(known is null ? Terms(request).Select(_ => ("", (string?)null)) : Terms(known))
                .Select(term => new ProposedChange(term.First.Name, term.Second.Item2, term.First.Value))
                .Where(change => change.Before != change.After),
        ];
        if (changes.Length == 0)
            return Consequence.Nothing;
        attempt.Session.Append(stream, state, [new PartnerSaved(request)]);
        return new(null, changes);
    }

    /// <inheritdoc/>
    protected override void Carried(Partner request) => _partners.Forget(request.Code);

    private static (string Name, string? Value)[] Terms(Partner partner) =>
    [
        ("name", partner.Name), ("channel", $"{partner.Channel}"), ("amount-rule", partner.AmountRule.WireName()),
        ("day-cut", partner.DayCut.ToString("HH:mm:ss", CultureInfo.InvariantCulture)),
        ("encoding", partner.Encoding.WireName()), ("late-days", $"{partner.LateDays}"),
        ("projects", partner.Projects.Count > 0 ? string.Join(", ", partner.Projects) : null),
        ("limits", partner.Limits is { } limits ? JsonSerializer.Serialize(limits, Wire.Stored) : null),
    ];
}
