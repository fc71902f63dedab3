using System.CommandLine;
using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Tools;

/// <summary><c>quote</c>: what an account would pay.</summary>
internal static class QuoteCommand
{
    private static readonly Argument<string> Account = new("account") { Description = "the account" };
    private static readonly Option<string> Period =
        new("--period") { Description = "a month (2026-11), or a heating season (2026-2027)", Required = true };
    private static readonly Option<Utility?> For =
        new("--utility") { Description = "Electricity or Heat; by itself, heat for a season and electricity else" };
    private static readonly Option<string?> Plan = new("--plan") { Description = "another plan than the account's" };
    private static readonly Option<int?> Version =
        new("--plan-version") { Description = "a version of the plan; by itself, the one in force" };
    private static readonly Option<decimal?> Kwh =
        new("--kwh") { Description = "electricity used; by itself, that of the last billed month" };
    private static readonly Option<decimal?> Peak = new("--peak") { Description = "the part of it in peak hours" };
    private static readonly Option<decimal?> Valley = new("--valley") { Description = "the part in valley hours" };
    private static readonly Option<decimal?> HeatKwh = new("--heat-kwh") { Description = "heat used" };
    private static readonly Option<decimal?> Area =
        new("--area") { Description = "another area than the contract's, m2" };
    private static readonly Option<bool> Large =
        new("--large-household") { Description = "with the quota of a large household" };

    public static Command Create()
    {
        var command = new Command("quote", "What would this account pay? Nothing is written.")
        {
            Account, Period, For, Plan, Version, Kwh, Peak, Valley, HeatKwh, Area, Large,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            using var services = new Services();
            var period = arguments.GetValue(Period)!;
            var question = new QuoteAccountRequest(
                arguments.GetValue(For) ?? (period.Length == 9 ? Utility.Heat : Utility.Electricity),
                BillingPeriod.Wrap(period),
                arguments.GetValue(Plan) is { } plan ? PlanCode.Wrap(plan) : null,
                arguments.GetValue(Version),
                arguments.GetValue(Kwh),
                arguments.GetValue(Peak),
                arguments.GetValue(Valley),
                arguments.GetValue(HeatKwh),
                arguments.GetValue(Area),
                arguments.GetValue(Large));
            var quote = (await services.Invoicing.Post<AccountQuote>(
                $"/accounts/{arguments.GetValue(Account)}/quotes", question, cancellation)).Ok("The question");
            Tell(new ConsoleOutput(), quote);
            return 0;
        });
        return command;
    }

    private static void Tell(ConsoleOutput console, AccountQuote quote)
    {
        console.Line($"Account {quote.Account} in {quote.Period}, {quote.Plan} version {quote.Version} 试算");
        var facts = new[]
        {
            Fact(quote.Usage.TotalKwh, "kWh"), Fact(quote.Usage.PeakKwh, "kWh peak"),
            Fact(quote.Usage.ValleyKwh, "kWh valley"), Fact(quote.Usage.YearToDateKwh, "kWh this year before"),
            Fact(quote.Usage.HeatKwh, "kWh of heat"), Fact(quote.Usage.AreaM2, "m2"),
            Fact(quote.Usage.HeightM, "m high"),
            quote.UsageFrom is { } month ? $"as used in {month}" : null,
        };
        console.Note("    " + string.Join(", ", facts.OfType<string>().Prepend($"{quote.Class}")));
        foreach (var line in quote.Lines)
            console.Line($"  {line.Label.Zh}: {line.Formula}   ({line.Reason.Zh})");
        console.Line($"  total {quote.Total} yuan = net {quote.Net} + tax {quote.Tax}");
    }

    private static string? Fact(decimal? value, string what) =>
        value is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.####} {what}") : null;
}
