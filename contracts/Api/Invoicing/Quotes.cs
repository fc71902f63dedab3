namespace Billing.Contracts.Api;

/// <summary>What would this account pay? What is left out is taken from the account.</summary>
/// <param name="Utility">What is quoted.</param>
/// <param name="Period">For when: a month, or a season for heat.</param>
/// <param name="Plan">Another plan than the account's.</param>
/// <param name="Version">A version of the plan; left out, those in force.</param>
/// <param name="TotalKwh">Electricity used, kWh; left out, that of the last billed month.</param>
/// <param name="PeakKwh">The part of it in peak hours, kWh.</param>
/// <param name="ValleyKwh">The part of it in valley hours, kWh.</param>
/// <param name="HeatKwh">Heat used, kWh.</param>
/// <param name="AreaM2">Another area than the contract's, m².</param>
/// <param name="LargeHousehold">With the quota of a large household.</param>
public sealed record QuoteAccountRequest(
    Utility Utility, BillingPeriod Period, PlanCode? Plan = null, int? Version = null, decimal? TotalKwh = null,
    decimal? PeakKwh = null, decimal? ValleyKwh = null, decimal? HeatKwh = null, decimal? AreaM2 = null,
    bool LargeHousehold = false);

/// <summary>The bill as it would be, and the facts it rests on.</summary>
/// <param name="Account">The account.</param>
/// <param name="Class">Its class.</param>
/// <param name="Period">For when.</param>
/// <param name="UsageFrom">The billed month whose use was taken, or null when the question told the use.</param>
/// <param name="Usage">What was rated.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Version">Its version; the last one when the price changes in the period.</param>
/// <param name="Status">Published or Withdrawn.</param>
/// <param name="Lines">The bill line by line.</param>
/// <param name="Total">The sum of the lines, fen.</param>
/// <param name="Net">The total without tax, fen.</param>
/// <param name="Tax">Total − net, fen.</param>
/// <param name="Due">What would be to pay, fen.</param>
public sealed record AccountQuote(
    AccountNo Account, CustomerClass Class, BillingPeriod Period, BillingPeriod? UsageFrom, QuotedUsage Usage,
    PlanCode Plan, int Version, PlanVersionStatus Status, IReadOnlyList<QuotedLine> Lines, Money Total, Money Net,
    Money Tax, Money Due);

/// <summary>The quantities behind a quote; null is what does not apply or is not known.</summary>
/// <param name="TotalKwh">Electricity, kWh.</param>
/// <param name="PeakKwh">The part of it in peak hours, kWh.</param>
/// <param name="ValleyKwh">The part of it in valley hours, kWh.</param>
/// <param name="Months">How many months it spans, at least 1.</param>
/// <param name="YearToDateKwh">What was billed before in the year of the tiers, kWh.</param>
/// <param name="HeatKwh">Heat, kWh.</param>
/// <param name="AreaM2">The billing area, m².</param>
/// <param name="HeightM">The storey height, m.</param>
public sealed record QuotedUsage(
    decimal? TotalKwh, decimal? PeakKwh, decimal? ValleyKwh, int Months, decimal? YearToDateKwh, decimal? HeatKwh,
    decimal? AreaM2, decimal? HeightM);

/// <summary>A line of a bill that was not issued, in words and figures.</summary>
/// <param name="Id">The line.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Reason">Why it is there.</param>
/// <param name="Quantity">How much.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Price">Yuan per unit.</param>
/// <param name="Amount">Its amount, fen.</param>
/// <param name="Formula">Its calculation, such as <c>240 kWh × 0.4883 = 117.19</c>.</param>
public sealed record QuotedLine(
    string Id, Label Label, Label Reason, decimal Quantity, string Unit, decimal Price, Money Amount, string Formula);
