using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Billing.Rating;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Quotes what an account would pay. What the request leaves out is taken from the account: its plan, class, area and
/// last billed consumption. Nothing is written. Tariff gives quotes without an account (docs/adr/0018).
/// </summary>
public static class QuoteAccount
{
    public static readonly Rejection SupplyMissing = Rejection.Invalid(
        "quote-supply-missing", "The account does not have this supply; name a plan to quote it all the same.");
    public static readonly Rejection PlanUnknown = Rejection.NotFound("plan-unknown", "There is no such plan.");
    public static readonly Rejection VersionUnknown = Rejection.NotFound(
        "plan-version-unknown", "The plan has no published version of this number.");
    public static readonly Rejection NotInForce = Rejection.Invalid(
        "quote-plan-not-in-force", "No published versions of the plan are valid in the whole period.");
    public static readonly Rejection PlanOfAnother = Rejection.Invalid(
        "quote-plan-of-another-utility", "The plan prices something else.");
    public static readonly Rejection PeriodMismatch = Rejection.Invalid(
        "quote-period-mismatch", "Electricity is quoted by the month, heat by the month or by a season of its plan.");
    public static readonly Rejection UsageUnknown = Rejection.Invalid(
        "quote-usage-unknown", "What was used last is not known; say how many kWh.");
    public static readonly Rejection TotalMissing = Rejection.Invalid(
        "quote-total-missing", "Peak and valley are parts of the total; say the total, too.");

