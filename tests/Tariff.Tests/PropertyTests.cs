using Billing.Contracts;
using Billing.Rating;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>What holds for every plan and every usage, tried on random ones; a failure prints its seed.</summary>
public sealed class PropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(500);

    private static readonly Gen<decimal> Kwh = Gen.Choose(0, 2_000_000).Select(cents => cents / 100m);

    private static readonly Gen<decimal> Price = Gen.Choose(0, 20_000_000).Select(parts => parts / 10_000_000m);

    private static readonly Gen<string> Rounding = Gen.Elements("LINE", "TOTAL");

    private static readonly Gen<string> VatRate = Gen.Elements("0", "0.06", "0.09", "0.13");

    /// <summary>Tiers whose prices never fall, as tariffs are.</summary>
    private static readonly Gen<(decimal[] Limits, decimal[] Prices)> Tiers =
        from count in Gen.Choose(0, 5)
        from widths in Gen.Choose(1, 50_000).ArrayOf(count)
        from prices in Price.ArrayOf(count + 1)
        select (widths.Select((_, i) => widths.Take(i + 1).Sum() / 100m).ToArray(), prices.Order().ToArray());

    private static readonly Gen<PlanDocument> TierPlan =
        from tiers in Tiers
        from rounding in Rounding
        from vat in VatRate
        select Plans.Electricity(Plans.Tiers(tiers.Limits, tiers.Prices), rounding, vat);

    private static readonly Gen<PlanDocument> TimeOfUsePlan =
        from tiers in Tiers
        from prices in Price.ArrayOf(3)
        from rounding in Rounding
        from vat in VatRate
        select Plans.Electricity(
            Plans.TimeOfUse("FLAT", ("PEAK", prices[0]), ("FLAT", prices[1]), ("VALLEY", prices[2])) + "," +
            Plans.Tiers(tiers.Limits, [0m, .. tiers.Prices.Skip(1)], "INCREMENT"), rounding, vat);

    private static readonly decimal[] Caps = [1m, 1.1m, 1.15m];

    private static readonly Gen<PlanDocument> HeatPlan =
        from price in Price
        from share in Gen.Choose(0, 100)
        from metered in Price
        from cap in Gen.Elements("NONE", "CAP_100", "CAP_110", "CAP_115")
        from per in Gen.Elements("SEASON", "MONTH", "DAY")
        from proration in Gen.Elements("BY_DAY", "NONE")
        from unit in Gen.Elements("KWH", "GJ")
        from rounding in Rounding
        from vat in VatRate
        select Plans.Heat(
            Plans.TwoPart(
                Plans.Area(price * 100m, per, proration), $$"""{"share": {{Plans.N(share / 100m)}} }""", metered, cap,
                unit, true),
            """{"from": "11-15", "to": "03-15", "months": 4}""", rounding, vat);

    private static readonly Gen<PlanDocument> AnyPlan = Gen.OneOf(TierPlan, TimeOfUsePlan, HeatPlan);

    private static readonly Gen<Usage> AnyUsage =
        from start in Gen.Choose(0, 20_000)
        from days in Gen.Choose(0, 200)
        from total in Kwh
        from parts in Gen.Choose(0, 1000).Two()
        from months in Gen.Choose(1, 3)
        from settles in Gen.Elements(true, false)
        from heat in Kwh
        let first = new DateOnly(1990, 1, 1).AddDays(start)
        select new Usage(new(first, first.AddDays(days)))
        {
            TotalKwh = total, PeakKwh = Math.Round(total * parts.Item1 / 1000m, 2, MidpointRounding.ToZero),
            ValleyKwh = Math.Round(total * parts.Item2 / 1000m, 2, MidpointRounding.ToZero),
            Months = months, Settles = settles, HeatKwh = heat, HeatGj = null,
        };

    private static readonly Gen<SupplyFacts> AnySupply =
        from cents in Gen.Choose(0, 50_000)
        from factor in Gen.Choose(1, 200)
        from large in Gen.Elements(true, false)
        select Plans.Home with { AreaM2 = cents / 100m, HeatFactor = factor / 100m, LargeHousehold = large };

    [Fact]
    public void Every_bill_adds_up_and_every_line_follows_from_its_own_figures() =>
        Check(
            from plan in AnyPlan from supply in AnySupply from usage in AnyUsage select (plan, supply, usage),
            x => x.plan.Rate(x.supply, x.usage) is not { IsBill: true, Bill: { } bill } ||
                (bill.Net + bill.Tax == bill.Total
                && Money.Sum(bill.Lines.Select(line => line.Amount)) == bill.Total
                && bill.Lines.All(line => line.Amount == Recomputed(line))
                && bill.Lines.All(line => x.plan.Explain(line).Formula.EndsWith(
                    line.Amount.ToString(), StringComparison.Ordinal))));

    [Fact]
    public void Rating_never_throws_and_rating_again_gives_the_same() =>
        Check(
            from plan in AnyPlan from supply in AnySupply from usage in AnyUsage select (plan, supply, usage),
            x =>
            {
                var (first, second) = (x.plan.Rate(x.supply, x.usage), x.plan.Rate(x.supply, x.usage));
                return first.Refusal == second.Refusal && first.Bill?.Total == second.Bill?.Total
                    && first.IsBill == (first.Refusal is null);
            });

    [Fact]
    public void Tiers_take_every_kwh_once_and_never_skip_a_price() =>
        Check(
            from plan in TierPlan from kwh in Kwh select (plan, kwh),
            x =>
            {
                var lines = x.plan.Bill(x.kwh).Lines.Where(line => line.Unit == Unit.Kwh).ToArray();
                return lines.Sum(line => line.Quantity) == x.kwh
                    && lines.Select(line => line.Id).SequenceEqual(
                        Enumerable.Range(1, lines.Length).Select(tier => $"energy.tier{tier}"));
            });

    /// <summary>
    /// One hundredth of a kWh more costs no less, and no more than it at the highest price and a fen a line.
    /// </summary>
    [Fact]
    public void Tiers_are_monotone_and_continuous() =>
        Check(
            from tiers in Tiers from rounding in Rounding from kwh in Kwh select (tiers, rounding, kwh),
            x =>
            {
                var plan = Plans.Electricity(Plans.Tiers(x.tiers.Limits, x.tiers.Prices), x.rounding);
                var step = plan.Bill(x.kwh + 0.01m).Total - plan.Bill(x.kwh).Total;
                return step >= Money.Zero && step <= Money.FromYuan(0.01m * x.tiers.Prices[^1]) + new Money(2);
            });

    /// <summary>
    /// A season billed in parts: every part rounds by at most half a fen, so that the last part, billed as the whole
    /// less what was billed before, differs from its own fee by no more than that for each part.
    /// </summary>
    [Fact]
    public void Parts_of_a_season_add_up_to_the_season_within_half_a_fen_each() =>
        Check(
            from price in Price
            from areaCents in Gen.Choose(1, 50_000)
            from per in Gen.Elements("SEASON", "MONTH", "DAY")
            from cuts in Gen.Choose(1, 120).ArrayOf(3)
            select (price: price * 100m, areaM2: areaCents / 100m, per, cuts),
            x =>
            {
                var plan = Plans.Heat(
                    Plans.HeatArea(Plans.Area(x.price, x.per)), """{"from": "11-15", "to": "03-15", "months": 4}""");
                var (season, sum) = (Plans.WholeSeason, Money.Zero);
                int[] starts = [0, .. x.cuts.Distinct().Order(), season.Days];
                for (var i = 1; i < starts.Length; i++)
                    sum += plan.Bill(x.areaM2, new(
                        season.First.AddDays(starts[i - 1]), season.First.AddDays(starts[i] - 1))).Total;
                var gap = plan.Bill(x.areaM2, season).Total - sum;
                return Math.Abs(gap.Fen) * 2 <= starts.Length;
            });

    [Fact]
    public void A_settled_bill_never_exceeds_its_cap() =>
        Check(
            from plan in HeatPlan from supply in AnySupply from kwh in Kwh select (plan, supply, kwh),
            x =>
            {
                var usage = new Usage(Plans.WholeSeason) { HeatKwh = x.kwh, Settles = true };
                var advance = x.plan.Rate(x.supply, usage with { Settles = false });
                var settled = x.plan.Rate(x.supply, usage);
                // The amount of the cap's line brings the bill to a share of the advance, the same for all of them.
                return !settled.IsBill
                    || Array.Find(settled.Bill.Lines, line => line.Id == "heat.cap") is not { Id: { } } cap
                    || (settled.Bill.Total == Money.FromYuan(cap.Quantity) && cap.Amount < Money.Zero
                        && Caps.Any(share =>
                            settled.Bill.Total == Money.FromYuan(advance.Bill!.Total.Yuan * share)));
            });

    [Fact]
    public void The_largest_valid_figures_do_not_overflow()
    {
        var area = Plans.Area(10_000m, "DAY", basis: "\"RENTED\", \"basisFactor\": 10");
        var components = Enumerable.Range(0, 50).Select(i => Plans
            .TwoPart(area, """{"price": 10000}""", 10_000m, "CAP_115", corrected: true)
            .Replace("\"id\": \"heat\"", $"\"id\": \"heat{i}\"", StringComparison.Ordinal));
        var plan = Plans.Heat(string.Join(",", components), """{"from": "01-01", "to": "12-31"}""");
        var year = new DateRange(new(2024, 1, 1), new(2024, 12, 31));
        var supply = Plans.Home with { AreaM2 = 10_000_000m, HeatFactor = 10m };
        var bill = plan.Bill(supply, new(year) { HeatKwh = 10_000_000_000m, Settles = true });
        Assert.True(bill.Total.Yuan > 10_000_000_000_000_000m);
    }

    private static Money Recomputed(BillLine line) =>
        Money.FromYuan(line.Quantity * line.Price * line.Factor * line.Times / line.Of) - line.Less;

    private static void Check<T>(Gen<T> gen, Func<T, bool> holds) =>
        Prop.ForAll(gen.ToArbitrary(), holds).Check(Many);
}
