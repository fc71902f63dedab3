using Billing.Contracts.Api;
using Billing.Rating;

namespace Billing.Invoicing;

/// <summary>The lines of a bill that was not issued, in words and figures, as in Tariff's quotes.</summary>
internal static class QuotedLines
{
    public static IReadOnlyList<QuotedLine> Of(PlanSchedule plan, Bill bill)
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
