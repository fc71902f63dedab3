namespace Billing.Tools;

/// <summary>Waits until everything published has been consumed by every receiver.</summary>
internal static class Arrival
{
    /// <summary>
    /// The age after which the management API's counts can be relied on: a quorum queue reports its number of messages,
    /// including unacknowledged ones, every five seconds, and the API reads the reports as often, so that a later count
    /// is from after the request.
    /// </summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(11);

    /// <summary>
    /// Waits until each queue of the services has been seen empty, including error queues and dead letters: then
    /// everything published before this call has been applied. Returns the queues that were not empty.
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
