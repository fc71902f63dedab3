using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Tools;

/// <summary>
/// The main process from end to end: files are imported, electricity is billed, customers pay, the banks' files are
/// reconciled, heat is billed as well, and at the end all books balance.
/// </summary>
internal sealed class Demo(Services services, ConsoleOutput console, int seed)
{
    private const string LostSerial = "i9000001";

    // One of this many accounts pays its heat on the current day.
    private const int TodaysShare = 10;

    private static readonly PayDay ElectricityPaid =
        new("Paying for electricity  收电费", DaysAgo: 3, "electricity", _ => true);

    private static readonly PayDay HeatPaid =
        new("Paying for heat  收热费", DaysAgo: 1, "heat", number => number % TodaysShare != 0, Odd: "icbc");

    private static readonly PayDay Today =
        new("The bank day that runs  当日收费", DaysAgo: 0, "heat, today", number => number % TodaysShare == 0);

    /// <summary>The bank days of which the partners' files are sent, as days before the current one.</summary>
    public static readonly IReadOnlyList<int> FiledDaysAgo =
        [.. new[] { ElectricityPaid, HeatPaid, Today }.Where(day => day.IsOver).Select(day => day.DaysAgo)];

    private static readonly FreezeRunRequest Electricity =
        new(Utility.Electricity, BillingPeriod.Parse("2026-10"), new(2026, 11, 2), new(2026, 11, 18));

    private static readonly FreezeRunRequest Heat =
        new(Utility.Heat, BillingPeriod.Parse("2026-2027"), new(2026, 11, 15), new(2026, 12, 31));

    private string? _overPaid;

    /// <summary>Runs the demonstration; true when the books balance.</summary>
    public async Task<bool> Run(string folder, int? accounts, CancellationToken cancellation)
    {
        console.Section("Files  数据");
        var expected = Files(folder, accounts);
        console.Section("Take-over  价格、客户、抄表");
        var takeOver = new TakeOver(services, console);
        await takeOver.Plans(Path.Combine(folder, "plans"));
        await Partners();
        await takeOver.Accounts(Path.Combine(folder, "accounts.csv"));
        foreach (var file in Directory.GetFiles(folder, "readings-*.csv").Order(StringComparer.Ordinal))
            await takeOver.Readings(file);

        console.Section("Electricity  电费 2026-10");
        await Bill("2026-10-electricity", Electricity, expected?.ElectricityAccounts);
        var customers = AccountsOf(folder);
        var given = Path.Combine(folder, "bank");
        var files = accounts is null && Directory.Exists(given)
            ? Directory.GetFiles(given, "*.txt").Order(StringComparer.Ordinal).Select(BankFile.Read).ToList() : [];
        if (files.Count == 0)
            await Pay(ElectricityPaid, customers, folder);

        console.Section("Heat  热费 2026-2027");
        await Bill("2026-2027-heat", Heat, expected?.HeatAccounts);
        await Settled();
        if (files.Count == 0)
        {
            await Pay(HeatPaid, customers, folder);
            await Pay(Today, customers, folder);
        }
        else
        {
            await Replay(files);
        }

        console.Section("Arrears  欠费");
        await new Arrears(services, console).Show();
        console.Section("One customer  一户");
        await Sample(customers);
        console.Section("Trial balance  试算平衡");
        var (verdict, balanced) = await TrialBalance.Check(services, console, cancellation);
        console.Timing();
        Console.WriteLine(verdict);
        return balanced;
    }

