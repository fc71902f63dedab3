using MassTransit;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// A redelivered message was in the hands of a process that ended, and may have ended it. Such messages are handled one
/// at a time; each attempt is recorded before it begins and deleted when it ends in any way but the end of the process.
/// A message that repeatedly kills its process is put aside with that reason, well before the broker would dead-letter
/// it together with those that were merely fetched with it.
/// </summary>
internal sealed class Suspects(NpgsqlDataSource source) : IDisposable
{
    private const int MostTries = 5;

    /// <summary>An attempt that takes longer is merely slow, and no longer keeps the others waiting.</summary>
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>The filter for a queue's messages.</summary>
    public IFilter<ConsumeContext> On(string queue) => new Watch(this, queue);

    public void Dispose() => _gate.Dispose();

    private async Task Handle(string queue, ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (!context.ReceiveContext.Redelivered || context.MessageId is not { } message)
        {
            await next.Send(context);
            return;
        }
        Task work;
        await _gate.WaitAsync(context.CancellationToken);
        try
        {
            work = Try(queue, message, context, next);
            await Task.WhenAny(work, Task.Delay(Alone));
        }
        finally
        {
            _gate.Release();
        }
        await work;
    }

    private async Task Try(string queue, Guid message, ConsumeContext context, IPipe<ConsumeContext> next)
    {
        var tries = await Outage.RetryPolicy.ExecuteAsync(
            async cancellation => (int)(await Ask("""
                insert into suspect as s (queue, message_id) values ($1, $2)
                on conflict (queue, message_id) do update set tries = s.tries + 1, tried_at = clock_timestamp()
                returning tries
                """, queue, message, cancellation))!,
            context.CancellationToken);
        try
        {
            if (tries > MostTries)
                throw new DeadlyMessageException(
                    $"The process ended {MostTries} times while it handled this message and no other that came again.");
            await next.Send(context);
        }
        finally
        {
            await Clear(queue, message);
        }
    }

    private async Task Clear(string queue, Guid message)
    {
        try
        {
            await Ask("delete from suspect where queue = $1 and message_id = $2", queue, message, default);
        }
        catch (NpgsqlException)
        {
            // The record stays and counts one attempt too many, for a message that is hardly redelivered.
        }
    }

    private async Task<object?> Ask(string sql, string queue, Guid message, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.Add(new() { Value = queue });
        command.Parameters.Add(new() { Value = message });
        return await command.ExecuteScalarAsync(cancellation);
    }

    private sealed class Watch(Suspects suspects, string queue) : IFilter<ConsumeContext>
    {
        public Task Send(ConsumeContext context, IPipe<ConsumeContext> next) => suspects.Handle(queue, context, next);

        public void Probe(ProbeContext context) => context.CreateFilterScope("suspects");
    }
}

/// <summary>Handling a message ends the process.</summary>
internal sealed class DeadlyMessageException(string message) : Exception(message);
