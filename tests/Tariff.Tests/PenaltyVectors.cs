using System.Text.Json;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;

namespace Billing.Tariffs.Tests;

internal static class PenaltyVectors
{
    private static readonly DateOnly Due = new(2025, 3, 10);

    /// <summary>Penalties of a season fee, by days late or between two dates, with a cap or without.</summary>
    public static void OfHeat(JsonElement input, JsonElement config, JsonElement expected)
    {
        var cap = config.TryGetProperty("cap_pct", out var pct) ? $", \"cap\": {Plans.N(pct.Figure() / 100m)}" : "";
        var terms = Terms($"{Rate(config.Figure("rate"))}{cap}");
        if (input.TryGetProperty("paid", out var paid))
        {
            Owed(terms, input.Yuan("fee"), Day(input.Text("due")), Day(paid.GetString()!)).Should().Be(expected.Yuan());
            return;
        }
        input.Figures("days").Select(days => Owed(terms, input.Yuan("fee"), Due, Due.AddDays((int)days)))
            .Should().Equal(expected.EnumerateArray().Select(VectorFigures.Yuan));
    }

    public static void Base(JsonElement input, JsonElement config, JsonElement expected)
    {
        foreach (var mode in expected.EnumerateObject())
        {
            var terms = Terms($"{Rate(config.Figure("rate"))}, \"base\": \"{mode.Name}\"");
            var debt = new LateDebt(
                CustomerClass.Residential, input.Yuan("season_fee"), Due, Due.AddDays((int)input.Figure("days")))
            {
                Payments = [new(Due, input.Yuan("paid"))],
            };
            Owed(terms, debt).Should().Be(mode.Value.Yuan());
        }
    }

    public static void Minimum(JsonElement input, JsonElement config, JsonElement expected)
    {
        var rate = Rate(config.Figure("rate"));
        // One plan: the minimum ended with May 2024.
        var terms = Terms($$"""{{rate}}, "minimum": [{"to": "2024-05-31", "amount": 1.00}]""");
        Each(new(2024, 4, 1)).Should().Equal(Expected("min_1_yuan"));
        Each(new(2024, 6, 1)).Should().Equal(Expected("no_min"));

        IEnumerable<Money> Each(DateOnly due) => input.EnumerateArray().Select(debt =>
            Owed(terms, debt.Yuan("p"), due, due.AddDays((int)debt.Figure("d"))));

        IEnumerable<Money> Expected(string name) =>
            expected.GetProperty(name).EnumerateArray().Select(VectorFigures.Yuan);
    }

    /// <summary>Same year 2 ‰, across years 3 ‰, either from New Year on or for all days.</summary>
    public static void CrossYear(JsonElement input, JsonElement config, JsonElement expected)
    {
        foreach (var answer in expected.EnumerateObject())
        {
            var split = answer.Name == "SPLIT" ? "SPLIT" : "WHOLE";
            var terms = Terms($"{Rate(0.002m, 0.003m)}, \"crossYear\": \"{split}\"");
            CrossYearCase(terms, input, answer.Name).Should().Be(answer.Value.Yuan(), answer.Name);
        }
    }

    public static void DaysLate(JsonElement input, JsonElement config, JsonElement expected)
    {
        var bill = Terms(Rate(0.002m)).Accrue(
            new(CustomerClass.Residential, new(10_000), Day(input.Text("due")), Day(input.Text("paid"))), out _);
        bill!.Lines.Single().Days.Should().Be((int)expected.Figure());
    }

    public static void Partial(JsonElement input, JsonElement config, JsonElement expected)
    {
        var payments = input.GetProperty("pay");
        foreach (var mode in expected.EnumerateObject())
        {
            var terms = Terms($"{Rate(config.Figure("rate"))}, \"partial\": \"{mode.Name}\"");
            var debt = new LateDebt(
                CustomerClass.Residential, input.Yuan("p"), Day("2025-" + input.Text("due")),
                Day("2025-" + payments[1][0].GetString()))
            {
                Payments = [new(Day("2025-" + payments[0][0].GetString()), payments[0][1].Yuan())],
            };
            Owed(terms, debt).Should().Be(mode.Value.Yuan());
        }
    }

    public static void RoundedOnce(JsonElement input, JsonElement config, JsonElement expected) =>
        Owed(Terms(Rate(config.Figure("rate"))), input.Yuan("p"), Due, Due.AddDays((int)input.Figure("d")))
            .Should().Be(expected.Yuan("once"));

    private static Money CrossYearCase(Penalty terms, JsonElement input, string answer)
    {
        var newYear = new DateOnly(2025, 12, 31);
        if (input.TryGetProperty("due_day", out var dueDay))
        {
            var (paid, day) = (Day("2026-" + input.Text("paid")), (int)dueDay.Figure());
            return Owed(terms, input.Yuan("dec"), new(2025, 12, day), paid) +
                Owed(terms, input.Yuan("jan"), new(2026, 1, day), paid);
        }
        if (input.TryGetProperty("p", out var amount))
        {
            return Owed(terms, amount.Yuan(), newYear.AddDays(-(int)input.Figure("days_old_year")),
                newYear.AddDays((int)input.Figure("days_new_year")));
        }
        var debt = input.GetProperty(answer.Split('_')[0]);
        var due = answer == "jan" ? new DateOnly(2026, 1, 15) : new DateOnly(2025, 12, 15);
        return Owed(terms, debt[0].Yuan(), due, due.AddDays((int)debt[1].Figure()));
    }

    private static string Rate(decimal rate, decimal? crossYear = null) => $$"""
        "rates": [{"classes": ["Residential"], "rate": {{Plans.N(rate)}}
          {{(crossYear is { } cross ? $", \"crossYearRate\": {Plans.N(cross)}" : "")}} }]
        """;

    private static Penalty Terms(string terms) => Plans.Parse(Plans.Document(
        "Electricity", Plans.EnergyPrice(1m), "LINE", "0.13", $$""" "penalty": {{{terms}}},""")).Penalty!;

    private static Money Owed(Penalty terms, Money principal, DateOnly due, DateOnly paid) =>
        Owed(terms, new(CustomerClass.Residential, principal, due, paid));

    private static Money Owed(Penalty terms, LateDebt debt)
    {
        var bill = terms.Accrue(debt, out var refusal);
        refusal.Should().BeNull();
        return bill!.Amount;
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");
}
