using System.Threading.Channels;
using Billing.Contracts;
using Billing.Platform;
using Dapper;
using MassTransit;
using Npgsql;
using Channel = System.Threading.Channels.Channel;

namespace Billing.Invoicing;

/// <summary>A work item of a run: draft these accounts. Private to Invoicing.</summary>
/// <param name="Run">The run.</param>
/// <param name="Draft">The draft it belongs to; work for an earlier draft is ignored.</param>
/// <param name="Chunk">The chunk.</param>
public sealed record DraftChunk(RunName Run, int Draft, int Chunk);

/// <summary>A work item of a run: post these drafts. Private to Invoicing.</summary>
/// <param name="Run">The run.</param>
/// <param name="Chunk">The chunk.</param>
public sealed record PostChunk(RunName Run, int Chunk);

/// <summary>
/// Puts work items on the queue. The database records what is to be done, the queue only distributes it: a lost item is
/// sent again, and a duplicate finds its chunk done. Callers do not wait for the broker.
/// </summary>
public sealed class WorkItems(NpgsqlDataSource source, IBus bus, ILogger<WorkItems> logger) : BackgroundService
{
    private const int PerBatch = 500;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(15);

    private readonly Channel<RunName> _wanted = Channel.CreateUnbounded<RunName>();

    /// <summary>Requests that the remaining work of a run be sent soon.</summary>
    public void Want(RunName run) => _wanted.Writer.TryWrite(run);

    /// <summary>
    /// Sends every chunk of a run that is not done in the run's present phase and has not failed too often; returns how
    /// many.
    /// </summary>
    public async Task<int> Enqueue(RunName run, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var left = (await connection.QueryAsync<(int Draft, int Chunk, bool Posting)>("""
            select c.draft, c.chunk_no, r.state = 'posting' from run_chunk c join run r using (run)
            where run = @run and case r.state
              when 'drafting' then c.drafted_at is null when 'posting' then c.posted_at is null else false end
              and c.attempts < @MostAttempts
            order by c.chunk_no
            """, new { run = run.Value, ChunkFailures.MostAttempts })).ToList();
        foreach (var some in left.Chunk(PerBatch))
        {
            await bus.PublishBatch(
                some.Where(chunk => !chunk.Posting)
                    .Select(chunk => new DraftChunk(run, chunk.Draft, chunk.Chunk)),
                cancellation);
            await bus.PublishBatch(
                some.Where(chunk => chunk.Posting).Select(chunk => new PostChunk(run, chunk.Chunk)),
                cancellation);
        }
        return left.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var run in _wanted.Reader.ReadAllAsync(stoppingToken))
        {
            // What could not be sent is found and sent by the StalledRunWatcher.
            await RetryForever.Try(
                token => Enqueue(run, token), RetryInterval, logger, $"Sending the work of {run}", stoppingToken);
        }
    }
}
