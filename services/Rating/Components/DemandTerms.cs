namespace Billing.Rating;

/// <summary>
/// How demand is billed (rules.md E-8 to E-10). With a contract, the contracted demand is billed up to a limit; above
/// it, a base and a multiple of the excess. The variants in use are settings of these terms.
/// </summary>
/// <param name="Price">Yuan per kW and month.</param>
/// <param name="Limit">The limit as a share of the contract: 1.05.</param>
/// <param name="Floor">Below the limit the contracted demand is billed; with a floor the measured demand is, but at
/// least this share of the contracted one (an old rule had 0.95).</param>
/// <param name="BaseIsLimit">Whether above the limit the base is the limit instead of the contract.</param>
/// <param name="ExcessOverContract">Whether the excess is counted from the contract instead of from the limit.</param>
/// <param name="ExcessTimes">The multiple at which the excess is charged: 2.</param>
/// <param name="LeastShareOfCapacity">The contracted demand counts as at least this share of the capacity: 0.4.</param>
/// <param name="HighUseKwhPerKva">From this many kWh per kVA and month the price is reduced; null for never.</param>
/// <param name="HighUseFactor">The factor of the reduced price: 0.9.</param>
/// <param name="Demand">The register of the measured demand.</param>
/// <param name="Contract">The name of the contracted demand.</param>
internal sealed record DemandTerms(
    decimal Price, decimal Limit, decimal? Floor, bool BaseIsLimit, bool ExcessOverContract, decimal ExcessTimes,
    decimal LeastShareOfCapacity, decimal? HighUseKwhPerKva, decimal HighUseFactor, string Demand, string Contract)
{
    public static DemandTerms Read(PlanObject json)
    {
        var (highUse, factor) = (null as decimal?, 1m);
        if (json.OptionalObject("highUse") is { } high)
        {
            (highUse, factor) = (high.Number("kwhPerKva", 0m, 1000m), high.Number("factor", 0m, 1m));
            high.Finish();
        }
        var terms = new DemandTerms(
            json.Price("price"), json.OptionalNumber("limit", 1m, 2m) ?? 1m, json.OptionalNumber("floor", 0m, 1m),
            json.Has("base") && json.Choice("base", ("CONTRACT", false), ("LIMIT", true)),
            json.Has("excessOver") && json.Choice("excessOver", ("LIMIT", false), ("CONTRACT", true)),
            json.OptionalNumber("excessTimes", 0m, 10m) ?? 1m,
            json.OptionalNumber("leastShareOfCapacity", 0m, 1m) ?? 0m, highUse, factor,
            json.Has("register") ? json.Name("register") : "demand",
            json.Has("contract") ? json.Name("contract") : "contract-demand");
        json.Finish();
        return terms;
    }

    /// <summary>Computes the demand to be billed, and how much of it is excess.</summary>
    public RatingRefusal? Count(in BillBuilder bill, bool byContract, string capacityRegister, out Counted counted)
    {
        counted = default;
        if (bill.Quantity(Demand, Unit.Kw) is not { } measured)
            return bill.Missing(Demand);
        var capacity = bill.Quantity(capacityRegister, Unit.Kva);
        if (HighUse(in bill, capacityRegister, capacity, out var factor) is { } refusal)
            return refusal;
        if (!byContract)
        {
            counted = new(measured, 0m, factor);
            return null;
        }
        if (bill.Quantity(Contract, Unit.Kw) is not { } contract)
            return bill.Missing(Contract);
        if (LeastShareOfCapacity > 0m)
        {
            if (capacity is not { } kva)
                return bill.Missing(capacityRegister);
            contract = Math.Max(contract, kva * LeastShareOfCapacity);
        }
        var limit = contract * Limit;
        if (measured > limit)
            counted = new(BaseIsLimit ? limit : contract, measured - (ExcessOverContract ? contract : limit), factor);
        else
            counted = new(Floor is { } floor ? Math.Max(measured, contract * floor) : contract, 0m, factor);
        return null;
    }

    private RatingRefusal? HighUse(
        in BillBuilder bill, string capacityRegister, decimal? capacity, out decimal factor)
    {
        factor = 1m;
        if (HighUseKwhPerKva is not { } enough)
            return null;
        if (capacity is not { } kva)
            return bill.Missing(capacityRegister);
        if (bill.Usage.TotalKwh is not { } total)
            return RatingRefusal.TotalMissing;
        if (kva > 0m && total >= enough * kva * bill.Usage.Months)
            factor = HighUseFactor;
        return null;
    }

    /// <summary>The billed demand.</summary>
    /// <param name="Billed">kW at the price.</param>
    /// <param name="Excess">kW at a multiple of the price.</param>
    /// <param name="Factor">The factor of the price for high use.</param>
    internal readonly record struct Counted(decimal Billed, decimal Excess, decimal Factor);
}
