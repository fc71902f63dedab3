using System.Globalization;
using Billing.Contracts;
using Billing.Rating;
using Spectre.Console;

namespace Billing.Tools;

/// <summary>Prints results for people: a table for each bill.</summary>
internal sealed class AnswerTable(ConsoleOutput console)
{
    public void Write(IReadOnlyList<Answer> answers, string currency)
    {
        var refused = 0;
        foreach (var answer in answers)
        {
            foreach (var bill in answer.Bills)
                Write(answer.Id, bill);
            if (answer.Penalty is { } penalty)
                Write(answer.Id, penalty, currency);
            if (answer.Suspension is { } suspension)
                Write(answer.Id, suspension);
            if (answer.Refusal is { } refusal)
                Refused(answer.Id, refusal);
            refused += answer.IsRefused ? 1 : 0;
        }
        var bills = answers.SelectMany(answer => answer.Bills).Select(bill => bill.Bill).OfType<Bill>().ToList();
        var sum = Money.Sum(bills.Select(bill => bill.Total));
        Say($"{answers.Count} cases, {bills.Count} bills of {sum} {currency}, {refused} refused");
    }

    private void Write(string id, RatedBill rated)
    {
        if (rated.Bill is not { } bill)
        {
            Refused($"{id} {rated.Period}", rated.Refusal!);
            return;
        }
        Say($"{id}  {rated.Period}");
        var table = new Table().AddColumns("line", "calculation")
            .AddColumn(new TableColumn(rated.Currency).RightAligned()).AddColumn("why");
        foreach (var (line, words) in rated.Lines)
        {
            // Without its result, because the amount has a column of its own.
            var formula = words.Formula[..words.Formula.LastIndexOf(" = ", StringComparison.Ordinal)];
            table.AddRow(
                Both(words.Label), Markup.Escape(formula), line.Amount.ToString(), Both(words.Reason));
        }
        console.Table(table);
        Say($"total {bill.Total} = net {bill.Net} + tax {bill.Tax} ({Tax(bill.Vat)})");
        foreach (var share in bill.Shares ?? [])
            Say($"{share.Label.Zh} {share.Label.En}: {share.Payer} pays {share.Amount}");
        if (!bill.Prepaid.IsZero || bill.Shares is not null)
            Say($"prepaid {bill.Prepaid}, due {bill.Due}");
    }

    private void Write(string id, PenaltyBill penalty, string currency)
    {
        foreach (var line in penalty.Lines)
        {
            Say($"{id}: {line.From:yyyy-MM-dd} to {line.To:yyyy-MM-dd}: {line.On} × {line.Days} days × " +
                $"{line.Rate.ToString("0.######", CultureInfo.InvariantCulture)} = " +
                line.Exact.ToString("0.######", CultureInfo.InvariantCulture));
        }
        Say($"{id}: penalty {penalty.Amount} {currency}");
    }

    private void Write(string id, SuspensionAnswer answer)
    {
        var last = answer.LastDay is { } day ? $"last day {day:yyyy-MM-dd}" : "no deadline";
        Say($"{id}: season {answer.Season}: {(answer.Accepted ? "accepted" : "too late")}, {last}, pays " +
            $"{answer.Terms.Share.ToString("0.####%", CultureInfo.InvariantCulture)} of the fee");
    }

    private void Refused(string id, RatingRefusal refusal) =>
        Say($"{id}: refused, {refusal.Code}: {refusal.Message}");

    private static string Tax(VatClass vat) => vat.Rate is { } rate
        ? rate.ToString("0.####%", CultureInfo.InvariantCulture)
        : "exempt";

    private static string Both(Label label) => Markup.Escape($"{label.Zh}\n{label.En}");

    private void Say(string text) => console.Line(text);
}
