using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Payments;

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
        routes.MapGet("/cash", Handle).WithName(nameof(CashByChannel)).RequireRight(Right.ReadFigures)
            .WithSummary("Returns the money received by bank day, partner and channel.")
            .Refuses(BadRange);

    /// <param name="from">First bank day, inclusive.</param>
    /// <param name="to">Last bank day, inclusive.</param>
    private static async Task<Results<Ok<List<CashOfDay>>, ProblemHttpResult>> Handle(
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
        public CashOfDay ToCash() => new(
            Day, PartnerCode.Wrap(Partner), Enum.Parse<Channel>(Channel), new(Received), new(Reversed),
            new(Received - Reversed), Count);
    }
}
