using System.Globalization;
using System.Text.Json;
using Billing.Contracts.Api;
using Spectre.Console;

namespace Billing.Tools;

/// <summary>Prints one customer and one bill, as a clerk would look them up.</summary>
internal sealed class Samples(Services services, ConsoleOutput console)
{
    /// <summary>Prints the statement and the timeline of an account.</summary>
    public async Task Account(AccountStatement statement)
    {
        var account = statement.Account;
        console.Line($"Statement of account {account} 对账单");
        var table = new Table().AddColumns("day", "", "for").AddColumn(new TableColumn("yuan").RightAligned())
            .AddColumn(new TableColumn("owed").RightAligned());
        foreach (var entry in statement.Entries)
        {
            table.AddRow(
                Day(entry.On), entry.Kind,
                Markup.Escape(Short(entry.Note.Length > 0 ? entry.Note : entry.Reference, 46)),
                $"{entry.Amount.Yuan:N2}", $"{entry.Balance.Yuan:N2}");
        }
        console.Table(table);
        var timeline = await services.Customer.Get<TimelinePage>($"/accounts/{account}/timeline");
        console.Line("and its timeline, from all services 时间线");
        foreach (var entry in timeline.Entries)
        {
            var amount = entry.AmountFen is { } fen ? $"{fen / 100m,12:N2}" : new string(' ', 12);
            console.Note($"    {entry.At.ToOffset(TimeSpan.FromHours(8)):HH:mm:ss}  {entry.Source,-11} " +
                $"{entry.Kind,-18} {amount}  {Detail(entry)}");
        }
    }

    /// <summary>Prints an invoice line by line.</summary>
    public async Task Invoice(string invoice)
    {
        var explained = await services.Invoicing.Get<InvoiceExplanation>($"/invoices/{invoice}/explain");
        console.Line($"Invoice {explained.Invoice}, account {explained.Account}, explained 账单说明");
        foreach (var plan in explained.Plans)
            console.Note($"    {plan.Name.Zh}  {plan.Code} version {plan.Version}, {plan.LegalDocument}");
        foreach (var reading in explained.Readings)
        {
            var used = reading.Kwh is { } kwh ? $" → {kwh:N0} kWh" : "";
            console.Note($"    meter {reading.Meter} on {Day(reading.ReadOn)}: {reading.Total:0.00}{used}");
        }
        foreach (var line in explained.Lines)
            console.Line($"  {line.Label.Zh}: {line.Formula}   ({line.Reason.Zh})");
        console.Line($"  total {explained.Amount} yuan = net {explained.Net} + tax {explained.Tax}");
        foreach (var credit in explained.Credits)
            console.Line(
                $"  credit {credit.Note}: {credit.Amount} = net {credit.Net} + tax {credit.Tax}   ({credit.Reason})");
        if (explained.Credits.Count > 0)
            console.Line($"  left {explained.Left} yuan = net {explained.LeftNet} + tax {explained.LeftTax}");
    }

    private static string Detail(TimelineEntry entry)
    {
        foreach (var name in new[] { "invoice", "receipt", "project" })
        {
            if (entry.Detail.ValueKind == JsonValueKind.Object && entry.Detail.TryGetProperty(name, out var value)
                && value.ValueKind == JsonValueKind.String)
                return value.GetString()!;
        }
        return "";
    }

    private static string Short(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
