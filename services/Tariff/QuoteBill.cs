using Billing.Contracts;
using Billing.Platform;
using Billing.Rating;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Tariffs;

/// <summary>
/// What would this cost? The same library answers that will bill. Nothing is recorded. Without a version it is the one
/// in force; with a version it may also be a draft, which is how a new price is tried out before it is published.
/// </summary>
public static class QuoteBill
{
    public static readonly Rejection PeriodEmpty = Rejection.Invalid(
        "quote-period-empty", "The period ends before it begins.");

    public static readonly Rejection NotInForce = Rejection.Invalid(
        "quote-plan-not-in-force", "No published version of the plan is valid in the whole period.");

    /// <summary>The question; what is left out was not measured or does not apply.</summary>
    public sealed record Body(
        PlanCode Plan, CustomerClass Class, DateOnly From, DateOnly To, int? Version = null, decimal AreaM2 = 0m,
        decimal HeatFactor = 1m, bool LargeHousehold = false, decimal? TotalKwh = null, decimal? PeakKwh = null,
        decimal? ValleyKwh = null, int Months = 1, decimal? HeatKwh = null, decimal? HeatGj = null,
        bool Settles = false, Money? Prepaid = null, DateOnly? TaxPoint = null)
    {
        internal SupplyFacts Supply =>
            new(Class) { AreaM2 = AreaM2, HeatFactor = HeatFactor, LargeHousehold = LargeHousehold };

        internal Usage Usage => new(new(From, To))
        {
            TotalKwh = TotalKwh,
            PeakKwh = PeakKwh,
            ValleyKwh = ValleyKwh,
            Months = Months,
            HeatKwh = HeatKwh,
            HeatGj = HeatGj,
            Settles = Settles,
            Prepaid = Prepaid ?? Money.Zero,
            TaxPoint = TaxPoint,
        };
    }

    /// <summary>The bill as it would be.</summary>
    public sealed record Quote(
        PlanCode Plan, int Version, string Status, IReadOnlyList<Line> Lines, Money Total, Money Net, Money Tax,
        Money Due);

    public sealed record Line(
        string Id, Label Label, Label Reason, decimal Quantity, string Unit, decimal Price, Money Amount,
        string Formula);

    public static void MapQuoteBill(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/quotes", Handle).WithName(nameof(QuoteBill));

    private static async Task<Results<Ok<Quote>, ProblemHttpResult>> Handle(
        Body body, EventStore store, CancellationToken cancellation)
    {
        if (body.To < body.From)
            return PeriodEmpty.ToProblem();
        var (state, _) = await store.Load(PricePlan.Stream(body.Plan), cancellation);
        return Find(state, body) switch
        {
            (var number, { } version) => Rate(body, number, version),
            _ when state.Versions.IsEmpty => PlanList.PlanUnknown.ToProblem(),
            _ when body.Version is not null => PricePlan.VersionUnknown.ToProblem(),
            _ => NotInForce.ToProblem(),
        };
    }

    private static KeyValuePair<int, PlanVersion> Find(PricePlan plan, Body body) => plan.Versions.FirstOrDefault(
        version => body.Version is { } asked
            ? version.Key == asked
            : version.Value is PlanVersion.Published && version.Value.Covers(new(body.From, body.To)));

    private static Results<Ok<Quote>, ProblemHttpResult> Rate(Body body, int number, PlanVersion version)
    {
        var plan = PlanDocument.Parse(version.Document);
        var rated = Enum.IsDefined(body.Class) ? plan.Rate(body.Supply, body.Usage) : RatingRefusal.ClassNotServed;
        if (!rated.IsBill)
            return Rejection.Invalid(rated.Refusal.Code, rated.Refusal.Message).ToProblem();
        var bill = rated.Bill;
        return TypedResults.Ok(new Quote(
            body.Plan, number, version.Status, [.. bill.Lines.Select(line => Explain(plan, line))],
            bill.Total, bill.Net, bill.Tax, bill.Due));
    }

    private static Line Explain(PlanDocument plan, BillLine line)
    {
        var words = plan.Explain(line);
        return new(
            line.Id, words.Label, words.Reason, line.Quantity, line.Unit.Symbol(), line.Price, line.Amount,
            words.Formula);
    }
}
