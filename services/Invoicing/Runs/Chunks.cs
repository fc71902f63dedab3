using Billing.Platform;
using MassTransit;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Billing.Invoicing;

/// <summary>
/// Takes chunks from the queue, in any number of processes. A chunk and its marker are one transaction, so a process
/// that is killed loses the chunk in hand and nothing else, and a chunk that comes again is left alone. While the
/// database is away the chunk waits.
/// </summary>
public sealed class Chunks(ChunkDrafting drafting, ChunkPosting posting, EventStore store, ILogger<Chunks> logger)
    : IConsumer<DraftChunk>, IConsumer<PostChunk>
{
    private static readonly ResiliencePipeline Patience = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            Delay = TimeSpan.FromMilliseconds(100),
            MaxDelay = TimeSpan.FromSeconds(5),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<NpgsqlException>(IsAway),
        })
        .Build();

    public Task Consume(ConsumeContext<DraftChunk> context)
    {
        Enter(context);
        return Patience.ExecuteAsync(
            async token => await drafting.Execute(context.Message, token), context.CancellationToken).AsTask();
    }

    public Task Consume(ConsumeContext<PostChunk> context)
    {
        Enter(context);
        return Patience.ExecuteAsync(async token =>
        {
            if (await posting.Execute(context.Message, token))
                await Complete(RunName.Wrap(context.Message.Run), token);
        }, context.CancellationToken).AsTask();
    }

    private async Task Complete(RunName run, CancellationToken cancellation)
    {
        var completed = await CompleteRun.Execute(store, run, cancellation);
        if (completed.Rejection == CompleteRun.DoesNotAddUp)
            logger.LogError("Run {Run} is posted but does not add up", run);
    }

    private static void Enter(ConsumeContext context) =>
        Actor.Current = new("service:invoicing", "invoicing.chunks", context.MessageId?.ToString());

    /// <summary>Lost connections, and a server that is shutting down or starting.</summary>
    private static bool IsAway(NpgsqlException e) =>
        e.IsTransient || e is PostgresException { SqlState: "57P01" or "57P02" or "57P03" };
}
