using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Tariffs;

/// <summary>All plans with their versions, one plan, and one version with its document.</summary>
public static class PlanList
{
    private const int LargestPage = 500;

    internal static readonly Table<PlanVersionRow> Versions = new Table<PlanVersionRow>("plan_versions")
        .Key("plan", row => row.Plan.Value)
        .Key("version", row => row.Version)
        .Column("status", row => row.Status.ToString())
        .Column("name_zh", row => row.NameZh)
        .Column("name_en", row => row.NameEn)
        .Column("utility", row => row.Utility.WireName())
        .Column("region", row => row.Region.Value)
        .Column("valid_from", row => row.ValidFrom)
        .Column("valid_to", row => row.ValidTo)
        .Column("superseded_by", row => row.SupersededBy);

    public static readonly Rejection PlanUnknown = Rejection.NotFound("plan-unknown", "There is no such plan.");

    public static readonly Rejection LimitInvalid = Rejection.Invalid(
        "limit-invalid", "A page has 1 to 500 plans.") with { Status = 400 };

    public static void MapPlanList(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/plans", List).WithName("Plans").RequireRight(Right.ReadPlans).ForEveryScope()
            .WithSummary("Lists all plans with their versions, page by page.")
            .Refuses(LimitInvalid);
        routes.MapGet("/plans/{plan}", One).WithName("Plan").RequireRight(Right.ReadPlans).ForEveryScope()
            .WithSummary("Lists the versions of a plan.")
            .Refuses(PlanUnknown);
        routes.MapGet("/plans/{plan}/versions/{version:int}", Version)
            .WithName("PlanVersion").RequireRight(Right.ReadPlans).ForEveryScope()
            .WithSummary("Returns a plan version with its document.")
            .Refuses(PricePlan.VersionUnknown);
    }

    internal static void Project(
        Rows rows, Recorded<PricePlanEvent> recorded, PricePlan before, PricePlan after)
    {
        var (plan, number) = (recorded.Event.Plan, recorded.Event.Version);
        var version = after[number]!;
        var name = version.Document.GetProperty("name");
        rows.Upsert(Versions, new(
            plan, number, version.Status,
            name.GetProperty("zh").GetString()!, name.GetProperty("en").GetString()!,
            version.Document.GetProperty("utility").Deserialize<Utility>(Wire.Stored),
            version.Document.GetProperty("region").Deserialize<Region>(Wire.Stored),
            version.ValidFrom, version.ValidTo, version.Publication?.SupersededBy));
    }

    private static async Task<Results<Ok<PlanPage>, ProblemHttpResult>> List(
        NpgsqlDataSource source, CancellationToken cancellation, PlanCode? after = null, int limit = 100)
    {
        if (limit is < 1 or > LargestPage)
            return LimitInvalid.ToProblem();
        var rows = await Rows(source, """
            plan in (select distinct plan from plan_versions where plan > @after order by plan limit @limit)
            """, new { after = after?.Value ?? "", limit }, cancellation);
        var full = rows.Select(row => row.Plan).Distinct().Count() == limit;
        return TypedResults.Ok(new PlanPage(rows, full ? rows[^1].Plan.Value : null));
    }

    private static async Task<Results<Ok<IReadOnlyList<PlanVersionRow>>, ProblemHttpResult>> One(
        PlanCode plan, NpgsqlDataSource source, CancellationToken cancellation)
    {
        var rows = await Rows(source, "plan = @plan", new { plan = plan.Value }, cancellation);
        return rows.Count > 0 ? TypedResults.Ok(rows) : PlanUnknown.ToProblem();
    }

    private static async Task<Results<Ok<PlanVersionDetails>, ProblemHttpResult>> Version(
        PlanCode plan, int version, EventStore store, CancellationToken cancellation)
    {
        var (state, _) = await store.Load(PricePlan.Stream(plan), cancellation);
        return state[version] is { } known
            ? TypedResults.Ok(new PlanVersionDetails(
                plan, version, known.Status, known.ValidFrom, known.ValidTo, known.DraftedBy, known.Publication?.By,
                (known as PlanVersion.Withdrawn)?.By, known.Publication?.SupersededBy, known.Document))
            : PricePlan.VersionUnknown.ToProblem();
    }

    private static async Task<IReadOnlyList<PlanVersionRow>> Rows(
        NpgsqlDataSource source, string where, object parameters, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<PlanVersionRow>(new CommandDefinition($"""
            select plan, version, status, name_zh "NameZh", name_en "NameEn", utility, region, valid_from "ValidFrom",
              valid_to "ValidTo", superseded_by "SupersededBy"
            from plan_versions where {where} order by plan, version
            """, parameters, cancellationToken: cancellation))).AsList();
    }
}
