using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Tools;

/// <summary>Counts taken from the services' answers.</summary>
internal static class Counted
{
    /// <summary>The number of facts a consumer has applied; 0 before the first.</summary>
    public static long Items(this Lag lag, string consumer) =>
        lag.Consumers.FirstOrDefault(known => known.Consumer == consumer)?.Items ?? 0;

    /// <summary>Accounts held back because their drafts are outdated.</summary>
    public static int Outdated(this RunStatus run) => run.Exceptions
        .Where(count => count is { Code: "draft-outdated", State: RunExceptionState.Open })
        .Sum(count => count.Accounts);

    /// <summary>Accounts held back and not reviewed yet.</summary>
    public static int Open(this RunStatus run) => Accounts(run, RunExceptionState.Open);

    /// <summary>Accounts excluded.</summary>
    public static int Excluded(this RunStatus run) => Accounts(run, RunExceptionState.Excluded);

    private static int Accounts(RunStatus run, RunExceptionState state) =>
        run.Exceptions.Where(count => count.State == state).Sum(count => count.Accounts);
}
