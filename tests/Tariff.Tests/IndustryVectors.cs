using System.Text.Json;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;

namespace Billing.Tariffs.Tests;

internal static class AnnualTierVectors
{
    /// <summary>The example has the limits; the prices are those of Beijing (rules.md E-1).</summary>
    public static void Beijing(JsonElement input, JsonElement config, JsonElement expected)
    {
        var bill = Bill(config.Figures("limits"), [0.4883m, 0.5383m, 0.7883m], input);
        new[] { bill.Quantity("energy.tier1"), bill.Quantity("energy.tier2"), bill.Quantity("energy.tier3") }
            .Should().Equal(expected.Figures("split"));
        bill.Total.Should().Be(expected.Yuan("fee"));
    }

    public static void Zhejiang(JsonElement input, JsonElement config, JsonElement expected) =>
        Bill(config.Figures("limits"), config.Figures("prices"), input).Total.Should().Be(expected.Yuan());

    /// <summary>A bill far above all limits shows where they are.</summary>
    public static void MidYear(JsonElement input, JsonElement config, JsonElement expected)
    {
        var since = new DateOnly(2025, (int)input.Figure("open_month"), 10);
        var bill = Plan([2880m, 4800m], [0.4883m, 0.5383m, 0.7883m]).Bill(
            Plans.Home with { QuotaSince = since },
            new(Plans.October) { TotalKwh = 10_000m, YearToDateKwh = 0m });
        var first = bill.Quantity("energy.tier1");
        new[] { first, first + bill.Quantity("energy.tier2") }.Should().Equal(expected.Figures("limits"));
    }

    private static Bill Bill(decimal[] limits, decimal[] prices, JsonElement input) => Plan(limits, prices).Bill(
        Plans.Home, new(Plans.October) { TotalKwh = input.Figure("kwh"), YearToDateKwh = input.Figure("cum") });

    private static PlanDocument Plan(decimal[] limits, decimal[] prices) =>
        Plans.Electricity(Plans.Tiers(limits, prices, period: "YEAR"));
}

internal static class IndustryVectors
{
    private static readonly DateRange June = new(new(2025, 6, 1), new(2025, 6, 30));

    public static void TwoPart(JsonElement input, JsonElement config, JsonElement expected)
    {
        var funds = input.GetProperty("funds").EnumerateObject().ToArray();
        var inBase = config.GetProperty("pf_base_includes_funds").GetBoolean();
        string[] adjusted = ["basic", "energy", .. inBase ? funds.Select(fund => fund.Name) : []];
        var plan = Plans.Electricity(string.Join(", ",
        [
            $$"""
            {"type": "basic-charge", "id": "basic", "label": {"zh": "基本电费", "en": "Basic charge"},
             "capacity": {"price": {{input.Text("cap_price")}} } }
            """,
            Plans.TimeOfUse("FLAT", ("PEAK", input.GetProperty("peak")[1].Figure()),
                ("FLAT", input.GetProperty("flat")[1].Figure()), ("VALLEY", input.GetProperty("valley")[1].Figure()))
                .Replace("\"tou\"", "\"energy\"", StringComparison.Ordinal),
            .. funds.Select(fund => Plans.EnergyPrice(fund.Value.Figure(), fund.Name)),
            Plans.PowerFactor(input.Figure("std"), adjusted),
        ]));
        var (peak, flat, valley) = (Kwh("peak"), Kwh("flat"), Kwh("valley"));
        var bill = plan.Bill(Site(input.Figure("kva")), new(Plans.October)
        {
            TotalKwh = peak + flat + valley, PeakKwh = peak, ValleyKwh = valley,
            Registers = new Dictionary<string, decimal> { ["reactive"] = input.Figure("kvarh") },
        });

        Check("basic", Sum(bill, ["basic"]));
        Check("energy", Sum(bill, ["energy"]));
        Check("funds", Sum(bill, [.. funds.Select(fund => fund.Name)]));
        Check("pf_adj", Sum(bill, ["pf"]));
        Check("total", bill.Total);
        Check("vat_net", bill.Net);
        Check("vat", bill.Tax);
        if (expected.TryGetProperty("pf", out var pf))
        {
            var line = bill.Lines[^1];
            line.Id.Should().Be($"pf.pf{pf.Figure() * 100m:000}");
            line.Price.Should().Be(expected.Figure("pf_pct") / 100m);
        }

        decimal Kwh(string period) => input.GetProperty(period)[0].Figure();

        void Check(string name, Money amount)
        {
            if (expected.TryGetProperty(name, out var wanted))
                amount.Should().Be(wanted.Yuan(), name);
        }
    }

