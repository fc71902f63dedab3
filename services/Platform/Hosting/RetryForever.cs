using Microsoft.Extensions.Logging;

namespace Billing.Platform;

/// <summary>
/// For work that runs for the life of a service. The loss of a broker or a database shows as many kinds of exception,
/// including disposed objects of client libraries; none of them may end the service.
/// </summary>
public static class RetryForever
{
    /// <summary>Runs the work once; a fault is logged and returned as false, and only cancellation is thrown.</summary>
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
