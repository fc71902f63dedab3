using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Customers;

/// <summary>
/// The replica of Tariff's plan versions, with the delay of each. Facts about a version arrive in any order and more
/// than once; each is merged so that every order leads to the same row.
/// </summary>
public static class PlanReplica
{
    private const int LargestPage = 500;

    // An end can only be moved earlier, so the earliest one counts. The newest fact dates the row.
    private const string KeepSql = """
        insert into plan_version as known (plan, version, utility, classes, currency, valid_from, valid_to, withdrawn,
          superseded_by, sequence, recorded_at, applied_at)
        values (@plan, @version, @document::jsonb ->> 'utility',
          array(select jsonb_array_elements_text(@document::jsonb -> 'customerClasses')),
          coalesce(@document::jsonb ->> 'currency', 'CNY'), (@document::jsonb ->> 'validFrom')::date,
          least((@document::jsonb ->> 'validTo')::date, @lastDay::date), @withdrawn, @supersededBy::int,
          @sequence, @recordedAt, clock_timestamp())
        on conflict (plan, version) do update set
          utility = coalesce(known.utility, excluded.utility),
          classes = case when known.utility is null then excluded.classes else known.classes end,
          currency = case when known.utility is null then excluded.currency else known.currency end,
          valid_from = coalesce(known.valid_from, excluded.valid_from),
          valid_to = least(known.valid_to, excluded.valid_to),
          withdrawn = known.withdrawn or excluded.withdrawn,
          superseded_by = case
            when excluded.superseded_by is null then known.superseded_by
            when known.superseded_by is not null and known.valid_to <= excluded.valid_to then known.superseded_by
            else excluded.superseded_by end,
          sequence = greatest(known.sequence, excluded.sequence),
          recorded_at = case when excluded.sequence > known.sequence then excluded.recorded_at
            else known.recorded_at end,
          applied_at = case when excluded.sequence > known.sequence then excluded.applied_at else known.applied_at end
        """;

    private const string PageSql = """
        select plan, version, case when withdrawn then 'withdrawn' when superseded_by is not null then 'superseded'
            else 'published' end "State", utility, case when utility is null then null else currency end "Currency",
          valid_from "ValidFrom", valid_to "ValidTo", superseded_by "SupersededBy", recorded_at "RecordedAt",
          applied_at "AppliedAt", (extract(epoch from applied_at - recorded_at) * 1000)::float8 "DelayMs"
        from plan_version
        where plan in (select distinct plan from plan_version where plan > @after order by plan limit @limit)
        order by plan, version
        """;

    /// <summary>A page has 1 to 500 plans.</summary>
    public static readonly Rejection LimitInvalid = Rejection.Invalid(
        "limit-invalid", "A page has 1 to 500 plans.") with { Status = 400 };

    /// <summary>One fact about a version.</summary>
    internal sealed record Fact(PlanCode Plan, int Version, JsonElement? Document, Origin Origin)
    {
        public bool Withdrawn { get; init; }

        public (int By, DateOnly LastDay)? Superseded { get; init; }
    }

    public static void MapPlanReplica(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/plans", List).WithName(nameof(PlanReplica)).RequireRight(Right.ReadPlans).ForEveryScope()
            .WithSummary("Lists the replicated plan versions, page by page.")
            .Refuses(LimitInvalid);

    internal static Task<int> Keep(NpgsqlConnection connection, Fact fact, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            KeepSql,
            new
            {
                plan = fact.Plan.Value, version = fact.Version, document = fact.Document?.GetRawText(),
                lastDay = fact.Superseded?.LastDay.ToString("O", null), withdrawn = fact.Withdrawn,
                supersededBy = fact.Superseded?.By, sequence = fact.Origin.Sequence,
                recordedAt = fact.Origin.RecordedAt.UtcDateTime,
            },
            cancellationToken: cancellation));

    private static async Task<Results<Ok<KnownPlanPage>, ProblemHttpResult>> List(
        NpgsqlDataSource source, CancellationToken cancellation, PlanCode? after = null, int limit = 100)
    {
        if (limit is < 1 or > LargestPage)
            return LimitInvalid.ToProblem();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var rows = (await connection.QueryAsync<KnownPlanVersion>(new CommandDefinition(
            PageSql, new { after = after?.Value ?? "", limit }, cancellationToken: cancellation))).AsList();
        var full = rows.Select(row => row.Plan).Distinct().Count() == limit;
        var sequence = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select coalesce(max(sequence), 0) from plan_version", cancellationToken: cancellation));
        return TypedResults.Ok(new KnownPlanPage(sequence, rows, full ? rows[^1].Plan.Value : null));
    }
}