    /// <summary>Every row of the table, by usage that has this power factor, on a basis of 10,000.00.</summary>
    public static void PowerFactorTable(JsonElement input, JsonElement config, JsonElement expected)
    {
        foreach (var row in expected.EnumerateArray())
        {
            foreach (var standard in new[] { "0.90", "0.85", "0.80" })
            {
                var plan = Plans.Electricity(
                    Plans.Fixed(10_000m) + ", " + Plans.PowerFactor(decimal.Parse(standard), ["fixed"]));
                var bill = plan.Bill(Plans.Home, Reactive(10_000m, KvarhFor(row.Figure("pf"), 10_000m)));
                bill.Total.Should().Be(
                    Money.FromYuan(10_000m + 100m * row.Figure(standard)), $"{row.Text("pf")} at {standard}");
            }
        }
    }

    public static void PowerFactorExam(JsonElement input, JsonElement config, JsonElement expected)
    {
        var (kwh, kvarh) = (input.Figure("kwh"), input.Figure("kvarh"));
        // 12,600 with 5 % on it is 12,000 for the energy.
        var plan = Plans.Electricity(Plans.EnergyPrice(0.30m) + ", " +
            Plans.PowerFactor(decimal.Parse(config.Text("std")), ["energy"]));
        var before = plan.Bill(Plans.Home, Reactive(kwh, kvarh));
        var after = plan.Bill(Plans.Home, Reactive(kwh, kvarh + input.Figure("missed")));
        before.Lines[^1].Id.Should().Be($"pf.pf{expected.Figure("pf_before") * 100m:000}");
        after.Lines[^1].Id.Should().Be($"pf.pf{expected.Figure("pf_after") * 100m:000}");
        before.Total.Should().Be(input.Yuan("bill"));
        after.Total.Should().Be(expected.Yuan("correct"));
        (after.Total - before.Total).Should().Be(expected.Yuan("backcharge"));
    }

    /// <summary>The rule of today and its variants: what they differ in is data.</summary>
    public static void Demand(JsonElement input, JsonElement config, JsonElement expected)
    {
        if (expected.ValueKind == JsonValueKind.String)
        {
            Demand(input, "\"limit\": 1.05, \"excessTimes\": 2", BasicChargeMethod.ContractDemand)
                .Should().Be(expected.Yuan());
            return;
        }
        Rule("RULE_A_default", "\"limit\": 1.05, \"excessTimes\": 2");
        Rule("RULE_B", "\"limit\": 1.05, \"excessTimes\": 2, \"base\": \"LIMIT\"");
        Rule("OLD_DOUBLE_OVER_CONTRACT", "\"limit\": 1.05, \"excessTimes\": 2, \"excessOver\": \"CONTRACT\"");
        Demand(input, "", BasicChargeMethod.ActualDemand).Should().Be(expected.Yuan("ACTUAL"));

        void Rule(string name, string terms) =>
            Demand(input, terms, BasicChargeMethod.ContractDemand).Should().Be(expected.Yuan(name), name);
    }

    public static void HighUse(JsonElement input, JsonElement config, JsonElement expected)
    {
        const string terms = "\"highUse\": {\"kwhPerKva\": 260, \"factor\": 0.9}";
        var (price, kwh) = (input.Figure("price"), input.Figure("kwh"));
        Bill(kwh).Should().Be(expected.Yuan());
        Bill(kwh - 1m).Should().Be(Money.FromYuan(input.Figure("demand") * price));

        Money Bill(decimal total) => Plans.Electricity(Plans.DemandCharge(price, terms)).Bill(
            Site(input.Figure("kva")) with { BasicCharge = BasicChargeMethod.ActualDemand },
            new(Plans.October) { TotalKwh = total, Registers = Registers("demand", input.Figure("demand")) }).Total;
    }

    /// <summary>The supply began or ended within the month.</summary>
    public static void PartMonth(JsonElement input, JsonElement config, JsonElement expected)
    {
        foreach (var (rule, name) in new[] { ("CALENDAR_DAYS", "CALENDAR"), ("THIRTIETHS", "THIRTIETH") })
        {
            var plan = Plans.Electricity($$"""
                {"type": "basic-charge", "id": "basic", "label": {"zh": "基本电费", "en": "Basic charge"},
                 "partMonth": "{{rule}}", "capacity": {"price": 25.60} }
                """);
            var amounts = input.GetProperty("cases").EnumerateArray().Select(one =>
            {
                var (days, last) = ((int)one[1].Figure(), LastDayOf(one[0].GetString()!));
                var cycle = new DateRange(new(last.Year, last.Month, 1), last);
                cycle.Days.Should().Be((int)one[2].Figure());
                var supplied = new DateRange(last.AddDays(1 - days), last);
                return plan.Bill(Site(input.Figure("month") / 25.60m), new(supplied) { Cycle = cycle }).Total;
            });
            amounts.Should().Equal(expected.GetProperty(name).EnumerateArray().Select(VectorFigures.Yuan), rule);
        }
    }

