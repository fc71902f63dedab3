using BenchmarkDotNet.Attributes;
using Billing.Contracts;
using Billing.Rating;

namespace Billing.RatingBench;

/// <summary>
/// How long one bill takes on one core, for plans of each kind, beside the limit: the same products and roundings as
/// the residential bill has, written out by hand.
/// </summary>
[MemoryDiagnoser]
public class RatingBenchmarks
{
    private readonly PlanDocument _tiers = Plans.Shipped("beijing-residential-electricity");
    private readonly PlanDocument _heat = Plans.Shipped("tianjin-residential-heat-metered");
    private readonly PlanDocument _industry = Plans.Industry();
    private readonly SupplyFacts _home = new(CustomerClass.Residential) { AreaM2 = 98.76m, HeatFactor = 1m };
    private readonly Usage _month = new(new(new(2026, 10, 1), new(2026, 10, 31))) { TotalKwh = 450m };
    private readonly Usage _season = new(new(new(2025, 11, 15), new(2026, 3, 15)))
    {
        HeatKwh = 7000m, Settles = true, Prepaid = new(246_900),
    };

    private readonly SupplyFacts _factory = new(CustomerClass.Industrial)
    {
        BasicCharge = BasicChargeMethod.ContractDemand,
        Quantities = new Dictionary<string, decimal> { ["capacity"] = 500m, ["contract-demand"] = 400m },
    };

    private readonly Usage _production = new(new(new(2026, 10, 1), new(2026, 10, 31)))
    {
        TotalKwh = 120_000m, PeakKwh = 40_000m, ValleyKwh = 30_000m,
        Registers = new Dictionary<string, decimal> { ["reactive"] = 60_000m, ["demand"] = 430m },
    };

    /// <summary>The limit: three products rounded to fen, a tax, nothing else.</summary>
    [Benchmark(Baseline = true)]
    public long Arithmetic()
    {
        var used = _month.TotalKwh!.Value;
        var total = Money.FromYuan(240m * 0.4883m) + Money.FromYuan(160m * 0.5383m) +
            Money.FromYuan((used - 400m) * 0.7883m);
        return (total - Money.FromYuan(total.Yuan / 1.13m)).Fen;
    }

    /// <summary>Three monthly tiers.</summary>
    [Benchmark]
    public Rated Residential() => _tiers.Rate(_home, _month);

    /// <summary>A season of metered heat, settled.</summary>
    [Benchmark]
    public Rated MeteredHeat() => _heat.Rate(_home, _season);

    /// <summary>10 kV in two parts: demand, time of use, four funds, power factor.</summary>
    [Benchmark]
    public Rated Industrial() => _industry.Rate(_factory, _production);
}
