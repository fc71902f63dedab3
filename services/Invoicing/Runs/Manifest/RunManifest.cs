using System.Runtime.CompilerServices;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Seals a run in the transaction that completes it, and serves the manifest and the lines it covers. A query for a
/// manifest never makes one, and no run is sealed a second time automatically.
/// </summary>
public static class RunManifest
{
    public static readonly Rejection NotPosted = Rejection.Conflict(
        "run-not-posted", "A run has a manifest when all of it is posted.");
    public static readonly Rejection NotSealed = Rejection.Conflict(
        "run-not-sealed",
        "The run has no seal: it was posted by an earlier version, or the seal was removed. A person can seal the "
        + "bills as they are now (POST /runs/{run}/seal); the manifest says so.");

    private const int SecondsToRead = 600;

    private const string LinesSql = """
        select concat_ws(',', invoice_no, account_no, utility, period, class, plan, plan_version, amount_fen, net_fen,
          tax_fen)
        from invoice where invoice_no between $1 and $2 order by invoice_no
        """;

    public static void MapManifest(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/runs/{run}/manifest", Get).WithName(nameof(Manifest)).RequireRight(Right.ReadRuns)
            .WithSummary("Returns the sealed manifest of a posted run.")
            .Produces<Manifest>()
            .Refuses(NotPosted, NotSealed, BillingRun.Unknown);
        routes.MapGet("/runs/{run}/manifest/lines", GetLines)
            .WithName("ManifestLines").RequireRight(Right.ExportInvoices)
            .WithSummary("Exports every invoice of a posted run, one per line, as covered by its manifest.")
            .Produces<string>(200, "text/csv")
            .Refuses(NotPosted, BillingRun.Unknown);
    }

    /// <summary>
    /// Seals a run as it is completed. Returns the sum of the invoices in the table: when it differs from the sum
    /// posted, nothing is sealed.
    /// </summary>
    internal static async Task<Money> Seal(
        NpgsqlConnection connection, ManifestKey key, RunFrozen facts, RunPostingStarted started, RunPosted result,
        CancellationToken cancellation)
    {
        var manifest = await Make(connection, facts, started, result, cancellation);
        if ((manifest.Issued, manifest.Amount) == (result.Issued, result.Amount))
            await Write(connection, key, manifest);
        return manifest.Amount;
    }

    /// <summary>Signs a manifest and stores it, replacing any other for the run.</summary>
    internal static Task Write(NpgsqlConnection connection, ManifestKey key, Manifest manifest) =>
        connection.ExecuteAsync(
            """
            insert into run_manifest (run, document) values (@run, @document)
            on conflict (run) do update set document = excluded.document
            """,
            new { run = manifest.Run.Value, document = key.Seal(manifest).ToJson() });

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> Get(
        RunName run, NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var (state, document) = await connection.QuerySingleOrDefaultAsync<(RunState?, string?)>(new CommandDefinition(
            "select r.state, m.document from run r left join run_manifest m using (run) where r.run = @run",
            new { run = run.Value }, cancellationToken: cancellation));
        return document is not null
            ? TypedResults.Text(document, "application/json")
            : (state is null ? BillingRun.Unknown : state == RunState.Posted ? NotSealed : NotPosted).ToProblem();
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> GetLines(
        RunName run, EventStore store, NpgsqlDataSource source, CancellationToken cancellation)
    {
        var (state, _) = await store.Load(BillingRun.Stream(run), cancellation);
        if (state is not BillingRun.Done done)
            return (state is BillingRun.None ? BillingRun.Unknown : NotPosted).ToProblem();
        return TypedResults.Stream(async body =>
        {
            await using var writer = new StreamWriter(body) { NewLine = "\n" };
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await foreach (var line in Lines(connection, done.Facts, done.Started, cancellation))
                await writer.WriteLineAsync(line);
        }, "text/csv");
    }

    /// <summary>The manifest of a run's bills as they are in the table now, without a seal.</summary>
    internal static async Task<Manifest> Make(
        NpgsqlConnection connection, RunFrozen facts, RunPostingStarted started, RunPosted result,
        CancellationToken cancellation)
    {
        using var sums = new ManifestSums();
        await foreach (var line in Lines(connection, facts, started, cancellation))
            sums.Add(line + "\n");
        var exceptions = await connection.QueryAsync<ManifestException>("""
            select code, state, count(*)::int as accounts from run_exception where run = @run and state <> 'released'
            group by code, state order by code, state
            """, new { run = facts.Run.Value });
        var (first, last) = NumbersOf(facts, started);
        return new(
            facts.Run, facts.Utility, facts.Period, facts.IssuedOn, facts.DueOn, facts.Cohort, sums.Invoices,
            result.Excepted, result.Excluded, first, last, sums.Amount, sums.Net, sums.Tax, sums.Totals(),
            [.. exceptions], sums.Hash(), "", "");
    }

    private static async IAsyncEnumerable<string> Lines(
        NpgsqlConnection connection, RunFrozen facts, RunPostingStarted started,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (first, last) = NumbersOf(facts, started);
        await using var command = new NpgsqlCommand(LinesSql, connection) { CommandTimeout = SecondsToRead };
        command.Parameters.Add(new() { Value = first });
        command.Parameters.Add(new() { Value = last });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            yield return reader.GetString(0);
    }

    private static (string First, string Last) NumbersOf(RunFrozen facts, RunPostingStarted started)
    {
        if (started.Invoices == 0)
            return ("", "");
        var prefix = ChunkPosting.Prefix(facts.Utility, facts.Period);
        return ($"{prefix}{started.FirstNo:00000000}", $"{prefix}{started.FirstNo + started.Invoices - 1:00000000}");
    }
}