    public static void SealedTransformer(JsonElement input, JsonElement config, JsonElement expected)
    {
        var kva = input.Figures("kva");
        foreach (var (name, share) in new[] { ("OLD_50PCT", "0.5"), ("NEW_FREE", "0") })
        {
            var plan = Plans.Electricity($$"""
                {"type": "basic-charge", "id": "basic", "label": {"zh": "基本电费", "en": "Basic charge"},
                 "capacity": {"price": {{input.Text("price")}}, "sealedShare": {{share}} } }
                """);
            var days = new DateRange(DateOnly.Parse("2025-" + input.Text("sealed")), June.Last);
            plan.Bill(Site(kva.Sum()), new(June) { Interruptions = new() { Sealed = [new(kva[0], days)] } })
                .Total.Should().Be(expected.Yuan(name), name);
        }
    }

    /// <summary>
    /// A month with an exchange on the 21st: a 50 kVA transformer with 304 kWh of losses a month and a meter without
    /// time of use before, 200 kVA with time of use and a power factor after. Two versions of a plan, one bill; meters
    /// are multiplied by 20 and 200 (dushuang 981711).
    /// </summary>
    public static void Exchange(JsonElement input, JsonElement config, JsonElement expected)
    {
        var before = Plans.Electricity("""
            {"type": "losses", "id": "loss", "label": {"zh": "变损", "en": "Losses"}, "price": 0.5, "perMonth": {}}
            """ + ", " + Plans.EnergyPrice(0.5m));
        var after = Plans.Parse(Plans.Document(
            "Electricity", Plans.TimeOfUse("FLAT", ("PEAK", 0.8m), ("FLAT", 0.5m), ("VALLEY", 0.2m)) + ", " +
            Plans.PowerFactor(0.90m, ["tou"]), "LINE", "0.13", "\"split\": {\"method\": \"READ\"},")
            .Replace("\"validFrom\": \"1990-01-01\"", "\"validFrom\": \"2025-06-21\"", StringComparison.Ordinal)
            .Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal));
        var site = Plans.Home with { Quantities = Registers("loss", 304m) };
        var usage = new Usage(June)
        {
            TotalKwh = 42_000m, PeakKwh = 8_000m, ValleyKwh = 6_000m, Registers = Registers("reactive", 16_200m),
            Parts =
            [
                new(new(June.First, new(2025, 6, 20))) { TotalKwh = 300m * 20m },
                new(new(new(2025, 6, 21), June.Last))
                {
                    TotalKwh = 180m * 200m, PeakKwh = 40m * 200m, ValleyKwh = 30m * 200m,
                    Registers = Registers("reactive", 81m * 200m),
                },
            ],
        };
        var rated = new PlanSchedule((before, null), (after, null)).Rate(site, usage);
        var bill = rated.Bill ?? throw new InvalidOperationException(rated.Refusal!.Message);
        bill.Quantity("loss").Should().Be(expected.Figure("loss_kwh"));
        Sum(bill, ["pf"]).Should().Be(expected.Yuan("pf_adj"));
        bill.Total.Should().Be(expected.Yuan("total"));
        bill.Lines.Select(line => line.Version).Should().Equal(1, 1, 2, 2, 2, 2);
    }

    private static Money Demand(JsonElement input, string terms, BasicChargeMethod method) =>
        Plans.Electricity(Plans.DemandCharge(input.Figure("price"), terms)).Bill(
            Plans.Home with
            {
                BasicCharge = method, Quantities = Registers("contract-demand", input.Figure("contract")),
            },
            new(Plans.October) { Registers = Registers("demand", input.Figure("measured")) }).Total;

    private static SupplyFacts Site(decimal kva) => Plans.Home with { Quantities = Registers("capacity", kva) };

    private static Usage Reactive(decimal kwh, decimal kvarh) =>
        new(Plans.October) { TotalKwh = kwh, Registers = Registers("reactive", kvarh) };

    /// <summary>kvarh that give a power factor, in the middle of those that round to it.</summary>
    private static decimal KvarhFor(decimal factor, decimal kwh) =>
        decimal.Round(kwh * (decimal)Math.Sqrt((1d / (double)(factor * factor)) - 1d), 2);

    private static Dictionary<string, decimal> Registers(string name, decimal quantity) => new() { [name] = quantity };

    private static Money Sum(Bill bill, string[] components) =>
        Money.Sum(bill.Lines.Where(line => components.Contains(line.Component)).Select(line => line.Amount));

    private static DateOnly LastDayOf(string month) =>
        DateOnly.ParseExact($"2025-{month}-01", "yyyy-MMM-dd").AddMonths(1).AddDays(-1);
}
