using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>
/// The worked examples of changes in time (<c>vectors-2.json</c>) that are a matter of price. Those that are not yet
/// computed anywhere, and why, are in docs/domain/README.md.
/// </summary>
public sealed class ScheduleVectorTests
{
    private static readonly decimal[] Beijing = [0.4883m, 0.5383m, 0.7883m];

    private static readonly Dictionary<string, Action<JsonElement, JsonElement, JsonElement>> Covered = new()
    {
        ["split.class"] = Class,
        ["split.meter"] = Meter,
        ["area.correction"] = Area,
        ["correction.annual"] = Annual,
        ["correction.crossed"] = Crossed,
        ["estimate.settle"] = Estimated,
        ["heat.settle"] = Settled,
        ["heat.outage.hours"] = Outages,
        ["subsidy.refund"] = Subsidised,
        ["penalty.timeline"] = Returned,
        ["penalty.terms"] = PenaltyTerms,
        ["penalty.minimum"] = PenaltyMinimum,
        ["prepay.balance"] = Prepaid,
    };

    private static readonly JsonElement[] All = [.. JsonElement.Parse(File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "vectors-2.json"))).EnumerateArray()];

    public static TheoryData<string> Areas => [.. Covered.Keys];

    [Theory, MemberData(nameof(Areas))]
    public void The_engine_computes_the_worked_example(string area)
    {
        var vector = All.Single(candidate => candidate.Text("area") == area);
        Covered[area](vector.GetProperty("input"), vector.GetProperty("config"), vector.GetProperty("expected"));
    }

    /// <summary>Two plans within a month, the tiers cut by days; kWh as read on the day, or by days.</summary>
    private static void Class(JsonElement input, JsonElement config, JsonElement expected)
    {
        var plans = input.GetProperty("plans");
        var november = new DateRange(new(2025, 11, 1), new(2025, 11, 30));
        foreach (var way in config.GetProperty("split").EnumerateArray().Select(name => name.GetString()!))
        {
            var split = $$""" "split": {"method": "{{way}}", "decimals": 0}, """;
            var home = Plans.Document("Electricity", Plans.Tiers(
                plans[0].Figures("tiers"), plans[0].Figures("prices")), "LINE", "0.13", split);
            var shop = JsonNode.Parse(Plans.Document(
                "Electricity", Plans.EnergyPrice(plans[1].Figure("price")), "LINE", "0.13", split))!;
            (shop["version"], shop["validFrom"]) = (2, input.Text("change"));
            var bill = new PlanSchedule((Plans.Parse(home), null), (Plans.Parse(shop.ToJsonString()), null)).Rate(
                Plans.Home, new(november)
                {
                    TotalKwh = 450m,
                    Parts =
                    [
                        new(new(november.First, new(2025, 11, 12))) { TotalKwh = 210m },
                        new(new(new(2025, 11, 13), november.Last)) { TotalKwh = 240m },
                    ],
                }).Bill!;
            var (wanted, lines) = (expected.GetProperty(way), expected.GetProperty(way).GetProperty("lines"));
            bill.Lines.Select(line => (line.Quantity, line.Amount)).Should().Equal(
                lines.EnumerateArray().Select(line => (line.Figure("kwh"), line.Yuan("amount"))), way);
            bill.Total.Should().Be(wanted.Yuan("total"));
        }
    }

    /// <summary>A meter without registers and one with them in one month: the annual tiers go on over both.</summary>
    private static void Meter(JsonElement input, JsonElement config, JsonElement expected)
    {
        var steps = config.Figures("steps");
        var plan = Plans.Electricity(string.Join(", ", Register("flat"), Register("peak"), Register("valley"),
            Plans.Tiers(config.Figures("limits"), [0m, .. steps], "INCREMENT", "step", period: "YEAR")));
        var kwh = expected.GetProperty("kwh");
        var bill = plan.Bill(Plans.Home, new(new(new(2025, 8, 1), new(2025, 8, 31)))
        {
            TotalKwh = kwh.Figure("flat") + kwh.Figure("peak") + kwh.Figure("valley"),
            PeakKwh = kwh.Figure("peak"), ValleyKwh = kwh.Figure("valley"),
            Registers = new Dictionary<string, decimal> { ["flat"] = kwh.Figure("flat") },
            YearToDateKwh = input.Figure("year_before"),
        });
        var lines = expected.GetProperty("lines");
        bill.Lines.Select(line => line.Amount).Should().Equal(
            lines.Yuan("flat"), lines.Yuan("peak"), lines.Yuan("valley"), lines.Yuan("step2"));
        bill.Total.Should().Be(expected.Yuan("total"));

        string Register(string name) => Plans.EnergyPrice(config.Figure(name), name)
            .Replace("\"price\"", $"\"register\": \"{name}\", \"price\"", StringComparison.Ordinal);
    }

    private static void Area(JsonElement input, JsonElement config, JsonElement expected)
    {
        var plan = Plans.Heat(Plans.HeatArea(Plans.Area(config.Figure("price"))));
        var (billed, found, season) = (input.Figure("billed_area"), input.Figure("found_area"), Plans.WholeSeason);
        var before = plan.Bill(billed, season).Total;
        (plan.Bill(found, season).Total - before).Should().Be(
            expected.GetProperty("WAS_WRONG").Yuan("this_season"));
        var day = DateOnly.Parse(input.Text("verified"));
        (plan.Bill(billed, new(season.First, day.AddDays(-1))).Total + plan.Bill(found, new(day, season.Last)).Total
            - before).Should().Be(expected.GetProperty("HAS_CHANGED_BY_DAY").Yuan("net"));
    }

    private static void Annual(JsonElement input, JsonElement config, JsonElement expected)
    {
        var plan = Plans.Electricity(Plans.Tiers(
            config.Figures("limits_year"), config.Figures("prices"), period: "YEAR"));
        var months = input.GetProperty("months").EnumerateArray().ToArray();
        Bills("billed").Should().Equal(Expected("billed"));
        Bills("true").Should().Equal(Expected("true"));

        IEnumerable<Money> Bills(string which)
        {
            var year = input.GetProperty("year_before").Figure("2025");
            foreach (var month in months)
            {
                yield return plan.Bill(Plans.Home, new(Plans.October)
                {
                    TotalKwh = month.Figure(which), YearToDateKwh = year,
                }).Total;
                year += month.Figure(which);
            }
        }

        IEnumerable<Money> Expected(string which) => expected.Figures(which).Select(Money.FromYuan);
    }

    private static void Crossed(JsonElement input, JsonElement config, JsonElement expected)
    {
        var home = Plans.Electricity(Plans.Tiers([240m, 400m], Beijing));
        var shop = Plans.Electricity(Plans.EnergyPrice(input.GetProperty("plans").GetProperty("B").Figure("price")));
        foreach (var (month, i) in input.GetProperty("billed").EnumerateArray().Select((month, i) => (month, i)))
        {
            var (a, b) = (month.Figure("A"), month.Figure("B"));
            (home.Bill(b).Total - home.Bill(a).Total).Yuan.Should().Be(Difference("A")[i]);
            (shop.Bill(a).Total - shop.Bill(b).Total).Yuan.Should().Be(Difference("B")[i]);
        }

        decimal[] Difference(string account) => expected.GetProperty(account).Figures("difference");
    }

    private static void Estimated(JsonElement input, JsonElement config, JsonElement expected)
    {
        var plan = Plans.Electricity(Plans.Tiers(config.Figures("limits"), config.Figures("prices")));
        Bills(input.Figures("estimated")).Should().Equal(expected.Figures("billed"));
        Bills(expected.Figures("true_split")).Should().Equal(expected.Figures("should_be"));

        IEnumerable<decimal> Bills(decimal[] months) => months.Select(kwh => plan.Bill(kwh).Total.Yuan);
    }

    /// <summary>The heated part; the suspended days stand outside of the cap, as a bill of their own.</summary>
    private static void Settled(JsonElement input, JsonElement config, JsonElement expected)
    {
        var days = input.GetProperty("heated");
        foreach (var cap in new[] { "NONE", "CAP_100", "CAP_110", "CAP_115" })
        {
            var plan = Plans.Heat(Plans.TwoPart(
                Plans.Area(config.Figure("price")), $$"""{"price": {{config.Text("basic")}} }""",
                config.Figure("metered"), cap));
            plan.Bill(Plans.Home with { AreaM2 = input.Figure("area") }, new(new(Day(days[0]), Day(days[1])))
            {
                HeatKwh = input.Figure("kwh"), Settles = true,
            }).Total.Should().Be(expected.GetProperty(cap).Yuan("fee") - expected.Yuan("suspended"), cap);
        }
    }

    /// <summary>The plan counts the days that an outage touched.</summary>
    private static void Outages(JsonElement input, JsonElement config, JsonElement expected)
    {
        foreach (var hours in config.Figures("min_hours"))
        {
            var plan = Plans.Heat(Plans.HeatArea(Plans.Area(24m)) + $$"""
                , {"type": "heat-outage", "id": "outage", "label": {"zh": "退", "en": "Refund"}, "of": ["heat"],
                   "hours": {{Plans.N(hours)}} }
                """);
            var happened = input.GetProperty("outages").EnumerateArray().Select(outage =>
            {
                var (from, to) = (DateTime.Parse(outage[0].GetString()!), DateTime.Parse(outage[1].GetString()!));
                return new Outage(
                    new(DateOnly.FromDateTime(from), DateOnly.FromDateTime(to)),
                    decimal.Round((decimal)(to - from).TotalMinutes / 60m, 6));
            });
            var bill = plan.Bill(Plans.Home with { AreaM2 = 100m }, new(Plans.WholeSeason)
            {
                Interruptions = new() { Outages = [.. happened] },
            });
            bill.Lines[^1].Amount.Should().Be(
                -expected.GetProperty(Plans.N(hours)).GetProperty("DAYS_TOUCHED").Yuan("refund"));
        }
    }

    private static void Subsidised(JsonElement input, JsonElement config, JsonElement expected)
    {
        var plan = Plans.Heat(Plans.HeatArea(Plans.Area(input.Figure("price"))) + $$"""
            , {"type": "subsidy", "id": "aid", "label": {"zh": "补", "en": "Aid"}, "payer": "government", "of": ["heat"],
               "onlyFor": ["low-income"], "share": {{config.Text("share")}}, "upToM2": {{config.Text("up_to_m2")}} }
            """);
        var bill = plan.Bill(
            Plans.Home with { AreaM2 = input.Figure("area"), Categories = ["low-income"] }, new(Plans.WholeSeason));
        (bill.Total, bill.Shares!.Single().Amount, bill.Due).Should().Be(
            (expected.Yuan("fee"), expected.Yuan("government"), expected.Yuan("customer")));
    }

    /// <summary>The payment that came back is as if it had never been there.</summary>
    private static void Returned(JsonElement input, JsonElement config, JsonElement expected)
    {
        var stop = input.GetProperty("stopped")[0];
        var debt = new LateDebt(
            CustomerClass.Residential, input.Yuan("amount"), Day(input.GetProperty("due")),
            Day(input.GetProperty("last_payment")))
        {
            Payments = [new(new(2026, 1, 10), new(3000_00))], Disconnected = [new(Day(stop[0]), Day(stop[1]))],
        };
        foreach (var frozen in new[] { false, true })
        {
            var terms = $"\"frozenWhileStopped\": {(frozen ? "true" : "false")}";
            PenaltyOf(debt, config.Text("rate"), config.Text("cross_rate"), terms).Should().Be(
                expected.GetProperty("CUSTOMER_CAUSE" + (frozen ? "_FROZEN_WHILE_STOPPED" : "")).Yuan("penalty"));
        }
    }

    private static void PenaltyTerms(JsonElement input, JsonElement config, JsonElement expected)
    {
        // The first day that counts is New Year's.
        var debt = Debt(input, "season_fee", DateOnly.Parse(config.Text("first_day")).AddDays(-1));
        foreach (var based in expected.EnumerateObject())
        {
            Owed("").Should().Be(based.Value.Yuan("uncapped"));
            Owed($", \"cap\": {Plans.N(config.Figure("cap_pct") / 100m)}").Should().Be(based.Value.Yuan("capped"));

            Money Owed(string cap) => PenaltyOf(
                debt, config.Text("rate"), config.Text("rate"), $"\"base\": \"{based.Name}\"{cap}");
        }
    }

    private static void PenaltyMinimum(JsonElement input, JsonElement config, JsonElement expected)
    {
        var (debt, rate) = (Debt(input, "amount", Day(input.GetProperty("due"))), config.Text("rate"));
        PenaltyOf(debt, rate, rate, "\"base\": \"OUTSTANDING\"").Should().Be(expected.Yuan("without_minimum"));
        PenaltyOf(debt, rate, rate, $$"""
            "minimum": [{"to": "{{config.Text("minimum_until")}}", "amount": {{config.Text("minimum")}} }]
            """).Should().Be(expected.Yuan("with_minimum"));
    }

    /// <summary>What is available is the money less the month so far, rated as one bill.</summary>
    private static void Prepaid(JsonElement input, JsonElement config, JsonElement expected)
    {
        var plan = Plans.Electricity(Plans.Tiers(config.Figures("limits"), config.Figures("prices")));
        var (money, used, available) = (input.Yuan("advance"), 0m, new List<decimal>());
        var paid = input.GetProperty("payments")[0];
        foreach (var (kwh, day) in input.Figures("kwh").Select((kwh, i) => (kwh, new DateOnly(2025, 7, 1).AddDays(i))))
        {
            used += kwh;
            if (day == Day(paid[0]))
                money += paid[1].Yuan();
            available.Add((money - plan.Bill(used).Total).Yuan);
        }
        available.Should().Equal(expected.Figures("available"));
    }

    private static LateDebt Debt(JsonElement input, string amount, DateOnly due)
    {
        var payments = input.GetProperty("payments").EnumerateArray().ToArray();
        return new(CustomerClass.Residential, input.Yuan(amount), due, Day(payments[^1][0]))
        {
            Payments = [.. payments.SkipLast(1).Select(paid => new PartPayment(Day(paid[0]), paid[1].Yuan()))],
        };
    }

    private static Money PenaltyOf(LateDebt debt, string rate, string crossYear, string terms) =>
        Plans.Parse(Plans.Document("Electricity", Plans.EnergyPrice(1m), "LINE", "0.13", $$"""
            "penalty": {"rates": [{"classes": ["Residential"], "rate": {{rate}}, "crossYearRate": {{crossYear}} }],
              {{terms}} },
            """)).Penalty!.Accrue(debt, out _)!.Amount;

    private static DateOnly Day(JsonElement json) => DateOnly.ParseExact(json.GetString()!, "yyyy-MM-dd");
}
