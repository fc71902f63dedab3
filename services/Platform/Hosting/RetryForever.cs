using Microsoft.Extensions.Logging;

namespace Billing.Platform;

/// <summary>
/// For work that goes on for the life of a service. A broker or a database that goes away shows itself in many ways,
/// down to disposed objects of client libraries; none of them may end the service.
/// </summary>
public static class RetryForever
{
    /// <summary>Does the work once; a fault is logged and answered with false, only stopping goes through.</summary>
    public static async Task<bool> Try(
        Func<CancellationToken, Task> work, TimeSpan within, ILogger logger, string what, CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(within);
        try
        {
            await work(deadline.Token).WaitAsync(deadline.Token);
            return true;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            logger.TriedAgain(what, e.Message);
            return false;
        }
    }
}
