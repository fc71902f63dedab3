using System.Globalization;
using Billing.Contracts.Api;
using Billing.Contracts;
using Billing.Platform;
using CsvHelper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Customers;

/// <summary>
/// All refused lines of an import, stored so that a file with a million mistakes still gets a short answer.
/// </summary>
public static class ImportRefusals
{
    public static readonly Rejection ImportUnknown = Rejection.NotFound(
        "import-unknown", "There is no import with this id.");

    public static void MapImportRefusals(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/imports/{import:guid}/refusals", Get)
            .WithName("ImportRefusals").RequireRight(Right.ImportAccounts)
            .WithSummary("Exports the refused lines of an import with reasons.")
            .Produces<string>(200, "text/csv")
            .Refuses(ImportUnknown);

    /// <summary>Deletes the refusals of an earlier attempt, because a new one decides every line afresh.</summary>
    internal static async Task Begin(NpgsqlDataSource source, Guid import, CancellationToken cancellation)
    {
        await using var begin = source.CreateBatch();
        foreach (var sql in (string[])[
            "insert into imports (import_id) values ($1) on conflict do nothing",
            "delete from import_refusals where import_id = $1"])
            begin.BatchCommands.Add(new(sql) { Parameters = { new() { Value = import } } });
        await begin.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Stores refusals in the transaction of the accepted lines; a repeated attempt stores the same lines once.
    /// </summary>
    internal static async Task Keep(
        NpgsqlConnection connection, Guid import, IReadOnlyList<RefusedAccountLine> refused,
        CancellationToken cancellation)
    {
        if (refused.Count == 0)
            return;
        await using var keep = new NpgsqlCommand("""
            insert into import_refusals (import_id, line, account, field, code, message)
            select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])
            on conflict do nothing
            """, connection);
        keep.Parameters.Add(new() { Value = import });
        keep.Parameters.Add(new() { Value = refused.Select(line => line.Line).ToArray() });
        keep.Parameters.Add(new() { Value = refused.Select(line => line.Account).ToArray() });
        keep.Parameters.Add(new() { Value = refused.Select(line => line.Field).ToArray() });
        keep.Parameters.Add(new() { Value = refused.Select(line => line.Code).ToArray() });
        keep.Parameters.Add(new() { Value = refused.Select(line => line.Message).ToArray() });
        await keep.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Get(
        Guid import, NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var known = source.CreateCommand("select 1 from imports where import_id = $1");
        known.Parameters.Add(new() { Value = import });
        return await known.ExecuteScalarAsync(cancellation) is null
            ? ImportUnknown.ToProblem()
            : TypedResults.Stream(body => Write(body, import, source, cancellation), "text/csv; charset=utf-8");
    }

    private static async Task Write(
        Stream body, Guid import, NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("""
            select line, account, field, code, message from import_refusals where import_id = $1 order by line
            """);
        command.Parameters.Add(new() { Value = import });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await using var csv = CsvWriter.Create(body, new CsvWriterOptions
        {
            NewLine = "\n",
            // Refused values come from outside: they must not become a formula in a spreadsheet.
            Injection = CsvInjection.Escape,
        }, leaveOpen: true);
        await Line(["line", "account", "field", "code", "message"]);
        while (await reader.ReadAsync(cancellation))
        {
            var line = reader.GetInt64(0).ToString(CultureInfo.InvariantCulture);
            await Line([line, reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)]);
        }

        async Task Line(string[] fields)
        {
            foreach (var field in fields)
                csv.WriteField(field);
            await csv.EndRecordAsync(cancellation);
        }
    }
}
