using System.Data;
using System.Diagnostics.CodeAnalysis;
using Billing.Contracts.Api;
using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Collections;

/// <summary>A dimension for the breakdown of figures: <c>project</c>, <c>class</c> or <c>utility</c>.</summary>
public readonly record struct Breakdown : IParsable<Breakdown>
{
    public static readonly Breakdown Project = new("project"), Class = new("class"), Utility = new("utility");

    private Breakdown(string column) => Column = column;

    /// <summary>The form of a valid text, for error messages.</summary>
    public static string Form => "one of project, class, utility";

    /// <summary>The column of <c>receivable</c>; from a fixed list, never a caller's text.</summary>
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
    /// <summary>
    /// The work memory of a query: enough to group and join a million receivables without spilling to disk.
    /// </summary>
    private const string MemoryPerStep = "64MB";

    public static void MapPosition(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/figures/position", Handle).WithName("Position").RequireRight(Right.ReadFigures)
            .WithSummary("Returns the positions in the events of other services up to which figures count.");

    /// <summary>Reads a figure and its position in one snapshot, so that they are consistent.</summary>
    internal static async Task<Ok<Dated<T>>> Read<T>(
        NpgsqlDataSource source, DateOnly asOf, Func<NpgsqlConnection, Task<T>> figure, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await connection.ExecuteAsync($"set local work_mem = '{MemoryPerStep}'");
        var position = await PositionOf(connection);
        return TypedResults.Ok(new Dated<T>(await figure(connection), asOf, position));
    }

    private static async Task<Ok<ReplicaPositions>> Handle(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return TypedResults.Ok(await PositionOf(connection));
    }

    private static async Task<ReplicaPositions> PositionOf(NpgsqlConnection connection)
    {
        var rows = await connection.QueryAsync<(string Publisher, long Sequence, DateTime At)>("""
            select distinct on (publisher) publisher, sequence, recorded_at from heard order by publisher, sequence desc
            """);
        var newest = rows.ToDictionary(
            row => row.Publisher, row => new ReplicaPosition(row.Sequence, row.At), StringComparer.Ordinal);
        return new(newest.GetValueOrDefault("invoicing"), newest.GetValueOrDefault("payments"));
    }
}