    private Expected? Files(string folder, int? accounts)
    {
        if (accounts is not { } count)
        {
            if (!Directory.Exists(Path.Combine(folder, "plans")) || !File.Exists(Path.Combine(folder, "accounts.csv")))
                throw new Failure($"{folder} needs plans/*.json and accounts.csv; readings and bank files may follow.");
            console.Line($"your own, in {folder}");
            return Generator.Read(folder);
        }
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var expected = new Generator(count, seed, folder).Run();
        console.Fact($"a city of {count:N0} accounts, invented from seed {seed}", watch.Elapsed);
        console.Note($"in {folder}: plans/*.json, accounts.csv, readings-*.csv");
        console.Note(
            $"{expected.ElectricityAccounts:N0} have electricity, {expected.HeatAccounts:N0} heat; " +
            $"{expected.Vacant:N0} flats are empty; " +
            $"{expected.Exchanged:N0} meters were exchanged,");
        console.Note(
            $"{expected.RolledOver:N0} rolled over, {expected.Missing:N0} were not read, {expected.Implausible:N0} " +
            $"read wrong; " +
            $"{expected.Files.Sum(file => file.Refused.Count)} lines are wrong on purpose");
        return expected;
    }

    private async Task Partners()
    {
        foreach (var partner in DemoPartners.All)
        {
            await services.Payments.Agree(payments => payments.Put<string>(
                $"/partners/{partner.Code}", partner.Terms)).Accepted(partner.Code);
        }
        console.Line($"{DemoPartners.All.Count} partners: " +
            $"{string.Join("、", DemoPartners.All.Select(partner => partner.Terms.Name))}");
    }

