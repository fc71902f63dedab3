namespace Billing.Contracts.Api;

/// <summary>Asks what an account would pay. Members left out are taken from the account.</summary>
/// <param name="Utility">The utility quoted.</param>
/// <param name="Period">The billing period: a month, or a season for heat.</param>
/// <param name="Plan">Another plan than the account's.</param>
/// <param name="Version">A version of the plan; when left out, the versions in force in the period.</param>
/// <param name="TotalKwh">Electricity used, kWh; when left out, that of the last billed month.</param>
/// <param name="PeakKwh">The part of it in peak hours, kWh.</param>
/// <param name="ValleyKwh">The part of it in valley hours, kWh.</param>
/// <param name="HeatKwh">Heat used, kWh.</param>
/// <param name="AreaM2">Another area than the contract's, m².</param>
/// <param name="LargeHousehold">With the quota of a large household.</param>
public sealed record QuoteAccountRequest(
    Utility Utility, BillingPeriod Period, PlanCode? Plan = null, int? Version = null, decimal? TotalKwh = null,
    decimal? PeakKwh = null, decimal? ValleyKwh = null, decimal? HeatKwh = null, decimal? AreaM2 = null,
    bool LargeHousehold = false);

/// <summary>A bill that was calculated but not issued, and the facts it is based on.</summary>
/// <param name="Account">The account.</param>
/// <param name="Class">Its class.</param>
/// <param name="Period">The billing period.</param>
/// <param name="UsageFrom">The billed month whose consumption was taken, or null when the request gave the
/// consumption.</param>
/// <param name="Usage">The quantities that were rated.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Version">Its version; the last one when the price changes in the period.</param>
/// <param name="Status">Published or Withdrawn.</param>
/// <param name="Lines">The bill line by line.</param>
/// <param name="Total">The sum of the lines, fen.</param>
/// <param name="Net">The total without tax, fen.</param>
/// <param name="Tax">Total − net, fen.</param>
/// <param name="Due">What would have to be paid, fen.</param>
public sealed record AccountQuote(
    AccountNo Account, CustomerClass Class, BillingPeriod Period, BillingPeriod? UsageFrom, QuotedUsage Usage,
    PlanCode Plan, int Version, PlanVersionStatus Status, IReadOnlyList<QuotedLine> Lines, Money Total, Money Net,
    Money Tax, Money Due);

/// <summary>The quantities behind a quote; null where one does not apply or is not known.</summary>
/// <param name="TotalKwh">Electricity, kWh.</param>
/// <param name="PeakKwh">The part of it in peak hours, kWh.</param>
/// <param name="ValleyKwh">The part of it in valley hours, kWh.</param>
/// <param name="Months">How many months it spans, at least 1.</param>
/// <param name="YearToDateKwh">The consumption billed before in the year to which the tiers apply, kWh.</param>
/// <param name="HeatKwh">Heat, kWh.</param>
/// <param name="AreaM2">The billing area, m².</param>
/// <param name="HeightM">The storey height, m.</param>
public sealed record QuotedUsage(
    decimal? TotalKwh, decimal? PeakKwh, decimal? ValleyKwh, int Months, decimal? YearToDateKwh, decimal? HeatKwh,
    decimal? AreaM2, decimal? HeightM);

/// <summary>A line of a bill that was not issued, in words and figures.</summary>
/// <param name="Id">The line.</param>
/// <param name="Label">Its name.</param>
/// <param name="Reason">Why the bill has this line.</param>
/// <param name="Quantity">The quantity.</param>
/// <param name="Unit">The unit of the quantity.</param>
/// <param name="Price">Yuan per unit.</param>
/// <param name="Amount">Its amount, fen.</param>
/// <param name="Formula">Its calculation, such as <c>240 kWh × 0.4883 = 117.19</c>.</param>
public sealed record QuotedLine(
    string Id, Label Label, Label Reason, decimal Quantity, string Unit, decimal Price, Money Amount, string Formula);
