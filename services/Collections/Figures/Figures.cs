using System.Data;
using System.Diagnostics.CodeAnalysis;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Collections;

/// <summary>
/// A figure and what it rests on. The date moves the calendar, not the books: amounts are always those at the position.
/// </summary>
/// <typeparam name="T">The figure.</typeparam>
/// <param name="Figure">The figure.</param>
/// <param name="AsOf">The business date by which due dates are judged.</param>
/// <param name="Position">How far the books had got when it was read.</param>
public sealed record Dated<T>(T Figure, DateOnly AsOf, Position Position);

/// <summary>The newest events of other services that are in the books here; null before the first.</summary>
/// <param name="Invoicing">Of Invoicing.</param>
/// <param name="Payments">Of Payments.</param>
public sealed record Position(Heard? Invoicing, Heard? Payments);

/// <summary>An event of another service.</summary>
/// <param name="Sequence">Its place in that service's global order.</param>
/// <param name="RecordedAt">When that service stored it, UTC.</param>
public sealed record Heard(long Sequence, DateTimeOffset RecordedAt);

/// <summary>What figures can be broken down by: <c>project</c>, <c>class</c> or <c>utility</c>.</summary>
public readonly record struct Breakdown : IParsable<Breakdown>
{
    public static readonly Breakdown Project = new("project"), Class = new("class"), Utility = new("utility");

    private Breakdown(string column) => Column = column;

    /// <summary>The column of <c>receivable</c>; never a caller's text.</summary>
    internal string Column { get; }

    public static Breakdown Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var result) ? result : throw new FormatException($"'{s}' is no breakdown.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Breakdown result)
    {
        result = s switch { "project" => Project, "class" => Class, "utility" => Utility, _ => default };
        return result != default;
    }
}

public static class Figures
{
    /// <summary>Enough to group and join a million receivables without spilling to disk.</summary>
    private const string MemoryPerStep = "64MB";

    public static void MapPosition(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/figures/position", Handle).WithName("Position");

    /// <summary>Reads a figure and its position in one snapshot, so that they belong together.</summary>
    internal static async Task<Ok<Dated<T>>> Read<T>(
        NpgsqlDataSource source, DateOnly asOf, Func<NpgsqlConnection, Task<T>> figure, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await connection.ExecuteAsync($"set local work_mem = '{MemoryPerStep}'");
        var position = await PositionOf(connection);
        return TypedResults.Ok(new Dated<T>(await figure(connection), asOf, position));
    }

    private static async Task<Ok<Position>> Handle(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return TypedResults.Ok(await PositionOf(connection));
    }

    private static async Task<Position> PositionOf(NpgsqlConnection connection)
    {
        var rows = await connection.QueryAsync<(string Publisher, long Sequence, DateTime At)>("""
            select distinct on (publisher) publisher, sequence, recorded_at from heard order by publisher, sequence desc
            """);
        var heard = rows.ToDictionary(
            row => row.Publisher, row => new Heard(row.Sequence, row.At), StringComparer.Ordinal);
        return new(heard.GetValueOrDefault("invoicing"), heard.GetValueOrDefault("payments"));
    }
}
