using Dapper;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Records at a chunk's marker why its work failed. It is sent again a few times; after that the run shows the reason,
/// and a person posts or drafts the run again, or abandons it.
/// </summary>
public sealed class ChunkFailures(NpgsqlDataSource source)
{
    /// <summary>How often the work of a chunk is attempted in one phase of its run.</summary>
    internal const int MostAttempts = 5;

    private const int LongestFault = 300;

    private const string DraftSql = """
        update run_chunk set attempts = attempts + 1, fault = @fault
        where run = @Run and chunk_no = @Chunk and draft = @Draft and drafted_at is null
        """;

    private const string PostSql = """
        update run_chunk set attempts = attempts + 1, fault = @fault
        where run = @Run and chunk_no = @Chunk and numbered_at is not null and posted_at is null
        """;

    /// <summary>Records that the drafting of a chunk failed.</summary>
    internal Task Keep(DraftChunk work, Exception e, CancellationToken cancellation) =>
        Keep(DraftSql, new { Run = work.Run.Value, work.Chunk, work.Draft, fault = Reason(e) }, cancellation);

    /// <summary>Records that the posting of a chunk failed.</summary>
    internal Task Keep(PostChunk work, Exception e, CancellationToken cancellation) =>
        Keep(PostSql, new { Run = work.Run.Value, work.Chunk, fault = Reason(e) }, cancellation);

    private async Task Keep(string sql, object facts, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(sql, facts, cancellationToken: cancellation));
    }

    private static string Reason(Exception e)
    {
        var reason = e is PostgresException { MessageText: var text } ? text : e.Message;
        return reason.Length > LongestFault ? reason[..LongestFault] : reason;
    }
}