    public static void MapQuoteAccount(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/accounts/{account}/quotes", Handle)
            .WithName(nameof(QuoteAccount)).RequireRight(Right.QuoteBill)
            .WithSummary("Quotes a bill of an account without recording anything.")
            .Refuses(typeof(QuoteAccount))
            .Refuses(Statement.AccountUnknown, Drafting.NotYetOpened)
            .Refuses([.. RatingRefusal.All.Where(IsOfBill).Select(ToRejection)]);

    private static async Task<Results<Ok<AccountQuote>, ProblemHttpResult>> Handle(
        AccountNo account, QuoteAccountRequest body, NpgsqlDataSource source, Plans plans,
        CancellationToken cancellation)
    {
        if (body.Utility == Utility.Electricity && body.Period.IsSeason)
            return PeriodMismatch.ToProblem();
        if (body.TotalKwh is null && (body.PeakKwh ?? body.ValleyKwh) is not null)
            return TotalMissing.ToProblem();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        if (await Basis(connection, account, body.Utility, body.Period, cancellation) is not { } basis)
            return Statement.AccountUnknown.ToProblem();
        if ((body.Plan ?? basis.Plan) is not { } code)
            return SupplyMissing.ToProblem();
        var (found, rejection) = await Find(connection, code, body, plans, cancellation);
        if (found is null)
            return rejection!.ToProblem();
        if (found.Plan.Last.Utility != body.Utility)
            return PlanOfAnother.ToProblem();
        if (body.Period.IsSeason && found.Plan.Last.Season is null)
            return PeriodMismatch.ToProblem();
        var days = found.Plan.DaysOf(body.Period);
        if (basis.OpenedOn > days.Last)
            return Drafting.NotYetOpened.ToProblem();
        var usage = await UsageOf(connection, basis, body, days, cancellation);
        return usage is { Usage: { } facts } ? Rate(body, basis, found, facts, usage.From) : UsageUnknown.ToProblem();
    }

    private static async Task<BillingBasis?> Basis(
        NpgsqlConnection connection, AccountNo account, Utility utility, BillingPeriod period,
        CancellationToken cancellation) =>
        (await BillingBasis.Read(connection, [account.Value], utility, period, true, cancellation)).SingleOrDefault();

    /// <summary>The version asked for, or those that a run for the period would use.</summary>
    private static async Task<(FoundPlan? Found, Rejection? Rejection)> Find(
        NpgsqlConnection connection, PlanCode code, QuoteAccountRequest body, Plans plans,
        CancellationToken cancellation)
    {
        var versions = (await connection.QueryAsync<(int Version, bool Withdrawn)>(new CommandDefinition(
            "select version, withdrawn from plan_version where plan = @plan and document is not null",
            new { plan = code.Value }, cancellationToken: cancellation)))
            .ToDictionary(known => known.Version, known => known.Withdrawn);
        if (versions.Count == 0)
            return (null, PlanUnknown);
        if (body.Version is { } asked && !versions.ContainsKey(asked))
            return (null, VersionUnknown);
        var inForce = await plans.VersionsFor(connection, body.Utility, body.Period, cancellation);
        var wanted = body.Version is { } one ? PinnedVersions.Of(one) : inForce.GetValueOrDefault(code);
        if (wanted is null)
            return (null, NotInForce);
        var plan = await plans.Get(connection, code, wanted, cancellation);
        return (new(plan, versions[wanted.Last] ? PlanVersionStatus.Withdrawn : PlanVersionStatus.Published), null);
    }

    private static async Task<(Usage? Usage, BillingPeriod? From)> UsageOf(
        NpgsqlConnection connection, BillingBasis basis, QuoteAccountRequest body, DateRange days,
        CancellationToken cancellation)
    {
        if (body.Utility == Utility.Heat)
        {
            var heat = RatingFacts.Heat(days, basis.OpenedOn);
            return (heat with { HeatKwh = body.HeatKwh, Settles = body.HeatKwh is not null }, null);
        }
        var year = basis.YearSoFar(body.Period);
        if (body.TotalKwh is not null)
        {
            return (new Usage(days)
            {
                TotalKwh = body.TotalKwh, PeakKwh = body.PeakKwh, ValleyKwh = body.ValleyKwh,
                YearToDateKwh = year.Kwh, YearToDateCharges = year.Charges?.Total, YearToDateNet = year.Charges?.Net,
                ClosesYear = year.Closes,
            }, null);
        }
        var billed = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select max(period) from invoice where account_no = @account and utility = @utility and kind = @kind",
            new { account = basis.Account.Value, utility = nameof(Utility.Electricity), kind = Invoices.Regular },
            cancellationToken: cancellation));
        if (billed is null)
            return (null, null);
        var from = BillingPeriod.Wrap(billed);
        var then = await Basis(connection, basis.Account, body.Utility, from, cancellation);
        var metered = new Metered();
        foreach (var closing in then!.Readings.Where(reading => reading.From is not null))
            metered.Add(closing.Kwh, closing.Peak, closing.Valley, closing.Months);
        return metered.Readings == 0 ? (null, null) : (RatingFacts.Electricity(days, metered, year), from);
    }

    /// <summary>Whether a refusal concerns bills; penalties and suspensions are not quoted here.</summary>
    private static bool IsOfBill(RatingRefusal refusal) => refusal.Code.StartsWith("rating-", StringComparison.Ordinal);

    private static Rejection ToRejection(RatingRefusal refusal) => Rejection.Invalid(refusal.Code, refusal.Message);

    private static Results<Ok<AccountQuote>, ProblemHttpResult> Rate(
        QuoteAccountRequest body, BillingBasis basis, FoundPlan found, Usage usage, BillingPeriod? usageFrom)
    {
        var plan = found.Plan;
        var supply = RatingFacts.Supply(
            basis.Class, basis.OpenedOn, body.AreaM2 ?? basis.AreaM2, basis.HeightM, basis.UseClass)
            with { LargeHousehold = body.LargeHousehold };
        var rated = plan.Bill(supply, usage);
        if (!rated.IsBill)
            return ToRejection(rated.Refusal).ToProblem();
        var bill = rated.Bill;
        return TypedResults.Ok(new AccountQuote(
            basis.Account, basis.Class, body.Period, usageFrom,
            new(
                usage.TotalKwh, usage.PeakKwh, usage.ValleyKwh, usage.Months, usage.YearToDateKwh, usage.HeatKwh,
                supply.AreaM2 == 0m ? null : supply.AreaM2, supply.HeightM),
            plan.Last.Code, plan.Last.Version, found.Status, QuotedLines.Of(plan, bill), bill.Total, bill.Net, bill.Tax,
            bill.Due));
    }

    private sealed record FoundPlan(PlanSchedule Plan, PlanVersionStatus Status);
}
