using System.Text;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;
using Billing.Rating;
using Npgsql;
using NpgsqlTypes;

namespace Billing.Invoicing;

/// <summary>
/// Drafts the accounts of a chunk: their basis in one round trip, rated in memory, drafts by COPY, exceptions, and the
/// marker last, all in one transaction.
/// </summary>
public sealed class ChunkDrafting(NpgsqlDataSource source, Plans plans)
{
    private static readonly byte[] EmptyNumber = Encoding.UTF8.GetBytes("{\"invoice\":\"\"");

    private const string BeginSql = """
        select r.utility, r.period, r.issued_on, r.due_on, r.plans, c.accounts, array(
            select e.account_no from run_exception e
            where e.run = m.run and e.code = 'already-invoiced'
              and e.account_no between c.accounts[1] and c.accounts[cardinality(c.accounts)])
        from run_chunk m join run r using (run) join run_cohort c using (run, chunk_no)
        where m.run = $1 and m.chunk_no = $2 and m.draft = $3 and m.drafted_at is null and r.state = 'drafting'
        for update of m
        """;

    private const string ExceptionsSql = """
        insert into run_exception as known (run, account_no, chunk_no, code, message, state, amount_fen)
        select $1, e.account_no, $2, e.code, e.message, 'open', e.fen
        from unnest($3::text[], $4::text[], $5::text[], $6::bigint[]) as e(account_no, code, message, fen)
        on conflict (run, account_no) do update set code = excluded.code, message = excluded.message,
          amount_fen = excluded.amount_fen
        """;

    /// <summary>
    /// Whoever was excluded by a person stays excluded, but is drafted, so that it can still be released.
    /// </summary>
    private const string ExcludedSql = """
        update run_exception e set amount_fen = d.amount_fen from {draft} d
        where e.run = $1 and e.state = 'excluded' and e.account_no between $3 and $4
          and d.chunk_no = $2 and d.account_no = e.account_no
        """;

    private const string MarkSql = """
        update run_chunk set drafted_at = clock_timestamp(), drafted = $3, drafted_fen = $4
        where run = $1 and chunk_no = $2
        """;

