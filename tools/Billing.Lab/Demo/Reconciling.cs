using System.Globalization;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Spectre.Console;

namespace Billing.Tools;

/// <summary>Sends the partners' files, with every kind of mistake, and shows the comparison of the days.</summary>
/// <param name="services">The services.</param>
/// <param name="console">The output.</param>
/// <param name="folder">The folder in which the files are stored, or null when they come from one.</param>
internal sealed class Reconciling(Services services, ConsoleOutput console, string? folder)
{
    private static readonly LineClass[] Mistakes =
    [
        LineClass.BankOnly, LineClass.UtilityOnly, LineClass.AmountDiffers, LineClass.AccountDiffers,
        LineClass.StatusDiffers, LineClass.CutOffShift,
    ];

    /// <summary>Sends the simulated partners' files.</summary>
    /// <param name="days">The partners' days.</param>
    /// <param name="odd">The partner whose books have every kind of difference, or null.</param>
    /// <param name="lost">A payment of that partner that was never sent here.</param>
    public async Task Send(IReadOnlyList<BankDay> days, string? odd, LostPayment? lost)
    {
        var results = new List<ReconciledDay>();
        foreach (var day in days.Where(day => day.Partner.Code != "psbc"))
        {
            if (day.Partner.Code == "alipay")
                await Truncated(new(day.Partner.Code, day.Day, day.Books));
            var (file, before) = day.Partner.Code == odd
                ? BankBreaks.Of(day, lost) : (new(day.Partner.Code, day.Day, day.Books), null);
            var result = await Take(file);
            if (before is not null)
            {
                await Take(before);
                result = await Look(file.Partner, file.Date);
            }
            results.Add(result);
        }
        foreach (var late in days.Where(day => day.Partner.Code == "psbc"))
        {
            results.Add(await Take(new(late.Partner.Code, late.Day, late.Books)));
            console.Line($"{late.Partner.Terms.Name}'s file came after all the others");
        }
        Show(results);
    }

    /// <summary>Sends the files of a folder.</summary>
    public async Task SendFiles(IReadOnlyList<BankFile> files)
    {
        var results = new List<ReconciledDay>();
        foreach (var file in files)
            results.Add(await Take(file));
        Show(results);
    }

    public async Task<ReconciledDay> Look(string partner, DateOnly day) =>
        await services.Payments.Get<ReconciledDay>(Address(partner, day));

    /// <summary>
    /// Reverses here, too, what the bank reversed and is still held here: one person requests it, another one approves.
    /// </summary>
    public async Task TakeBack(BankDay day)
    {
        var differences = (await Look(day.Partner.Code, day.Day)).Differences;
        foreach (var difference in differences
            .Where(one => one is { Class: LineClass.StatusDiffers, Bank.IsActive: false }))
        {
            var paidOn = difference.OtherDay ?? day.Day;
            await LateReversal.Make(
                services.Payments, day.Partner.Code, paidOn, difference.Serial, "银行已冲正", CancellationToken.None);
            console.Line(
                $"{difference.Serial} was taken back by its bank only; it was requested and approved here, too");
        }
    }

    /// <summary>Shows both sides of the days, and every payment on which they differ.</summary>
    public void Show(IReadOnlyList<ReconciledDay> days)
    {
        var table = new Table().AddColumns("partner", "bank day");
        foreach (var heading in new[] { "bank", "bank yuan", "our yuan", "match", "differ" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var day in days)
        {
            table.AddRow(
                NameOf(day.Partner.Value), Text(day.BankDate), $"{day.Bank.Count:N0}", $"{day.Bank.Amount.Yuan:N2}",
                $"{day.Ours.Amount.Yuan:N2}", $"{day.Classes.GetValueOrDefault(LineClass.Match):N0}",
                $"{day.Differences.Count:N0}");
        }
        console.Table(table);
        foreach (var day in days.Where(day => day.Differences.Count > 0))
            Explain(day);
    }

    private void Explain(ReconciledDay day)
    {
        var counts = Mistakes.Where(day.Classes.ContainsKey)
            .Select(@class => $"{NameOf(@class)} {day.Classes[@class]}");
        console.Line($"{NameOf(day.Partner.Value)}: {string.Join(", ", counts)}");
        foreach (var difference in day.Differences.Take(8))
        {
            var told = difference.Bank ?? difference.Ours!;
            console.Note(
                $"    {NameOf(difference.Class),-14} {difference.Serial,-9} {told.Account,-10}  " +
                $"bank {Amount(difference.Bank),10}  ours {Amount(difference.Ours),10}" +
                (difference.OtherDay is { } other ? $"  in file {Text(other)}" : ""));
        }
    }

    private async Task<ReconciledDay> Take(BankFile file)
    {
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, file.FileName), file.Text);
        }
        return (await services.Payments.PostText<ReconciledDay>(Address(file.Partner, file.Date), file.Text)).Ok(
            file.FileName);
    }

    /// <summary>Sends a truncated file, as when a connection breaks; it must be refused.</summary>
    private async Task Truncated(BankFile file)
    {
        if (file.Lines.Count == 0)
            return;
        var cut = file.Text[..(file.Text.Length * 6 / 10)];
        var answer = await services.Payments.PostText<ReconciledDay>(Address(file.Partner, file.Date), cut);
        if (answer.Problem is not { } problem)
            throw new Failure($"{file.FileName} was cut off and yet taken.");
        console.Line(
            $"{NameOf(file.Partner)}'s file was cut off at first and refused ({problem.Code}); it was sent again");
    }

    private static string Amount(ReportedPayment? told) => told switch
    {
        null => "–",
        { IsActive: false } => "taken back",
        _ => told.Amount.ToString(),
    };

    private static string NameOf(string partner) =>
        DemoPartners.All.FirstOrDefault(known => known.Code == partner)?.Terms.Name ?? partner;

    /// <summary>The name on the wire.</summary>
    private static string NameOf(LineClass @class) => JsonNamingPolicy.KebabCaseLower.ConvertName($"{@class}");

    private static Route Address(string partner, DateOnly day) =>
        $"/partners/{partner}/days/{day:yyyyMMdd}/reconciliation";

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
