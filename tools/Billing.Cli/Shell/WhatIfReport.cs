using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Invoicing;
using Spectre.Console;

namespace Billing.Tools;

/// <summary>
/// Prints the result of a what-if: the sums first, then the accounts with the largest differences, and their lines.
/// </summary>
internal sealed class WhatIfReport(ConsoleOutput console)
{
    public void Tell(WhatIfFindings found)
    {
        console.Line($"What if: {found.Plan} version {found.Version}, {found.From} to {found.To} 调价测算");
        console.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"  {found.Total.Invoices:N0} invoices of {found.Accounts:N0} accounts on " +
            $"{string.Join(", ", found.Plans)}, rated again in {found.Seconds:0.0} s"));
        var classes = Sums("class 类别", "invoices");
        foreach (var one in found.Classes)
            Row(classes, [$"{one.Class}", $"{one.Invoices:N0}"], one.Old, one.New);
        Row(classes, ["all 合计", $"{found.Total.Invoices:N0}"], found.Total.Old, found.Total.New);
        console.Table(classes);

        console.Line("Where the difference comes from, line by line of the bills 差额来自");
        var lines = Sums("line", "");
        foreach (var one in found.Lines)
            Row(lines, [one.Label.Zh, one.Id], one.Old, one.New);
        console.Table(lines);
        Households(found.Deciles);
        Ends("Who would pay less by most 少付最多", found.Winners);
        Ends("Who would pay more by most 多付最多", found.Losers);
        LeftOut(found);
    }

    private void Households(IReadOnlyList<ComparedDecile> deciles)
    {
        if (deciles.Count == 0)
            return;
        console.Line("Households in tenths, by what they were billed 居民按原电费(热费)分十组");
        var table = new Table().AddColumn("");
        foreach (var column in new[] { "accounts", "kWh", "old", "difference", "%", "pay more", "less", "same" })
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var tenth in deciles)
        {
            table.AddRow(
                $"{tenth.Number}", $"{tenth.Accounts:N0}", $"{tenth.Kwh:N0}", Yuan(tenth.Old),
                Signed(tenth.Difference), Share(tenth.Old, tenth.New), $"{tenth.PayMore:N0}", $"{tenth.PayLess:N0}",
                $"{tenth.PaySame:N0}");
        }
        console.Table(table);
    }

    private void Ends(string title, IReadOnlyList<ComparedAccount> accounts)
    {
        console.Line(accounts.Count == 0 ? $"{title}: nobody" : title);
        if (accounts.Count == 0)
            return;
        var table = Sums("account", "class");
        foreach (var account in accounts)
            Row(table, [$"{account.Account}", $"{account.Class}"], account.Old, account.New);
        console.Table(table);
        var first = accounts[0].Invoices.MaxBy(invoice => Math.Abs(invoice.New.Fen - invoice.Old.Fen))!;
        console.Note($"  for example {accounts[0].Account} in {first.Period}, invoice {first.Invoice}:");
        Lines("old", first.OldLines, first.Old);
        Lines("new", first.NewLines, first.New);
        console.Line();
    }

    private void Lines(string name, IReadOnlyList<QuotedLine> lines, Money total)
    {
        foreach (var line in lines)
            console.Note($"    {name}  {line.Label.Zh}: {line.Formula}");
        console.Note($"    {name}  total {total} yuan");
    }

    private void LeftOut(WhatIfFindings found)
    {
        foreach (var reason in found.Refused.Reasons)
            console.Warn($"not rated by the document: {reason.Invoices:N0} invoices, {reason.Code}: {reason.Message} " +
                $"For example {reason.Invoice}.");
        if (found.NotReproducible.Invoices == 0)
            return;
        console.Warn($"left out: {found.NotReproducible.Invoices:N0} invoices over " +
            $"{Yuan(found.NotReproducible.Billed)} yuan do not come out as billed with the facts of today:");
        foreach (var one in found.NotReproducible.First)
            console.Note($"    {one.Invoice}, account {one.Account}: billed {one.Billed}, today " +
                $"{one.Today?.ToString() ?? one.Code}");
    }

    private static Table Sums(string first, string second)
    {
        var table = new Table().AddColumn(first).AddColumn(second);
        foreach (var column in new[] { "old", "new", "difference", "%" })
            table.AddColumn(new TableColumn(column).RightAligned());
        return table;
    }

    private static void Row(Table table, string[] named, Money old, Money @new) => table.AddRow(
        [
            .. named.Select(Markup.Escape), Yuan(old), Yuan(@new), Signed(@new - old), Share(old, @new),
        ]);

    private static string Share(Money old, Money @new) =>
        old.IsZero ? "" : $"{(@new - old).Yuan / old.Yuan * 100m:+0.0;-0.0;0.0}";

    private static string Yuan(Money money) => money.Yuan.ToString("N2", CultureInfo.InvariantCulture);

    private static string Signed(Money money) =>
        money.Yuan.ToString("+#,0.00;-#,0.00;0.00", CultureInfo.InvariantCulture);
}
