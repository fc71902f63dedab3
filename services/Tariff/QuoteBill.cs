using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Billing.Rating;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Tariffs;

/// <summary>
/// Quotes what a case would cost under a plan, with the same library that bills, without an account. Nothing is
/// recorded. Without a version the versions in force are used, which divide a period in which the price changes; the
/// version given may also be a draft, so that a new price can be tried before it is published.
/// </summary>
public static class QuoteBill
{
    public static readonly Rejection CaseInvalid = Rejection.Invalid(
        "quote-case-invalid", "The case cannot be read; see errors.");

    public static readonly Rejection NotInForce = Rejection.Invalid(
        "quote-plan-not-in-force", "No published versions of the plan are valid in the whole period.");

    public static readonly Rejection CurrencyForeign = Rejection.Invalid(
        "quote-currency-foreign",
        $"Quotes are in {PlanDocument.InvoiceCurrency}; `./billing rate` rates plans in other currencies.");

    private sealed record InForce(int Number, PlanVersion Version, PlanDocument Document);

    public static void MapQuoteBill(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/quotes", Handle).WithName(nameof(QuoteBill)).RequireRight(Right.QuoteBill).ForEveryScope()
            .WithSummary("Rates a case by a plan without recording anything.")
            .Refuses(typeof(QuoteBill))
            .Refuses(PlanList.PlanUnknown, PricePlan.VersionUnknown)
            .Refuses([.. RatingRefusal.All.Select(ToRejection)]);

    private static async Task<Results<Ok<BillQuote>, ProblemHttpResult>> Handle(
        QuoteBillRequest body, EventStore store, CancellationToken cancellation)
    {
        if (!RatingCase.TryParse(body.Case, out var cases, out var errors))
            return DraftPlanEndpoint.Invalid(CaseInvalid, errors);
        if (cases.Count != 1)
            return DraftPlanEndpoint.Invalid(CaseInvalid, [new("$", "must be one case")]);
        var (state, _) = await store.Load(PricePlan.Stream(body.Plan), cancellation);
        var versions = Find(state, body.Version);
        if (versions.Count == 0)
        {
            return (state.Versions.IsEmpty ? PlanList.PlanUnknown
                : body.Version is not null ? PricePlan.VersionUnknown
                : NotInForce).ToProblem();
        }
        // Totals are in fen, so a plan in another currency than yuan cannot be quoted.
        if (versions.Exists(version => version.Document.Currency != PlanDocument.InvoiceCurrency))
            return CurrencyForeign.ToProblem();
        return cases[0] switch
        {
            { Usages.Count: > 0 } usage => Rate(body, usage, versions),
            { Debt: { } debt } => Penalise(body.Plan, debt, versions[^1]),
            var application => Suspend(body.Plan, application, versions[^1]),
        };
    }

    /// <summary>The version asked for, or all published ones in order of their days.</summary>
    private static List<InForce> Find(PricePlan plan, int? asked) =>
    [
        .. plan.Versions
            .Where(version => asked is { } number ? version.Key == number : version.Value is PlanVersion.Published)
            .OrderBy(version => version.Value.ValidFrom)
            .Select(version => new InForce(
                version.Key, version.Value, PlanDocument.Parse(version.Value.Document))),
    ];

    private static Results<Ok<BillQuote>, ProblemHttpResult> Rate(
        QuoteBillRequest body, RatingCase usage, List<InForce> versions)
    {
        var schedule = new PlanSchedule(versions.ConvertAll(version => (version.Document, version.Version.ValidTo)));
        var bills = new List<QuotedBill>();
        foreach (var rated in usage.Rate(schedule))
        {
            if (rated.Refusal == RatingRefusal.OutsideValidity && body.Version is null)
                return NotInForce.ToProblem();
            if (!rated.IsBill)
                return ToRejection(rated.Refusal).ToProblem();
            bills.Add(Explain(rated.Bill, versions, schedule));
        }
        return TypedResults.Ok(new BillQuote(body.Plan, bills, null, null));
    }

    private static QuotedBill Explain(
        Bill bill, List<InForce> versions, PlanSchedule schedule)
    {
        // With one version the lines do not contain its number.
        var lines = Array.ConvertAll(
            bill.Lines, line => line.Version == 0 ? line with { Version = versions[0].Number } : line);
        var used = lines.Select(line => line.Version).Distinct().ToList();
        return new(
            used, versions.Find(version => version.Number == used.LastOrDefault(versions[0].Number))!.Version.Status,
            [.. lines.Select(line => Explain(line, schedule.Explain(line)))], bill.Total, bill.Net,
            bill.Tax, WireOf(bill.Vat), [.. (bill.Shares ?? []).Select(WireOf)], bill.Prepaid, bill.Due);
    }

    private static QuotedBillLine Explain(BillLine line, LineExplanation words) => new(
        line.Id, line.Version, words.Label, words.Reason, line.Quantity, line.Unit.Symbol(), line.Price, line.Amount,
        words.Formula);

    private static Results<Ok<BillQuote>, ProblemHttpResult> Penalise(PlanCode plan, LateDebt debt, InForce version)
    {
        RatingRefusal? refusal = RatingRefusal.NoPenalty;
        return version.Document.Penalty?.Accrue(debt, out refusal) is { } penalty
            ? TypedResults.Ok(new BillQuote(plan, null, WireOf(penalty), null))
            : ToRejection(refusal!).ToProblem();
    }

    private static Results<Ok<BillQuote>, ProblemHttpResult> Suspend(
        PlanCode plan, RatingCase application, InForce version)
    {
        if (version.Document is not { Suspension: { } terms, Season: { } season })
            return ToRejection(RatingRefusal.NoSuspension).ToProblem();
        var days = season.BeginningIn(application.Season);
        return TypedResults.Ok(new BillQuote(plan, null, null, new(
            terms.Accepts(application.AppliedOn!.Value, days), terms.LastDay(days), days.First, days.Last,
            terms.Share)));
    }

    private static Rejection ToRejection(RatingRefusal refusal) => Rejection.Invalid(refusal.Code, refusal.Message);

    private static QuotedVat WireOf(VatClass vat) => new(
        vat.Treatment == VatTreatment.Taxed ? QuotedVatTreatment.Taxed : QuotedVatTreatment.Exempt, vat.Rate);

    private static QuotedShare WireOf(PayerShare share) =>
        new(share.Payer, share.Component, share.Label, share.Amount);

    private static QuotedPenalty WireOf(PenaltyBill penalty) => new(
        [.. penalty.Lines.Select(line => new QuotedPenaltyLine(
            line.On, line.From, line.To, line.Days, line.Rate, line.Exact))],
        penalty.Exact, penalty.Amount);
}
