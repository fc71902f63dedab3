using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Payments;

/// <summary>The money of one bank day that one partner brought.</summary>
/// <param name="Day">The partner's business date.</param>
/// <param name="Partner">The partner.</param>
/// <param name="Channel">How it came.</param>
/// <param name="Received">All that came, also what went back.</param>
/// <param name="Reversed">What went back.</param>
/// <param name="Net">What stayed.</param>
/// <param name="Count">How many payments stayed.</param>
public sealed record Cash(
    DateOnly Day, string Partner, Channel Channel, Money Received, Money Reversed, Money Net, int Count);

public static class CashByChannel
{
    private const int MostDays = 400;

    private static readonly Rejection BadRange = Rejection.Invalid(
        "date-range-invalid", $"The last day is not before the first, and there are at most {MostDays} days between.");

    private const string Sql = """
        select bank_date as Day, partner, channel, sum(amount_fen)::bigint as Received,
          coalesce(sum(amount_fen) filter (where status = 'Reversed'), 0)::bigint as Reversed,
          count(*) filter (where status = 'Received')::int as Count
        from payment where bank_date between @from and @to and status <> 'Blocked'
        group by bank_date, partner, channel order by bank_date, partner, channel
        """;

    public static void MapCashByChannel(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/cash", Handle).WithName(nameof(CashByChannel));

    /// <param name="from">First bank day, inclusive.</param>
    /// <param name="to">Last bank day, inclusive.</param>
    private static async Task<Results<Ok<List<Cash>>, ProblemHttpResult>> Handle(
        DateOnly from, DateOnly to, NpgsqlDataSource source, CancellationToken cancellation)
    {
        if (to < from || to.DayNumber - from.DayNumber > MostDays)
            return BadRange.ToProblem();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var range = new { from = from.ToDateTime(default), to = to.ToDateTime(default) };
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Sql, range, cancellationToken: cancellation));
        return TypedResults.Ok(rows.Select(row => row.ToCash()).ToList());
    }

    private sealed record Row(DateOnly Day, string Partner, string Channel, long Received, long Reversed, int Count)
    {
        public Cash ToCash() => new(
            Day, Partner, Enum.Parse<Channel>(Channel), new(Received), new(Reversed), new(Received - Reversed), Count);
    }
}
