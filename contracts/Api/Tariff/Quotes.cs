using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Contracts.Api;

/// <summary>Asks what a case would cost under a plan.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Case">One case as <c>./billing rate</c> reads it (<c>contracts/schemas/rating-case.schema.json</c>): a
/// usage, a penalty or a suspension.</param>
/// <param name="Version">The version, which may be a draft; null for the versions in force.</param>
public sealed record QuoteBillRequest(PlanCode Plan, JsonElement Case, int? Version = null);

/// <summary>The answer: one bill per period for a usage, or a penalty, or a suspension.</summary>
/// <param name="Plan">The bills, or null when the case is of another kind.</param>
/// <param name="Bills">The bills, or null when another case was asked.</param>
/// <param name="Penalty">The penalty, or null.</param>
/// <param name="Suspension">Whether the application for suspension would be accepted, or null.</param>
public sealed record BillQuote(
    PlanCode Plan, IReadOnlyList<QuotedBill>? Bills, QuotedPenalty? Penalty, QuotedSuspension? Suspension);

/// <summary>A bill that was calculated but not issued.</summary>
/// <param name="Versions">The versions of the plan that made it, in order.</param>
/// <param name="Status">Whether the last of them is Drafted, Published or Withdrawn.</param>
/// <param name="Lines">The bill line by line.</param>
/// <param name="Total">The sum of the lines, fen.</param>
/// <param name="Net">The total without tax, fen.</param>
/// <param name="Tax">Total − net, fen.</param>
/// <param name="Vat">Its VAT treatment.</param>
/// <param name="Shares">The parts of it that other payers owe.</param>
/// <param name="Prepaid">What was paid of it in advance, fen.</param>
/// <param name="Due">What has to be paid: total − prepaid − shares, fen.</param>
public sealed record QuotedBill(
    IReadOnlyList<int> Versions, PlanVersionStatus Status, IReadOnlyList<QuotedBillLine> Lines, Money Total, Money Net,
    Money Tax, QuotedVat Vat, IReadOnlyList<QuotedShare> Shares, Money Prepaid, Money Due);

/// <summary>A line of the bill with its calculation.</summary>
/// <param name="Id">The line.</param>
/// <param name="Version">The version of the plan that made it.</param>
/// <param name="Label">Its name.</param>
/// <param name="Reason">Why the bill has this line.</param>
/// <param name="Quantity">The quantity.</param>
/// <param name="Unit">The unit of the quantity.</param>
/// <param name="Price">Yuan per unit.</param>
/// <param name="Amount">Its amount, fen.</param>
/// <param name="Formula">Its calculation, such as <c>240 kWh × 0.4883 = 117.19</c>.</param>
public sealed record QuotedBillLine(
    string Id, int Version, Label Label, Label Reason, decimal Quantity, string Unit, decimal Price, Money Amount,
    string Formula);

/// <summary>The VAT treatment of a bill.</summary>
/// <param name="Treatment">Taxed or exempt; exempt is not a rate of 0 (rules.md R-5).</param>
/// <param name="Rate">The rate, 0.13 for 13 %; null exactly when exempt.</param>
public sealed record QuotedVat(QuotedVatTreatment Treatment, decimal? Rate);

/// <summary>Whether value added tax is due.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuotedVatTreatment>))]
public enum QuotedVatTreatment
{
    /// <summary>Taxed at a rate, which may be 0.</summary>
    Taxed,

    /// <summary>Exempt: no rate at all.</summary>
    Exempt,
}

/// <summary>A part of a bill that another payer owes.</summary>
/// <param name="Payer">The payer, such as <c>government</c>.</param>
/// <param name="Component">The component of the plan that defines the share.</param>
/// <param name="Label">Its name.</param>
/// <param name="Amount">How much, fen, more than zero.</param>
public sealed record QuotedShare(string Payer, string Component, Label Label, Money Amount);

/// <summary>A late-payment penalty with the lines it was calculated from.</summary>
/// <param name="Lines">The lines.</param>
/// <param name="Exact">Their sum before rounding, minimum and cap, yuan.</param>
/// <param name="Amount">What is owed, fen: rounded once at collection (rules.md L-7), at least the minimum, at most the
/// cap.</param>
public sealed record QuotedPenalty(IReadOnlyList<QuotedPenaltyLine> Lines, decimal Exact, Money Amount);

/// <summary>The penalty of one rate on one amount over a number of days.</summary>
/// <param name="On">The amount that is overdue, fen.</param>
/// <param name="From">The first day counted, inclusive.</param>
/// <param name="To">The last day counted, inclusive.</param>
/// <param name="Days">The number of days; fewer than from first to last when the penalty was frozen in between.</param>
/// <param name="Rate">The rate per day, 0.001 for 1 ‰.</param>
/// <param name="Exact">Amount × days × rate, yuan, not rounded.</param>
public sealed record QuotedPenaltyLine(Money On, DateOnly From, DateOnly To, int Days, decimal Rate, decimal Exact);

/// <summary>Whether an application for suspension would be accepted.</summary>
/// <param name="Accepted">Whether it is in time.</param>
/// <param name="LastDay">The last day on which it would be, inclusive; null when there is no such limit.</param>
/// <param name="SeasonFirst">The first day of the season, inclusive.</param>
/// <param name="SeasonLast">The last day of the season, inclusive.</param>
/// <param name="Share">The share of the price that is still payable, 0.2 for 20 %.</param>
public sealed record QuotedSuspension(
    bool Accepted, DateOnly? LastDay, DateOnly SeasonFirst, DateOnly SeasonLast, decimal Share);
