using Billing.Contracts;
using Billing.Platform;
using MassTransit;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Consumes the chunks of runs, in any number of processes. A chunk and its marker are one transaction, so a process
/// that is killed loses the chunk in hand and nothing else, and a chunk that is already done is skipped. While the
/// database is away the chunk waits, here or in its queue; any other failure is recorded at its marker. A process
/// without the sealing key leaves the completion of a run to one that has it.
/// </summary>
public sealed class Chunks(
    ChunkDrafting drafting, ChunkPosting posting, ChunkFailures failures, EventStore store, NpgsqlDataSource source,
    ILogger<Chunks> logger,
    ManifestKey? key = null)
    : IConsumer<DraftChunk>, IConsumer<PostChunk>
{
    public Task Consume(ConsumeContext<DraftChunk> context) => Work(
        context, token => drafting.Execute(context.Message, token),
        (fault, token) => failures.Keep(context.Message, fault, token));

    public Task Consume(ConsumeContext<PostChunk> context) => Work(
        context,
        async token =>
        {
            if (await posting.Execute(context.Message, token) && key is not null)
                await Complete(context.Message.Run, key, token);
        },
        (fault, token) => failures.Keep(context.Message, fault, token));

    private async Task Work<T>(
        ConsumeContext<T> context, Func<CancellationToken, Task> work, Func<Exception, CancellationToken, Task> keep)
        where T : class
    {
        Enter(context);
        try
        {
            await Outage.RetryPolicy.ExecuteAsync(
                async token => await Database.Writing(source, () => work(token)), context.CancellationToken);
        }
        catch (NpgsqlException e) when (Faults.IsAway(e))
        {
            throw;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The marker knows what is to be done, so the message is no longer needed; the StalledRunWatcher sends
            // another one.
            logger.WorkFailed(e, context.Message);
            await Outage.RetryPolicy.ExecuteAsync(
                async token => await Database.Writing(source, () => keep(e, token)), context.CancellationToken);
        }
    }

    private async Task Complete(RunName run, ManifestKey seal, CancellationToken cancellation)
    {
        var completed = await CompleteRun.Execute(store, seal, run, cancellation);
        if (completed.Rejection == CompleteRun.DoesNotAddUp)
            logger.DoesNotAddUp(run);
    }

    private static void Enter(ConsumeContext context) =>
        Actor.Current = new("service:invoicing", "invoicing.chunks", context.MessageId?.ToString());
}
