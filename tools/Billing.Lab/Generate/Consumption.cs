namespace Billing.Tools;

/// <summary>
/// The load that one meter of an account measures: the median month and how it is spread over the day.
/// </summary>
/// <param name="MonthlyKwh">Consumption of an ordinary month, after the multiplier; 0 in a vacant flat.</param>
/// <param name="PeakShare">The part of it in peak hours.</param>
/// <param name="ValleyShare">The part of it in valley hours.</param>
/// <param name="Household">Whether it has the seasonal profile of a household rather than that of a business.</param>
internal sealed record Load(double MonthlyKwh, double PeakShare, double ValleyShare, bool Household)
{
    // January to December: cooling in July and August, electric heating before and after the heating season.
    private static readonly double[] HouseholdYear =
        [1.08, 1.02, 0.95, 0.86, 0.90, 1.10, 1.38, 1.32, 0.96, 0.88, 1.04, 1.10];

    private static readonly double[] BusinessYear =
        [0.98, 0.80, 0.96, 0.96, 1.00, 1.10, 1.22, 1.20, 1.02, 0.92, 0.94, 1.00];

    /// <summary>The consumption of one month, kWh.</summary>
    public double In(int month, Chance chance) =>
        MonthlyKwh * (Household ? HouseholdYear : BusinessYear)[month - 1] * chance.LogNormal(1, 0.12);
}

/// <summary>Draws consumptions with a realistic spread.</summary>
internal sealed class Consumption(int seed)
{
    private readonly Chance _chance = new(seed, "consumption");

    public Load Flat(decimal areaM2, double vacancy) => new(
        _chance.Happens(vacancy) ? 0 : _chance.LogNormal(185 * Math.Pow((double)areaM2 / 88, 0.5), 0.5),
        PeakShare: _chance.Between(0.50, 0.62),
        ValleyShare: _chance.Between(0.25, 0.38),
        Household: true);

    public Load Business(double medianKwh, double sigma) => new(
        _chance.LogNormal(medianKwh, sigma),
        PeakShare: _chance.Between(0.32, 0.46),
        ValleyShare: _chance.Between(0.10, 0.26),
        Household: false);
}
