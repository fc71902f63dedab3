using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Payments;

/// <summary>
/// The money of one bank day that one partner brought. What went back counts on the day on which it went back, so a day
/// that is over does not change any more.
/// </summary>
/// <param name="Day">The partner's business date.</param>
/// <param name="Partner">The partner.</param>
/// <param name="Channel">How it came.</param>
/// <param name="Received">All that came on the day, also what went back later.</param>
/// <param name="Reversed">What went back on the day, whenever it had come.</param>
/// <param name="Net">Received less reversed; negative when more went back than came.</param>
/// <param name="Count">Payments received less payments reversed.</param>
public sealed record Cash(
    DateOnly Day, string Partner, Channel Channel, Money Received, Money Reversed, Money Net, int Count);

public static class CashByChannel
{
    private const int MostDays = 400;

    private static readonly Rejection BadRange = Rejection.Invalid(
        "date-range-invalid", $"The last day is not before the first, and there are at most {MostDays} days between.");

    private const string Sql = """
        select day as Day, partner, channel, sum(received)::bigint as Received, sum(reversed)::bigint as Reversed,
          sum(number)::int as Count
        from (
          select bank_date, partner, channel, amount_fen, 0, 1 from payment
          where bank_date between @from and @to and status <> 'Blocked'
          union all
          select reversed_on, partner, channel, 0, amount_fen, -1 from payment
          where reversed_on between @from and @to) moved(day, partner, channel, received, reversed, number)
        group by day, partner, channel order by day, partner, channel
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