    private async Task Bill(string name, FreezeRunRequest order, int? expected)
    {
        var run = new BillingRun(services, console, name);
        var drafted = await run.Draft(order);
        if (expected is { } count && count != drafted.Cohort)
            throw new Failure(
                $"{name}: {drafted.Cohort:N0} accounts are to be billed, but {count:N0} are in the files.");
        console.Line(drafted.Previous.Invoices == 0
            ? $"draft: {drafted.Drafting.Amount.Yuan:N2} yuan; nothing to compare with, {drafted.Previous.Period} " +
                $"was not billed here"
            : $"draft: {drafted.Drafting.Amount.Yuan:N2} yuan; {drafted.Previous.Period} was " +
                $"{drafted.Previous.Amount.Yuan:N2}");
        if (drafted.State is RunState.Posting or RunState.Posted)
            console.Line("this run was posted before; it is not posted twice");
        else
            await new Reviewer(run, console).Review();
        var posted = await run.Post();
        console.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{posted.Cohort:N0} accounts = {posted.Posting.Invoices:N0} invoices + {posted.Open():N0} held back + " +
            $"{posted.Excluded():N0} excluded;  {posted.Posting.Amount.Yuan:N2} yuan"));
        if (!await Manifest.Verify(services, console, name, Instance.ManifestPublicKey))
            throw new Failure($"{name}: the manifest does not hold.");
        await BillingRun.Visible(services, console);
    }

    private async Task Pay(PayDay what, IReadOnlyList<string> customers, string folder)
    {
        console.Section(what.Title);
        if (await IsPlayed(what.DaysAgo))
            return;
        var simulation = new Simulation(services, console, seed);
        var days = await simulation.Run(what.DaysAgo, customers, what.Comes, what.Name);
        _overPaid ??= simulation.OverPaid;
        if (what.IsOver)
            await Reconcile(days, what.Odd, customers, folder);
        else
            console.Line("the partners' files of this day come when it is over");
        await Settled();
    }

    private async Task Reconcile(
        IReadOnlyList<BankDay> days, string? odd, IReadOnlyList<string> customers, string folder)
    {
        var bank = days.FirstOrDefault(bank => bank.Partner.Code == odd);
        var lost = bank is null ? null : await Lost(bank, customers);
        var reconciling = new Reconciling(services, console, Path.Combine(folder, "bank"));
        await reconciling.Send(days, odd, lost);
        if (bank is null || lost is null)
            return;
        (await bank.Pay(lost.Account, lost.Serial, lost.Amount, CancellationToken.None)).Ok("posting late");
        await reconciling.TakeBack(bank);
        var after = await reconciling.Look(bank.Partner.Code, bank.Day);
        console.Line(
            $"{lost.Serial} was posted late, as its bank asked: now {after.Classes[LineClass.Match]:N0} match and " +
            $"{after.Differences.Count} differ");
    }

    /// <summary>Whether any partner's customers have paid on its bank day already.</summary>
    private async Task<bool> IsPlayed(int daysAgo)
    {
        foreach (var (partner, day) in DemoPartners.All.Select(partner => (partner.Code, partner.Day(daysAgo))))
        {
            var text = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var cash = await services.Payments.Get<IReadOnlyList<CashOfDay>>($"/cash?from={text}&to={text}");
            if (!cash.Any(of => of.Partner.Value == partner && of.Received > Money.Zero))
                continue;
            console.Line($"the bank day {text} was played before; nobody pays twice");
            return true;
        }
        return false;
    }

    /// <summary>A customer who has paid at the bank, but whose payment was never sent here.</summary>
    private static async Task<LostPayment?> Lost(BankDay bank, IReadOnlyList<string> customers)
    {
        var paid = bank.Books.Select(line => line.Account).ToHashSet(StringComparer.Ordinal);
        foreach (var account in customers.Where(account => !paid.Contains(account)).Take(200))
        {
            var bill = await bank.Bill(account, CancellationToken.None);
            if (bill.Value?.Outstanding > Money.Zero)
                return new(LostSerial, account, bill.Value.Outstanding);
        }
        return null;
    }

    private async Task Replay(IReadOnlyList<BankFile> files)
    {
        console.Section("Bank files  银行对账文件");
        await new BankReplay(services, console).Pay(files);
        await new Reconciling(services, console, null).SendFiles(files);
        await Settled();
    }

    /// <summary>Waits until Collections has consumed every movement of money.</summary>
    private async Task Settled()
    {
        var sum = await services.Payments.Get<PaymentTotals>($"/totals");
        await console.Wait("all of it known to Collections", async () =>
        {
            var known = (await services.Collections.Get<Dated<CollectionTotals>>($"/totals")).Figure;
            return (known.Allocated, known.Advance) == (sum.Allocated, sum.Advance);
        });
        console.Line($"paid {sum.Allocated.Yuan:N2} of {sum.Charges.Yuan:N2} yuan billed; {sum.Advance.Yuan:N2} yuan " +
            $"held as advance");
    }

    /// <summary>
    /// Shows a customer who paid too much for electricity, so that the heat bill was paid in part from the advance.
    /// </summary>
    private async Task Sample(IReadOnlyList<string> customers)
    {
        var account = _overPaid ?? customers[0];
        var samples = new Samples(services, console);
        var statement = await services.Invoicing.Get<AccountStatement>($"/accounts/{account}/statement");
        await samples.Account(statement);
        if (statement.Entries.FirstOrDefault(entry => entry.Kind == "invoice") is { } invoice)
            await samples.Invoice(invoice.Reference);
    }

    private static List<string> AccountsOf(string folder)
    {
        using var file = new CsvTable(Path.Combine(folder, "accounts.csv"));
        var accounts = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (file.Read())
        {
            if (AccountNo.TryParse(file["account"], null, out _) && seen.Add(file["account"]))
                accounts.Add(file["account"]);
        }
        return accounts;
    }

    /// <summary>A bank day on which customers pay.</summary>
    /// <param name="Title">The title of its section.</param>
    /// <param name="DaysAgo">How many days before the current bank day.</param>
    /// <param name="Name">What is paid, such as electricity.</param>
    /// <param name="Comes">Whether an account pays, by its number in the town, from 1.</param>
    /// <param name="Odd">The partner whose books have every kind of difference, or null.</param>
    private sealed record PayDay(string Title, int DaysAgo, string Name, Func<int, bool> Comes, string? Odd = null)
    {
        /// <summary>Whether it is over, so that its files can be sent.</summary>
        public bool IsOver => DaysAgo > 0;
    }
}
