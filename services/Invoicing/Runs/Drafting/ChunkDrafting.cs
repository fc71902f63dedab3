using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;
using Billing.Rating;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Drafts the accounts of a chunk: reads their basis in one round trip, rates in memory, writes drafts by COPY, then
/// exceptions, and the marker last, all in one transaction.
/// </summary>
public sealed class ChunkDrafting(NpgsqlDataSource source, Plans plans, ILogger<ChunkDrafting> logger)
{
    private static readonly Table<(int Chunk, Draft Draft)> Drafts = new Table<(int Chunk, Draft Draft)>("run_draft")
        .Column("chunk_no", row => row.Chunk)
        .Including(Invoices.Drafted, row => row.Draft.Outcome.Invoice!)
        .TextColumn("fact", row => row.Draft.Fact!)
        .Column("supply_version", row => row.Draft.SupplyVersion)
        .Column("basis", row => row.Draft.Basis);

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
    /// Accounts excluded by a person stay excluded, but are drafted, so that they can still be released.
    /// </summary>
    private const string ExcludedSql = """
        update run_exception e set amount_fen = d.amount_fen from {draft} d
        where e.run = $1 and e.state = 'excluded' and e.account_no between $3 and $4
          and d.chunk_no = $2 and d.account_no = e.account_no
        """;

    private const string MarkSql = """
        update run_chunk set drafted_at = clock_timestamp(), drafted = $3, drafted_fen = $4, fault = null
        where run = $1 and chunk_no = $2
        """;

