using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Gives out the sealed manifest of a posted run and the lines it covers. A manifest is made when it is first asked for
/// and stays as it was. The key is <c>Billing:ManifestKey</c> (a PEM private key); without one the service makes a key
/// for itself and keeps it in its database, which proves who changed nothing, but not against whoever owns the
/// database.
/// </summary>
public static class RunManifest
{
    public static readonly Rejection NotPosted = Rejection.Conflict(
        "run-not-posted", "A run has a manifest when all of it is posted.");

    /// <summary>Checks the configured key, if there is one, before the service starts.</summary>
    /// <exception cref="InvalidConfigurationException">It is no private key for ECDSA.</exception>
    public static void CheckKey(IConfiguration configuration)
    {
        if (configuration["Billing:ManifestKey"] is not { Length: > 0 } pem)
            return;
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            key.SignHash(new byte[SHA256.HashSizeInBytes]);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new InvalidConfigurationException("Billing:ManifestKey is not a PEM private key for ECDSA.", e);
        }
    }

    private const string LinesSql = """
        select concat_ws(',', invoice_no, account_no, utility, period, class, plan, plan_version, amount_fen, net_fen,
          tax_fen)
        from invoice where invoice_no between $1 and $2 order by invoice_no
        """;

    public static void MapManifest(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/runs/{run}/manifest", Get).WithName(nameof(Manifest));
        routes.MapGet("/runs/{run}/manifest/lines", GetLines).WithName("ManifestLines");
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> Get(
        RunName run, EventStore store, NpgsqlDataSource source, IConfiguration configuration,
        CancellationToken cancellation)
    {
        var (state, _) = await store.Load(Run.Stream(run), cancellation);
        if (state is not Run.Done done)
            return (state is Run.None ? Run.Unknown : NotPosted).ToProblem();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var document = await Kept(connection, run);
        if (document is null)
        {
            var manifest = await Make(source, connection, done, configuration["Billing:ManifestKey"], cancellation);
            await connection.ExecuteAsync(
                "insert into run_manifest (run, document) values (@run, @document) on conflict do nothing",
                new { run = run.Value, document = JsonSerializer.Serialize(manifest, Wire.Stored) });
            document = await Kept(connection, run);
        }
        return TypedResults.Text(document!, "application/json");
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> GetLines(
        RunName run, EventStore store, NpgsqlDataSource source, CancellationToken cancellation)
    {
        var (state, _) = await store.Load(Run.Stream(run), cancellation);
        if (state is not Run.Done done)
            return (state is Run.None ? Run.Unknown : NotPosted).ToProblem();
        return TypedResults.Stream(async body =>
        {
            await using var writer = new StreamWriter(body) { NewLine = "\n" };
            await foreach (var line in Lines(source, done, cancellation))
                await writer.WriteLineAsync(line);
        }, "text/csv");
    }

    private static Task<string?> Kept(NpgsqlConnection connection, RunName run) =>
        connection.QuerySingleOrDefaultAsync<string>(
            "select document from run_manifest where run = @run", new { run = run.Value });

    private static async Task<Manifest> Make(
        NpgsqlDataSource source, NpgsqlConnection connection, Run.Done run, string? configuredKey,
        CancellationToken cancellation)
    {
        using var sums = new ManifestSums();
        await foreach (var line in Lines(source, run, cancellation))
            sums.Add(line);
        var exceptions = await connection.QueryAsync<ManifestException>("""
            select code, state, count(*)::int as accounts from run_exception where run = @run and state <> 'released'
            group by code, state order by code, state
            """, new { run = run.Facts.Run.Value });
        var (first, last) = NumbersOf(run);
        var (facts, result) = (run.Facts, run.Result);
        using var key = await Key(connection, configuredKey);
        return new Manifest(
            facts.Run.Value, facts.Utility, facts.Period, facts.IssuedOn, facts.DueOn, facts.Cohort, result.Issued,
            result.Excepted, result.Excluded, first, last, sums.Amount, sums.Net, sums.Tax, sums.Totals(),
            [.. exceptions],
            sums.Hash(), "", "").Seal(key);
    }

    private static async IAsyncEnumerable<string> Lines(
        NpgsqlDataSource source, Run.Done run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (first, last) = NumbersOf(run);
        await using var command = source.CreateCommand(LinesSql);
        command.Parameters.Add(new() { Value = first });
        command.Parameters.Add(new() { Value = last });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            yield return reader.GetString(0);
    }

    private static (string First, string Last) NumbersOf(Run.Done run)
    {
        if (run.Started.Invoices == 0)
            return ("", "");
        var prefix = ChunkPosting.Prefix(run.Facts.Utility, run.Facts.Period);
        var first = run.Started.FirstNo;
        return ($"{prefix}{first:00000000}", $"{prefix}{first + run.Started.Invoices - 1:00000000}");
    }

    private static async Task<ECDsa> Key(NpgsqlConnection connection, string? configured)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (string.IsNullOrEmpty(configured))
        {
            await connection.ExecuteAsync(
                "insert into manifest_key (id, pem) values (1, @pem) on conflict do nothing",
                new { pem = key.ExportPkcs8PrivateKeyPem() });
            configured = await connection.QuerySingleAsync<string>("select pem from manifest_key where id = 1");
        }
        key.ImportFromPem(configured);
        return key;
    }
}
