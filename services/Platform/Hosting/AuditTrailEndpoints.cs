using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;
using CsvHelper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Billing.Platform;

/// <summary>The audit trail for people: page by page, or as a file.</summary>
internal static class AuditTrailEndpoints
{
    private const int MostPerPage = 1_000;
    private const int MostDays = 366;
    private const int Days = 30;

    private static readonly string[] Header =
    [
        "id", "at", "kind", "actor", "client", "address", "correlation", "operation", "right", "target", "outcome",
        "details",
    ];

    private static readonly Rejection LimitOutOfRange = Rejection.Invalid(
        "limit-out-of-range", $"A page holds 1 to {MostPerPage} entries.") with { Status = 400 };

    private static readonly Rejection DaysOutOfRange = Rejection.Invalid(
        "days-out-of-range", $"The last day is not before the first, and both are within {MostDays} days.")
        with { Status = 400 };

    public static void MapAuditTrail(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/audit-trail", List).WithName("AuditTrail").RequireRight(Right.ReadAuditTrail)
            .WithSummary("Lists who did what, the newest first, page by page.")
            .Refuses(LimitOutOfRange, DaysOutOfRange);
        routes.MapGet("/audit-trail/export", Export).WithName("ExportAuditTrail").RequireRight(Right.ReadAuditTrail)
            .WithSummary("Exports who did what as a CSV file, the newest first.")
            .Produces<string>(200, "text/csv")
            .Refuses(DaysOutOfRange);
    }

    /// <param name="from">The first business day, inclusive; by default 30 days before the last.</param>
    /// <param name="to">The last business day, inclusive; by default today.</param>
    /// <param name="actor">The actor, exactly.</param>
    /// <param name="operation">The operation, exactly.</param>
    /// <param name="target">The target, exactly.</param>
    /// <param name="kind">The kind of entries.</param>
    /// <param name="after">The <c>next</c> of the previous page; entries older than it follow.</param>
    /// <param name="limit">The largest number of entries of the page, 1 to 1,000.</param>
    private static async Task<Results<Ok<AuditEntryPage>, ProblemHttpResult>> List(
        AuditTrailReader trail, TimeProvider clock, CancellationToken cancellation, DateOnly? from = null,
        DateOnly? to = null, string? actor = null, string? operation = null, string? target = null,
        AuditKind? kind = null, long? after = null, int limit = 100)
    {
        if (limit is < 1 or > MostPerPage)
            return LimitOutOfRange.ToProblem();
        if (Within(from, to, clock) is not { } days)
            return DaysOutOfRange.ToProblem();
        var wanted = new AuditTrailFilter(days.From, days.To, actor, operation, target, kind);
        var entries = await trail.Read(wanted, after, limit + 1, cancellation).ToListAsync(cancellation);
        return TypedResults.Ok(entries.Count > limit
            ? new AuditEntryPage(entries[..limit], entries[limit - 1].Id)
            : new AuditEntryPage(entries, null));
    }

    /// <inheritdoc cref="List"/>
    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Export(
        AuditTrailReader trail, AuditLog log, TimeProvider clock, CancellationToken cancellation,
        DateOnly? from = null, DateOnly? to = null, string? actor = null, string? operation = null,
        string? target = null, AuditKind? kind = null)
    {
        if (Within(from, to, clock) is not { } days)
            return DaysOutOfRange.ToProblem();
        var wanted = new AuditTrailFilter(days.From, days.To, actor, operation, target, kind);
        await log.Read($"audit-trail {days.From:yyyy-MM-dd} {days.To:yyyy-MM-dd}", null, 1, cancellation);
        return TypedResults.Stream(
            body => Write(body, trail.Read(wanted, null, null, cancellation), cancellation),
            "text/csv; charset=utf-8", $"audit-trail-{days.From:yyyyMMdd}-{days.To:yyyyMMdd}.csv");
    }

    private static (DateOnly From, DateOnly To)? Within(DateOnly? from, DateOnly? to, TimeProvider clock)
    {
        var last = to ?? clock.Today();
        var first = from ?? last.AddDays(-Math.Min(Days, last.DayNumber));
        return last.DayNumber - first.DayNumber is >= 0 and < MostDays ? (first, last) : null;
    }

    private static async Task Write(
        Stream body, IAsyncEnumerable<AuditTrailEntry> entries, CancellationToken cancellation)
    {
        // Paths and names come from outside: they must not become a formula in a spreadsheet.
        await using var csv = CsvWriter.Create(
            body, new CsvWriterOptions { NewLine = "\n", Injection = CsvInjection.Escape }, leaveOpen: true);
        await Line(Header);
        await foreach (var entry in entries)
        {
            await Line([
                entry.Id.ToString(CultureInfo.InvariantCulture),
                entry.At.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
                entry.Kind.WireName(), entry.Actor, entry.Client, entry.Address, entry.Correlation, entry.Operation,
                entry.Right, entry.Target, entry.Outcome, entry.Details,
            ]);
        }

        async Task Line(string?[] fields)
        {
            foreach (var field in fields)
                csv.WriteField(field ?? "");
            await csv.EndRecordAsync(cancellation);
        }
    }
}
