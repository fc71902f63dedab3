namespace Billing.Tools;

/// <summary>
/// Simulates one bank day of the town: all partners at once, each on its own bank day, with its own customers.
/// </summary>
internal sealed class Simulation(Services services, ConsoleOutput console, int seed)
{
    /// <summary>An account that paid too much, or null.</summary>
    public string? OverPaid { get; private set; }

    /// <summary>Simulates the payments of one day.</summary>
    /// <param name="daysAgo">How many days before the current bank day.</param>
    /// <param name="accounts">The accounts of the town.</param>
    /// <param name="comes">Whether an account pays on the day, by its number in the town, from 1.</param>
    /// <param name="what">What is paid, such as electricity.</param>
    public async Task<IReadOnlyList<BankDay>> Run(
        int daysAgo, IReadOnlyList<string> accounts, Func<int, bool> comes, string what)
    {
        var tally = new Tally();
        var visits = Visits(accounts, comes, what, daysAgo == 0);
        var coming = visits.Values.Sum(customers => customers.Count);
        var days = new List<BankDay>();
        foreach (var partner in DemoPartners.All)
        {
            // Kept open for what happens later on the day.
            var connection = await PartnerKeys.Connect(services.Payments, partner.Code);
            days.Add(new(partner, partner.Day(daysAgo), connection, tally));
        }
        var (served, watch) = (0L, System.Diagnostics.Stopwatch.StartNew());
        await console.Bar(what, coming, async tell =>
        {
            var all = Task.WhenAll(days.Select(bank => bank.Serve(
                visits[bank.Partner.Code], () => Interlocked.Increment(ref served), CancellationToken.None)));
            while (await Task.WhenAny(all, Task.Delay(100)) != all)
                tell(Interlocked.Read(ref served));
            await all;
        });
        var rate = tally["payments"] / watch.Elapsed.TotalSeconds;
        console.Fact(
            $"{what}: {tally["payments"]:N0} payments, {tally.Brought.Yuan:N2} yuan, {rate:N0} per second",
            watch.Elapsed);
        Tell(tally);
        OverPaid = tally.Example;
        return days;
    }

    private Dictionary<string, List<Visit>> Visits(
        IReadOnlyList<string> accounts, Func<int, bool> comes, string what, bool dayRuns)
    {
        // A customer's bank is always the same; the habit is not.
        var choice = new Chance(seed, "partners");
        var habits = DemoPartners.All.ToDictionary(
            partner => partner.Code, partner => new Habits(new(seed, $"{partner.Code} {what}"), partner, dayRuns));
        var visits = DemoPartners.All.ToDictionary(partner => partner.Code, _ => new List<Visit>());
        for (var i = 0; i < accounts.Count; i++)
        {
            var (account, partner) = (accounts[i], DemoPartners.Of(choice).Code);
            if (comes(i + 1))
                visits[partner].Add(new(account, habits[partner].Next(), visits[partner].Count + 1));
        }
        return visits;
    }

    private void Tell(Tally tally)
    {
        console.Line($"over-paid, kept as advance: {tally["over-paid"]:N0};  part-paid: {tally["part-paid"]:N0};  " +
            $"taken back and paid again: {tally["reversed"]:N0}");
        console.Line($"no answer heard, asked and repeated: {tally["no answer"]:N0};  told more than once: " +
            $"{tally["repeated"]:N0} times;  none was taken twice");
        console.Line($"refused: same serial with another amount {tally["same serial, another amount"]:N0}, " +
            $"late payment after its reversal {tally["late payment after its reversal"]:N0}");
        if (tally.Wrong.Count > 0)
            throw new Failure($"The system took what it must refuse: {string.Join("; ", tally.Wrong)}");
    }
}