    /// <summary>Drafts a chunk unless it is done already, or its draft has been replaced.</summary>
    public async Task Execute(DraftChunk work, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await Begin(connection, work, cancellation) is not { } chunk)
            return;
        var documents = new Dictionary<PlanCode, PlanSchedule>();
        foreach (var (plan, versions) in chunk.Versions)
            documents[plan] = await plans.Get(connection, plan, versions, cancellation);
        var yearToDate = documents.Values.Any(plan => plan.NeedsYearToDate);
        var (bases, unreadable) = await ReadBases(connection, chunk, yearToDate, cancellation);
        var drafts = await Rate(connection, chunk, documents, bases, cancellation);
        await Drafts.Copy(
            connection, [.. drafts.Where(draft => draft.Fact is not null).Select(draft => (work.Chunk, draft))],
            chunk.Terms.Run.DraftTable(), cancellation);
        await Finish(connection, work, [.. drafts, .. unreadable], cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>
    /// Reads the facts of all accounts at once; if those of one are unreadable, each account's separately, so that it
    /// does not affect the others.
    /// </summary>
    private async Task<(List<BillingBasis> Bases, List<Draft> Unreadable)> ReadBases(
        NpgsqlConnection connection, Chunk chunk, bool yearToDate, CancellationToken cancellation)
    {
        var (bases, unreadable) = (new List<BillingBasis>(chunk.Accounts.Length), new List<Draft>());
        if (!await Add(chunk.Accounts))
        {
            foreach (var account in chunk.Accounts)
                await Add([account]);
        }
        return (bases, unreadable);

        async Task<bool> Add(string[] accounts)
        {
            try
            {
                bases.AddRange(await BillingBasis.Read(
                    connection, accounts, chunk.Terms.Utility, chunk.Terms.Period, yearToDate, cancellation));
                return true;
            }
            catch (Exception e) when (e is not (OperationCanceledException or NpgsqlException))
            {
                if (accounts is [var only])
                    unreadable.Add(Faulty(AccountNo.Wrap(only), e));
                return false;
            }
        }
    }

    private static async Task<Chunk?> Begin(
        NpgsqlConnection connection, DraftChunk work, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(BeginSql, connection)
        {
            Parameters =
            {
                new() { Value = work.Run.Value }, new() { Value = work.Chunk }, new() { Value = work.Draft },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var terms = new DraftTerms(
            work.Run, Enum.Parse<Utility>(reader.GetString(0)), BillingPeriod.Wrap(reader.GetString(1)),
            reader.GetFieldValue<DateOnly>(2), reader.GetFieldValue<DateOnly>(3));
        var versions = JsonSerializer.Deserialize<Dictionary<PlanCode, PinnedVersions>>(
            reader.GetString(4), Wire.Stored)!;
        var accounts = reader.GetFieldValue<string[]>(5);
        var skipped = reader.GetFieldValue<string[]>(6);
        return new(terms, versions, skipped.Length == 0 ? accounts : [.. accounts.Except(skipped)]);
    }

    private async Task<List<Draft>> Rate(
        NpgsqlConnection connection, Chunk chunk, Dictionary<PlanCode, PlanSchedule> documents,
        List<BillingBasis> bases, CancellationToken cancellation)
    {
        var last = await LastReadings.Read(connection, bases, chunk.Terms.Period, cancellation);
        return bases.ConvertAll(basis =>
        {
            try
            {
                var plan = basis.Plan is { } code ? documents.GetValueOrDefault(code) : null;
                var outcome = Drafting.Draft(chunk.Terms, basis, plan, last.Of(basis));
                return outcome.Invoice is { } invoice
                    ? new Draft(basis.Account, outcome)
                    {
                        Fact = JsonSerializer.SerializeToUtf8Bytes(invoice, Wire.Stored),
                        SupplyVersion = basis.SupplyVersion,
                        Basis = DraftBasis.Of(basis, plan, chunk.Terms.Period, last.Of(basis)),
                    }
                    : new Draft(basis.Account, outcome);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return Faulty(basis.Account, e);
            }
        });
    }

    /// <summary>The exception for an account whose drafting failed; the others are not affected.</summary>
    private Draft Faulty(AccountNo account, Exception e)
    {
        logger.NotDrafted(e, account);
        return new(account, new(null, Drafting.RatingFault.With($"{Drafting.RatingFault.Message} {e.Message}")));
    }

    private static async Task Finish(
        NpgsqlConnection connection, DraftChunk work, List<Draft> outcomes, CancellationToken cancellation)
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
                    new() { Value = work.Run.Value }, new() { Value = work.Chunk },
                    new() { Value = exceptions.ConvertAll(item => item.Account.Value) },
                    new() { Value = exceptions.ConvertAll(item => item.Outcome.Exception!.Code) },
                    new() { Value = exceptions.ConvertAll(item => item.Outcome.Exception!.Message) },
                    new() { Value = exceptions.ConvertAll(item => item.Outcome.Invoice?.Amount.Fen) },
                },
            });
        }
        var accounts = outcomes.ConvertAll(item => item.Account.Value).Order(StringComparer.Ordinal).ToList();
        if (work.Draft > 1 && accounts.Count > 0)
        {
            var table = work.Run.DraftTable();
            batch.BatchCommands.Add(new(ExcludedSql.Replace("{draft}", table, StringComparison.Ordinal))
            {
                Parameters =
                {
                    new() { Value = work.Run.Value }, new() { Value = work.Chunk },
                    new() { Value = accounts[0] }, new() { Value = accounts[^1] },
                },
            });
        }
        batch.BatchCommands.Add(new(MarkSql)
        {
            Parameters =
            {
                new() { Value = work.Run.Value }, new() { Value = work.Chunk }, new() { Value = drafts.Count },
                new() { Value = drafts.Sum(item => item.Outcome.Invoice!.Amount.Fen) },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private sealed record Draft(AccountNo Account, Outcome Outcome)
    {
        /// <summary>The JSON of the invoice; null when there is none.</summary>
        public byte[]? Fact { get; init; }

        public long SupplyVersion { get; init; }

        public byte[] Basis { get; init; } = [];
    }

    private sealed record Chunk(DraftTerms Terms, Dictionary<PlanCode, PinnedVersions> Versions, string[] Accounts);
}
