using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Collections;

/// <summary>
/// Arrears of the current year and of the years before it (rules.md K-4): old arrears are chased, reported and finally
/// written off differently. A debt belongs to the year of its due date, because before that date it was not in arrears.
/// </summary>
public static class Arrears
{
    public static void MapArrears(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/arrears", Handle).WithName("Arrears").RequireRight(Right.ReadFigures)
            .WithSummary("Returns arrears of the current year and of earlier years.");

    private static Task<Ok<Dated<IReadOnlyList<ArrearsGroup>>>> Handle(
        NpgsqlDataSource source, TimeProvider clock, CancellationToken cancellation,
        Breakdown? by = null, DateOnly? asOf = null)
    {
        var day = asOf ?? clock.Today();
        return Figures.Read(source, day, connection => Read(connection, by ?? Breakdown.Class, day), cancellation);
    }

    private static async Task<IReadOnlyList<ArrearsGroup>> Read(
        NpgsqlConnection connection, Breakdown by, DateOnly asOf)
    {
        var rows = await connection.QueryAsync<(string Key, bool Old, long Fen, long Count)>($"""
            select {by.Column}, due_on < @newYear, sum(open_fen)::bigint, count(*)
            from receivable where open_fen > 0 and due_on < @asOf group by 1, 2
            """, new { asOf, newYear = new DateOnly(asOf.Year, 1, 1) });
        return [.. rows
            .GroupBy(row => row.Key)
            .Select(group => new ArrearsGroup(group.Key, PartOf(group, old: true), PartOf(group, old: false)))
            .OrderBy(group => group.Key, StringComparer.Ordinal)];
    }

    private static ArrearsPart PartOf(IEnumerable<(string Key, bool Old, long Fen, long Count)> parts, bool old) =>
        parts.Where(part => part.Old == old).Select(part => new ArrearsPart(new(part.Fen), part.Count))
            .SingleOrDefault(new ArrearsPart(Money.Zero, 0));
}
