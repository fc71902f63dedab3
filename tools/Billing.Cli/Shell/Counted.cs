using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Tools;

/// <summary>What the tool counts in the services' answers.</summary>
internal static class Counted
{
    /// <summary>How many facts a consumer has taken; 0 before the first.</summary>
    public static long Items(this Lag lag, string consumer) =>
        lag.Consumers.FirstOrDefault(known => known.Consumer == consumer)?.Items ?? 0;

    /// <summary>Accounts held back because what their draft rests on changed after it.</summary>
    public static int Outdated(this RunStatus run) => run.Exceptions
        .Where(count => count is { Code: "draft-outdated", State: RunExceptionState.Open })
        .Sum(count => count.Accounts);

    /// <summary>Accounts held back.</summary>
    public static int Open(this RunStatus run) => Accounts(run, RunExceptionState.Open);

    /// <summary>Accounts taken out.</summary>
    public static int Excluded(this RunStatus run) => Accounts(run, RunExceptionState.Excluded);

    private static int Accounts(RunStatus run, RunExceptionState state) =>
        run.Exceptions.Where(count => count.State == state).Sum(count => count.Accounts);
}
