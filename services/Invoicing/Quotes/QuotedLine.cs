using Billing.Contracts;
using Billing.Rating;

namespace Billing.Invoicing;

/// <summary>A line of a bill that was not issued, in words and figures; Tariff's quotes have the same.</summary>
/// <param name="Id">The line.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Reason">Why it is there.</param>
/// <param name="Quantity">How much.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Price">Yuan per unit.</param>
/// <param name="Amount">Its amount.</param>
/// <param name="Formula">Its calculation, such as <c>240 kWh × 0.4883 = 117.19</c>.</param>
public sealed record QuotedLine(
    string Id, Label Label, Label Reason, decimal Quantity, string Unit, decimal Price, Money Amount, string Formula)
{
    internal static IReadOnlyList<QuotedLine> Of(PlanSchedule plan, Bill bill)
    {
        ArgumentNullException.ThrowIfNull(bill);
        return [.. bill.Lines.Select(line => Of(plan, line))];
    }

    private static QuotedLine Of(PlanSchedule plan, BillLine line)
    {
        var words = plan.Explain(line);
        return new(
            line.Id, words.Label, words.Reason, line.Quantity, line.Unit.Symbol(), line.Price, line.Amount,
            words.Formula);
    }
}
