using System.Threading.Channels;

namespace Billing.Platform;

/// <summary>
/// Collects the requests of concurrent callers into batches: whatever waits when a batch is done is the next one, so
/// that no request waits for others and a busy service does fewer, larger round trips.
/// </summary>
/// <typeparam name="T">A request, which carries the means to answer it.</typeparam>
/// <param name="most">The largest number of requests in a batch; sixteen times as many may wait.</param>
/// <param name="answer">Answers all requests of a batch, whatever happens; it does not throw.</param>
/// <param name="cancel">Answers a request that still waits when the service stops.</param>
public sealed class Batches<T>(int most, Func<IReadOnlyList<T>, Task> answer, Action<T> cancel)
{
    private readonly Channel<T> _queue = Channel.CreateBounded<T>(most * 16);

    /// <summary>Hands a request in; waits while too many wait already.</summary>
    public ValueTask Add(T request, CancellationToken cancellation) => _queue.Writer.WriteAsync(request, cancellation);

    /// <summary>Answers requests until the service stops.</summary>
    /// <param name="stopping">The service stops.</param>
    /// <param name="lanes">How many batches are answered at once.</param>
    public Task Run(CancellationToken stopping, int lanes = 1) =>
        Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(() => Loop(stopping), CancellationToken.None)));

    private async Task Loop(CancellationToken stopping)
    {
        var batch = new List<T>(most);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stopping))
            {
                batch.Clear();
                while (batch.Count < most && _queue.Reader.TryRead(out var request))
                    batch.Add(request);
                if (batch.Count > 0)
                    await answer(batch);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            while (_queue.Reader.TryRead(out var request))
                cancel(request);
        }
    }
}
