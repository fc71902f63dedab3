namespace Billing.Tools;

/// <summary>Whether what was published has arrived everywhere.</summary>
internal static class Arrival
{
    /// <summary>
    /// Every five seconds a quorum queue tells the broker's page how many messages it holds, those in a consumer's
    /// hands with them, and the page looks as often: what it shows later than this is from after the question.
    /// </summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(11);

    /// <summary>
    /// Waits until each queue of the services has been seen empty, error queues and dead letters with it: then
    /// everything that had been published when this was called has had its effect. Answers the queues that were not.
    /// </summary>
    public static async Task<IReadOnlyList<string>> Wait(
        Queues queues, TimeSpan patience, CancellationToken cancellation)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Task.Delay(Age, cancellation);
        var waiting = (await queues.Ours(cancellation)).Select(queue => queue.Name).ToHashSet(StringComparer.Ordinal);
        while (true)
        {
            foreach (var queue in await queues.Ours(cancellation))
            {
                if (queue.Messages == 0)
                    waiting.Remove(queue.Name);
            }
            if (waiting.Count == 0 || watch.Elapsed > Age + patience)
                return [.. waiting.Order(StringComparer.Ordinal)];
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
    }
}
