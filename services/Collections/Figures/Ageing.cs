using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Collections;

/// <summary>
/// Open receivables by age (rules.md K-5). Age counts from the due date, and a partial payment does not make a debt
/// younger. The rule's 0–30 begins at 1 here: on the due date itself, day 0, nothing is overdue yet (L-4), so that the
/// buckets after <c>not-due</c> add up to the overdue amount. Years are calendar years, as for limitation (C-8).
/// </summary>
public static class Ageing
{
    /// <summary>The buckets from young to old.</summary>
    public static readonly IReadOnlyList<string> Buckets =
        ["not-due", "1-30", "31-60", "61-90", "91-180", "181-365", "over-1-year", "over-2-years", "over-3-years"];

    public static void MapAgeing(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/ageing", Handle).WithName("Ageing").RequireRight(Right.ReadFigures).FilteredByScope()
            .WithSummary("Returns open receivables by age.");

    /// <summary>The bucket of a debt with a due date.</summary>
    public static string BucketOf(DateOnly dueOn, DateOnly asOf) =>
        Buckets[OldestDueDates(asOf).Count(oldest => dueOn < oldest)];

    /// <summary>The oldest due date of each bucket but the last.</summary>
    private static DateOnly[] OldestDueDates(DateOnly asOf) =>
    [
        asOf, asOf.AddDays(-30), asOf.AddDays(-60), asOf.AddDays(-90), asOf.AddDays(-180),
        asOf.AddYears(-1), asOf.AddYears(-2), asOf.AddYears(-3),
    ];

    private static Task<Ok<Dated<IReadOnlyList<AgeingGroup>>>> Handle(
        HttpContext context, NpgsqlDataSource source, TimeProvider clock, CancellationToken cancellation,
        Breakdown? by = null, DateOnly? asOf = null)
    {
        var day = asOf ?? clock.Today();
        return Figures.Read(
            source, day, connection => Read(connection, Scope.Of(context), by ?? Breakdown.Project, day), cancellation);
    }

    private static async Task<IReadOnlyList<AgeingGroup>> Read(
        NpgsqlConnection connection, Scope scope, Breakdown by, DateOnly asOf)
    {
        // width_bucket counts the limits at or below a date, from old to young; the index runs from young to old.
        var rows = await connection.QueryAsync<(string Key, int Younger, long Fen, long Count)>($"""
            select {by.Column}, width_bucket(due_on, @limits), sum(open_fen)::bigint, count(*)
            from receivable where open_fen <> 0 and {scope.Condition} group by 1, 2
            """, new { limits = OldestDueDates(asOf).Reverse().ToArray(), scope.Regions, scope.Projects });
        return [.. rows.GroupBy(row => row.Key, GroupOf).OrderBy(group => group.Key, StringComparer.Ordinal)];
    }

    private static AgeingGroup GroupOf(string key, IEnumerable<(string Key, int Younger, long Fen, long Count)> rows)
    {
        var found = rows.ToDictionary(row => Buckets.Count - 1 - row.Younger);
        AgeingBucket[] buckets = [.. Buckets.Select((name, i) =>
            found.TryGetValue(i, out var row)
                ? new(name, new(row.Fen), row.Count)
                : new AgeingBucket(name, Money.Zero, 0))];
        return new(key, Money.Sum(buckets.Select(bucket => bucket.Open)), buckets.Sum(bucket => bucket.Count), buckets);
    }
}
