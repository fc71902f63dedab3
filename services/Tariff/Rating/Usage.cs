using Billing.Contracts;

namespace Billing.Rating;

/// <summary>What a tariff may ask about the supply, apart from what was used.</summary>
/// <param name="Class">The customer's class; the plan must serve it.</param>
public sealed record SupplyFacts(CustomerClass Class)
{
    /// <summary>
    /// The area on the contract, m², on the basis the plan names (rules.md H-5); 0 when there is no heat.
    /// </summary>
    public decimal AreaM2 { get; init; }

    /// <summary>The consumption correction factor of the flat (用热量修正系数, rules.md H-9); 1 is no correction.</summary>
    public decimal HeatFactor { get; init; } = 1m;

    /// <summary>The storey or net height as the plan measures it, m; null when it is ordinary (rules.md 1.2).</summary>
    public decimal? HeightM { get; init; }

    /// <summary>What the rooms are used for, as on the contract, such as 住宅 or 学校; null when it was not said.</summary>
    public string? UseClass { get; init; }

    /// <summary>Whether the household was granted the large-household quota for this period (rules.md E-6).</summary>
    public bool LargeHousehold { get; init; }
}

/// <summary>
/// What was supplied, and when. A quantity that is null was not measured; a component that needs it then refuses to
/// guess. Quantities are after multiplier and losses.
/// </summary>
/// <param name="Period">
/// The supplied days, both inclusive. For heat these are the heated days: a flat opened in mid-season begins later.
/// </param>
public sealed record Usage(DateRange Period)
{
    /// <summary>All electricity of the period, kWh.</summary>
    public decimal? TotalKwh { get; init; }

    /// <summary>The part of the total in peak hours, kWh.</summary>
    public decimal? PeakKwh { get; init; }

    /// <summary>
    /// The part of the total in valley hours, kWh. Flat is what is left of the total (rules.md E-23).
    /// </summary>
    public decimal? ValleyKwh { get; init; }

    /// <summary>
    /// How many monthly quotas the period carries: 1 for a monthly bill, 2 when two months are read at once.
    /// </summary>
    public int Months { get; init; } = 1;

    /// <summary>
    /// What was used in the calendar year before this period, kWh: annual tiers go on from there (rules.md E-5). Null
    /// when it is not known.
    /// </summary>
    public decimal? YearToDateKwh { get; init; }

    /// <summary>Metered heat in kWh. Given in the tariff's own unit it is used as it is (rules.md H-10).</summary>
    public decimal? HeatKwh { get; init; }

    /// <summary>Metered heat in GJ. Given in the tariff's own unit it is used as it is (rules.md H-10).</summary>
    public decimal? HeatGj { get; init; }

    /// <summary>
    /// False bills a two-part heat supply in advance by area; true settles it by its meter after the season (rules.md
    /// H-11).
    /// </summary>
    public bool Settles { get; init; }

    /// <summary>
    /// What was billed in advance for the same period; the bill's <see cref="Bill.Due"/> is what remains.
    /// </summary>
    public Money Prepaid { get; init; }

    /// <summary>The day that decides the VAT class (rules.md R-5); by default the last day of the period.</summary>
    public DateOnly? TaxPoint { get; init; }
}
