using System.Diagnostics;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Leadership of a task that only one process may run at a time. It lasts a few seconds and is renewed well before its
/// end. A leader that hangs, or cannot reach the database, loses it by its own clock before another process can take
/// it, and gets a new epoch when it takes it again.
/// </summary>
public sealed class Lease : IAsyncDisposable
{
    /// <summary>How long a lease lasts without renewal.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(4);

    /// <summary>How often a leader renews, and how often others try to take it.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(2);

    private readonly NpgsqlDataSource _source;
    private readonly string _holder;
    private readonly CancellationTokenSource _lost;

    private Lease(NpgsqlDataSource source, string name, string holder, long epoch, CancellationToken stopping)
    {
        (_source, Name, _holder, Epoch) = (source, name, holder, epoch);
        _lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    }

    /// <summary>The name of the task that is led.</summary>
    public string Name { get; }

    /// <summary>The epoch of this leadership; every later one is higher.</summary>
    public long Epoch { get; }

    /// <summary>Cancelled when the leadership ends.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Waits until no other process leads, then leads.</summary>
    public static async Task<Lease> Take(NpgsqlDataSource source, string name, CancellationToken stopping)
    {
        var holder = $"{Environment.MachineName}-{Environment.ProcessId}-{Ids.Next():n}";
        while (true)
        {
            var asked = Stopwatch.GetTimestamp();
            if (await Ask(source, name, holder, stopping) is { } epoch)
            {
                var lease = new Lease(source, name, holder, epoch, stopping);
                lease.EndAt(asked);
                return lease;
            }
            await Task.Delay(Beat, stopping);
        }
    }

    /// <summary>Extends the lease; false when it had already run out.</summary>
    public async Task<bool> Renew()
    {
        var asked = Stopwatch.GetTimestamp();
        try
        {
            if (await Ask(_source, Name, _holder, Lost) != Epoch)
                await _lost.CancelAsync();
            else if (!Lost.IsCancellationRequested)
                EndAt(asked);
        }
        catch (NpgsqlException) when (!Lost.IsCancellationRequested)
        {
            // Retried until the lease runs out by itself.
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        return !Lost.IsCancellationRequested;
    }

    /// <summary>Gives the lease up, so that the next leader need not wait for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lost.CancelAsync();
        _lost.Dispose();
        try
        {
            await using var end = _source.CreateCommand(
                "update lease set until = clock_timestamp() where name = $1 and epoch = $2");
            end.CommandTimeout = (int)Answer.TotalSeconds;
            end.Parameters.Add(new() { Value = Name });
            end.Parameters.Add(new() { Value = Epoch });
            await end.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            // It runs out by itself.
        }
    }

    /// <summary>Takes or renews the lease: renewed by its holder it keeps its epoch unless it had run out.</summary>
    private static async Task<long?> Ask(
        NpgsqlDataSource source, string name, string holder, CancellationToken cancellation)
    {
        await using var ask = source.CreateCommand("""
            insert into lease as l (name, holder, epoch, until) values ($1, $2, 1, clock_timestamp() + $3)
            on conflict (name) do update set holder = $2, until = clock_timestamp() + $3,
              epoch = l.epoch + case when l.holder = $2 and l.until >= clock_timestamp() then 0 else 1 end
            where l.holder = $2 or l.until < clock_timestamp()
            returning epoch
            """);
        ask.CommandTimeout = (int)Answer.TotalSeconds;
        ask.Parameters.Add(new() { Value = name });
        ask.Parameters.Add(new() { Value = holder });
        ask.Parameters.Add(new() { Value = Length });
        return (long?)await ask.ExecuteScalarAsync(cancellation);
    }

    /// <summary>
    /// Computes the end by this process's own clock, counted from the time of the request: earlier than by the
    /// database's.
    /// </summary>
    private void EndAt(long asked)
    {
        var left = Length - Stopwatch.GetElapsedTime(asked);
        _lost.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }
}