    /// <summary>Does the work unless it is done, or its draft is over.</summary>
    public async Task Execute(DraftChunk work, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await Begin(connection, work, cancellation) is not { } chunk)
            return;
        var documents = new Dictionary<PlanCode, Timeline>();
        foreach (var (plan, versions) in chunk.Versions)
            documents[plan] = await plans.Get(connection, plan, versions, cancellation);
        var bases = await BillingBasis.Read(
            connection, chunk.Accounts, chunk.Terms.Utility, chunk.Terms.Period,
            documents.Values.Any(plan => plan.NeedsYearToDate), cancellation);
        var outcomes = await Rate(connection, chunk, documents, bases, cancellation);
        await CopyDrafts(connection, work, chunk.Terms.Run, outcomes, cancellation);
        await Finish(connection, work, outcomes, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task<Chunk?> Begin(
        NpgsqlConnection connection, DraftChunk work, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(BeginSql, connection)
        {
            Parameters = { new() { Value = work.Run }, new() { Value = work.Chunk }, new() { Value = work.Draft } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var terms = new DraftTerms(
            RunName.Wrap(work.Run), Enum.Parse<Utility>(reader.GetString(0)), BillingPeriod.Wrap(reader.GetString(1)),
            reader.GetFieldValue<DateOnly>(2), reader.GetFieldValue<DateOnly>(3));
        var versions = JsonSerializer.Deserialize<Dictionary<PlanCode, PinnedVersions>>(
            reader.GetString(4), Wire.Stored)!;
        var accounts = reader.GetFieldValue<string[]>(5);
        var skipped = reader.GetFieldValue<string[]>(6);
        return new(terms, versions, skipped.Length == 0 ? accounts : [.. accounts.Except(skipped)]);
    }

    private static async Task<List<(BillingBasis Basis, Outcome Outcome)>> Rate(
        NpgsqlConnection connection, Chunk chunk, Dictionary<PlanCode, Timeline> documents,
        List<BillingBasis> bases, CancellationToken cancellation)
    {
        var last = await LastReadings.Read(connection, bases, chunk.Terms.Period, cancellation);
        var outcomes = new List<(BillingBasis, Outcome)>(bases.Count);
        foreach (var basis in bases)
        {
            var plan = basis.Plan is { } code ? documents.GetValueOrDefault(code) : null;
            outcomes.Add((basis, Drafting.Draft(chunk.Terms, basis, plan, last.Of(basis))));
        }
        return outcomes;
    }

    private static async Task CopyDrafts(
        NpgsqlConnection connection, DraftChunk work, RunName run, List<(BillingBasis Basis, Outcome Outcome)> outcomes,
        CancellationToken cancellation)
    {
        await using var writer = await connection.BeginBinaryImportAsync($"""
            copy {run.DraftTable} (chunk_no, account_no, amount_fen, net_fen, tax_fen, class, plan, plan_version, fact)
            from stdin (format binary)
            """, cancellation);
        foreach (var (basis, outcome) in outcomes)
        {
            if (outcome.Invoice is not { } invoice)
                continue;
            var fact = JsonSerializer.SerializeToUtf8Bytes(invoice, Wire.Stored);
            if (!fact.AsSpan().StartsWith(EmptyNumber))
                throw new InvalidOperationException("A draft's JSON must begin with its empty number.");
            writer.StartRow();
            writer.Write(work.Chunk, NpgsqlDbType.Integer);
            writer.Write(basis.Account.Value, NpgsqlDbType.Text);
            writer.Write(invoice.Amount.Fen, NpgsqlDbType.Bigint);
            writer.Write(invoice.Net.Fen, NpgsqlDbType.Bigint);
            writer.Write(invoice.Tax.Fen, NpgsqlDbType.Bigint);
            writer.Write(invoice.Class.ToString(), NpgsqlDbType.Text);
            writer.Write(invoice.Plan.Value, NpgsqlDbType.Text);
            writer.Write(invoice.Version, NpgsqlDbType.Integer);
            writer.Write(fact, NpgsqlDbType.Text);
        }
        await writer.CompleteAsync(cancellation);
    }

    private static async Task Finish(
        NpgsqlConnection connection, DraftChunk work, List<(BillingBasis Basis, Outcome Outcome)> outcomes,
        CancellationToken cancellation)
    {
        var exceptions = outcomes.FindAll(item => item.Outcome.Exception is not null);
        var drafts = outcomes.FindAll(item => item.Outcome.Invoice is not null);
        await using var batch = new NpgsqlBatch(connection);
        if (exceptions.Count > 0)
        {
            batch.BatchCommands.Add(new(ExceptionsSql)
            {
                Parameters =
                {
                    new() { Value = work.Run }, new() { Value = work.Chunk },
                    new() { Value = exceptions.ConvertAll(item => item.Basis.Account.Value) },
                    new() { Value = exceptions.ConvertAll(item => item.Outcome.Exception!.Code) },
                    new() { Value = exceptions.ConvertAll(item => item.Outcome.Exception!.Message) },
                    new() { Value = exceptions.ConvertAll(item => item.Outcome.Invoice?.Amount.Fen) },
                },
            });
        }
        if (work.Draft > 1 && outcomes.Count > 0)
        {
            var table = RunName.Wrap(work.Run).DraftTable;
            batch.BatchCommands.Add(new(ExcludedSql.Replace("{draft}", table, StringComparison.Ordinal))
            {
                Parameters =
                {
                    new() { Value = work.Run }, new() { Value = work.Chunk },
                    new() { Value = outcomes[0].Basis.Account.Value },
                    new() { Value = outcomes[^1].Basis.Account.Value },
                },
            });
        }
        batch.BatchCommands.Add(new(MarkSql)
        {
            Parameters =
            {
                new() { Value = work.Run }, new() { Value = work.Chunk }, new() { Value = drafts.Count },
                new() { Value = drafts.Sum(item => item.Outcome.Invoice!.Amount.Fen) },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private sealed record Chunk(DraftTerms Terms, Dictionary<PlanCode, PinnedVersions> Versions, string[] Accounts);
}
