using Billing.Contracts.Api;

namespace Billing.WebConsole;

/// <summary>What the services say of single accounts, and the console does not.</summary>
public static class Privacy
{
    /// <summary>Where a chunk of a run begins and ends are accounts.</summary>
    public static RunStatus WithoutAccounts(this RunStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return status with
        {
            Failures = [.. status.Failures.Select(failure => failure with { First = "", Last = "" })],
        };
    }
}
