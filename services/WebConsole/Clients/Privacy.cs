using Billing.Contracts.Api;

namespace Billing.WebConsole;

/// <summary>Removes what the services' answers contain about single accounts; the console does not show it.</summary>
public static class Privacy
{
    /// <summary>Removes the first and last account of each chunk.</summary>
    public static RunStatus WithoutAccounts(this RunStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return status with
        {
            Failures = [.. status.Failures.Select(failure => failure with { First = "", Last = "" })],
        };
    }
}
