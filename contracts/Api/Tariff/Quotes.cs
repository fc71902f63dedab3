using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Contracts.Api;

/// <summary>What would this cost?</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Case">One case as <c>./billing rate</c> reads it (<c>contracts/schemas/rating-case.schema.json</c>): a
/// usage, a penalty or a suspension.</param>
/// <param name="Version">The version, which may be a draft; null for those in force.</param>
public sealed record QuoteBillRequest(PlanCode Plan, JsonElement Case, int? Version = null);

/// <summary>The answer: bills for a usage, one for each period, or a penalty, or a suspension.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Bills">The bills, or null when another case was asked.</param>
/// <param name="Penalty">The penalty, or null.</param>
/// <param name="Suspension">Whether the application would count, or null.</param>
public sealed record BillQuote(
    PlanCode Plan, IReadOnlyList<QuotedBill>? Bills, QuotedPenalty? Penalty, QuotedSuspension? Suspension);

/// <summary>The bill as it would be.</summary>
/// <param name="Versions">The versions of the plan that made it, in order.</param>
/// <param name="Status">Whether the last of them is Drafted, Published or Withdrawn.</param>
/// <param name="Lines">The bill line by line.</param>
/// <param name="Total">The sum of the lines, fen.</param>
/// <param name="Net">The total without tax, fen.</param>
/// <param name="Tax">Total − net, fen.</param>
/// <param name="Vat">How it is taxed.</param>
/// <param name="Shares">What others pay of it.</param>
/// <param name="Prepaid">What was paid of it before, fen.</param>
/// <param name="Due">What is to pay: total − prepaid − shares, fen.</param>
public sealed record QuotedBill(
    IReadOnlyList<int> Versions, PlanVersionStatus Status, IReadOnlyList<QuotedBillLine> Lines, Money Total, Money Net,
    Money Tax, QuotedVat Vat, IReadOnlyList<QuotedShare> Shares, Money Prepaid, Money Due);

/// <summary>A line of the bill, explained.</summary>
/// <param name="Id">The line.</param>
/// <param name="Version">The version of the plan that made it.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Reason">Why it is there.</param>
/// <param name="Quantity">How much.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Price">Yuan per unit.</param>
/// <param name="Amount">Its amount, fen.</param>
/// <param name="Formula">Its calculation, such as <c>240 kWh × 0.4883 = 117.19</c>.</param>
public sealed record QuotedBillLine(
    string Id, int Version, Label Label, Label Reason, decimal Quantity, string Unit, decimal Price, Money Amount,
    string Formula);

/// <summary>How a bill is taxed.</summary>
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
/// <param name="Payer">Who, such as <c>government</c>.</param>
/// <param name="Component">The component of the plan that says so.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Amount">How much, fen, more than zero.</param>
public sealed record QuotedShare(string Payer, string Component, Label Label, Money Amount);

/// <summary>What is owed for paying late, with the pieces that made it.</summary>
/// <param name="Lines">The pieces.</param>
/// <param name="Exact">Their sum before rounding, minimum and cap, yuan.</param>
/// <param name="Amount">What is owed, fen: rounded once at collection (rules.md L-7), at least the minimum, at most the
/// cap.</param>
public sealed record QuotedPenalty(IReadOnlyList<QuotedPenaltyLine> Lines, decimal Exact, Money Amount);

/// <summary>So many days of a rate on an amount.</summary>
/// <param name="On">The amount, fen.</param>
/// <param name="From">The first day counted, inclusive.</param>
/// <param name="To">The last day counted, inclusive.</param>
/// <param name="Days">How many; less than from first to last when the penalty was frozen in between.</param>
/// <param name="Rate">The rate per day, 0.001 for 1 ‰.</param>
/// <param name="Exact">Amount × days × rate, yuan, not rounded.</param>
public sealed record QuotedPenaltyLine(Money On, DateOnly From, DateOnly To, int Days, decimal Rate, decimal Exact);

/// <summary>Whether an application for suspension would count.</summary>
/// <param name="Accepted">Whether it comes in time.</param>
/// <param name="LastDay">The last day on which it does, inclusive; null when any day will do.</param>
/// <param name="SeasonFirst">The first day of the season, inclusive.</param>
/// <param name="SeasonLast">The last day of the season, inclusive.</param>
/// <param name="Share">The part of the price that is still to pay, 0.2 for 20 %.</param>
public sealed record QuotedSuspension(
    bool Accepted, DateOnly? LastDay, DateOnly SeasonFirst, DateOnly SeasonLast, decimal Share);
