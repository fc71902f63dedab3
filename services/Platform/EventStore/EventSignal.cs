using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Wakes readers after commits. A commit in this process wakes its own readers at once and those of other processes by
/// one NOTIFY for many commits, sent after the commit: inside the transaction, NOTIFY would serialize all commits of
/// the server. A lost notification is harmless, because readers also poll.
/// </summary>
public sealed class EventSignal(NpgsqlDataSource source, ILogger<EventSignal> logger)
{
    private const string ChannelName = "billing_events";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly Channel<bool> _outgoing = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private TaskCompletionSource _next = New();
    private long _commits;

    /// <summary>Signals that events were committed.</summary>
    public void Committed()
    {
        Wake();
        _outgoing.Writer.TryWrite(true);
    }

    /// <summary>The number of commits signalled.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Completes at the next commit after the call.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    internal Task Run(CancellationToken stopping) =>
        Task.WhenAll(Again(Send, stopping), Again(Listen, stopping));

    private void Wake()
    {
        Interlocked.Increment(ref _commits);
        Interlocked.Exchange(ref _next, New()).TrySetResult();
    }

    private async Task Send(CancellationToken stopping)
    {
        while (await _outgoing.Reader.WaitToReadAsync(stopping))
        {
            _outgoing.Reader.TryRead(out _);
            await using var command = source.CreateCommand($"notify {ChannelName}");
            await command.ExecuteNonQueryAsync(stopping);
            await Task.Delay(Pause, stopping);
        }
    }

    private async Task Listen(CancellationToken stopping)
    {
        await using var connection = await source.OpenConnectionAsync(stopping);
        connection.Notification += (_, _) => Wake();
        await using (var listen = new NpgsqlCommand($"listen {ChannelName}", connection))
            await listen.ExecuteNonQueryAsync(stopping);
        while (!stopping.IsCancellationRequested)
            await connection.WaitAsync(stopping);
    }

    private async Task Again(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                logger.NotificationsInterrupted(e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stopping)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
