using Billing.Contracts;

namespace Billing.Rating;

/// <summary>The facts about a supply that a tariff may use, apart from its usage.</summary>
/// <param name="Class">The customer class; the plan must apply to it.</param>
public sealed record SupplyFacts(CustomerClass Class)
{
    /// <summary>
    /// The area on the contract, m², on the basis the plan names (rules.md H-5); 0 when there is no heat.
    /// </summary>
    public decimal AreaM2 { get; init; }

    /// <summary>
    /// The consumption correction factor of the flat (用热量修正系数, rules.md H-9); 1 is no correction. Null when it is not
    /// known: a plan that corrects consumption then refuses the bill.
    /// </summary>
    public decimal? HeatFactor { get; init; }

    /// <summary>The storey or net height as the plan measures it, m; null when it is ordinary (rules.md 1.2).</summary>
    public decimal? HeightM { get; init; }

    /// <summary>The use class on the contract, such as 住宅 or 学校; null when it is not known.</summary>
    public string? UseClass { get; init; }

    /// <summary>
    /// Whether the household was granted the large-household quota for this period (rules.md E-6): the category
    /// <c>large-household</c>.
    /// </summary>
    public bool LargeHousehold { get; init; }

    /// <summary>Granted categories that a plan may ask for, such as <c>low-income</c> (rules.md H-19, E-6).</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>
    /// How the basic charge is computed, as the customer chose (rules.md E-8); null leaves it to the plan.
    /// </summary>
    public BasicChargeMethod? BasicCharge { get; init; }

    /// <summary>
    /// Quantities of the contract by name: <c>capacity</c> (kVA), <c>contract-demand</c> (kW), <c>ampere</c> ….
    /// </summary>
    public IReadOnlyDictionary<string, decimal> Quantities { get; init; } = Nothing;

    /// <summary>
    /// The day from which the household has its quota this year: its opening, or the transfer that reset it (rules.md
    /// E-5). Null or a day of an earlier year: the whole year's quota.
    /// </summary>
    public DateOnly? QuotaSince { get; init; }

    internal static readonly Dictionary<string, decimal> Nothing = [];

    internal bool Is(string category) =>
        (LargeHousehold && category == "large-household") || Categories.Contains(category);
}

/// <summary>How a basic charge is computed (rules.md E-8).</summary>
public enum BasicChargeMethod
{
    /// <summary>By the capacity of the transformers, kVA.</summary>
    Capacity,

    /// <summary>By the contracted demand, kW.</summary>
    ContractDemand,

    /// <summary>By the highest measured demand, kW.</summary>
    ActualDemand,
}

/// <summary>
/// The usage of a supply in a period. A quantity that is null was not measured; a component that needs it refuses the
/// bill. Quantities are after multiplier and losses.
/// </summary>
/// <param name="Period">
/// The supplied days, both inclusive. For heat these are the heated days: a flat opened in mid-season begins later.
/// </param>
public sealed record Usage(DateRange Period)
{
    /// <summary>
    /// The whole billing period when the supply existed for a part of it only: charges per month are then prorated as
    /// the plan says (rules.md E-11). Null: the period is whole.
    /// </summary>
    public DateRange? Cycle { get; init; }

    /// <summary>All electricity of the period, kWh: the register <c>total</c>.</summary>
    public decimal? TotalKwh { get; init; }

    /// <summary>The part of the total in peak hours, kWh: the register <c>peak</c>.</summary>
    public decimal? PeakKwh { get; init; }

    /// <summary>
    /// The part of the total in valley hours, kWh: the register <c>valley</c>. Flat is what is left of the total
    /// (rules.md E-23).
    /// </summary>
    public decimal? ValleyKwh { get; init; }

    /// <summary>
    /// Other registers by name: <c>demand</c> (kW), <c>reactive</c> (kvarh), <c>export</c>, <c>solar/total</c> ….
    /// </summary>
    public IReadOnlyDictionary<string, decimal> Registers { get; init; } = SupplyFacts.Nothing;

    /// <summary>
    /// The number of monthly quotas for the period: 1 for a monthly bill, 2 when two months are read at once.
    /// </summary>
    public int Months { get; init; } = 1;

    /// <summary>
    /// Readings inside the period, for prices that change in it: parts that follow each other and make up the period.
    /// </summary>
    public IReadOnlyList<Usage> Parts { get; init; } = [];

    /// <summary>
    /// The consumption in the calendar year before this period, kWh: annual tiers continue from it (rules.md E-5). Null
    /// when it is not known. A period belongs to the year of its last day.
    /// </summary>
    public decimal? YearToDateKwh { get; init; }

    /// <summary>The total of the year's bills before this one, tax included, for annual minimums.</summary>
    public Money? YearToDateCharges { get; init; }

    /// <summary>
    /// The same without tax, for annual minimums of plans with tax on top, whose amounts are without tax, too.
    /// </summary>
    public Money? YearToDateNet { get; init; }

    /// <summary>
    /// The sums of single lines of the year's bills before this one, by their ids, for annual minimums of some lines
    /// only; a line that is missing is zero.
    /// </summary>
    public IReadOnlyDictionary<string, Money>? YearToDateLines { get; init; }

    /// <summary>Whether this is the last bill of the year, which settles an annual minimum.</summary>
    public bool ClosesYear { get; init; }

    /// <summary>Metered heat, kWh. In the tariff's own unit it is used without conversion (rules.md H-10).</summary>
    public decimal? HeatKwh { get; init; }

    /// <summary>Metered heat, GJ. In the tariff's own unit it is used without conversion (rules.md H-10).</summary>
    public decimal? HeatGj { get; init; }

    /// <summary>
    /// False: a two-part heat supply is billed in advance by area. True: it is settled by its meter after the season
    /// (rules.md H-11).
    /// </summary>
    public bool Settles { get; init; }

    /// <summary>
    /// The amount billed in advance for the same period; the bill's <see cref="Bill.Due"/> is the remainder.
    /// </summary>
    public Money Prepaid { get; init; }

    /// <summary>The day that decides the VAT class (rules.md R-5); by default the last day of the period.</summary>
    public DateOnly? TaxPoint { get; init; }

    /// <summary>The interruptions of the supply.</summary>
    public Interruptions Interruptions { get; init; } = Interruptions.None;

    /// <summary>The payment that may earn a discount (rules.md H-18), or null.</summary>
    public EarlyPayment? Payment { get; init; }

    /// <summary>
    /// The period for which the months and quantities are given, when only a slice of it is rated; else null.
    /// </summary>
    internal DateRange? Whole { get; init; }

    /// <summary>How quantities are divided between slices, when it differs from the plan of the slice.</summary>
    internal Split? SplitBy { get; init; }

    /// <summary>The value of a register, or null when it was not measured.</summary>
    internal decimal? this[string register] => register switch
    {
        "total" => TotalKwh,
        "peak" => PeakKwh,
        "valley" => ValleyKwh,
        "heat-kwh" => HeatKwh,
        "heat-gj" => HeatGj,
        _ => Registers.TryGetValue(register, out var quantity) ? quantity : null,
    };
}

/// <summary>The interruptions of a supply. A plan that does not price one of them refuses the bill.</summary>
public sealed record Interruptions
{
    /// <summary>No interruptions.</summary>
    public static readonly Interruptions None = new();

    /// <summary>Whether heat is suspended (报停) for the whole season (rules.md 1.7).</summary>
    public bool Suspended { get; init; }

    /// <summary>Days on which heat was cut off for arrears (rules.md H-17); they do not overlap.</summary>
    public IReadOnlyList<DateRange> Disconnected { get; init; } = [];

    /// <summary>Days on which the supplier did not supply (rules.md H-16); they do not overlap.</summary>
    public IReadOnlyList<Outage> Outages { get; init; } = [];

    /// <summary>Days on which rooms were too cold (rules.md 1.6); they do not overlap.</summary>
    public IReadOnlyList<ColdSpell> Cold { get; init; } = [];

    /// <summary>Transformers sealed during the period (rules.md E-12).</summary>
    public IReadOnlyList<SealedCapacity> Sealed { get; init; } = [];

    internal bool IsHeatOnly => Suspended || Disconnected.Count > 0 || Outages.Count > 0 || Cold.Count > 0;
}

/// <summary>An outage: the supplier did not deliver.</summary>
/// <param name="Days">The days, both inclusive.</param>
/// <param name="Hours">The length without a break, hours; null: the whole of the days.</param>
public sealed record Outage(DateRange Days, decimal? Hours = null);

/// <summary>Rooms were colder than the standard.</summary>
/// <param name="Days">From the application to the passed re-test, both inclusive (rules.md H-22).</param>
/// <param name="Celsius">The temperature that counts, °C.</param>
/// <param name="AffectedM2">The area of the cold rooms, m²; null: all of it.</param>
/// <param name="Hours">The length without a break, hours; null: the whole of the days.</param>
public sealed record ColdSpell(DateRange Days, decimal Celsius, decimal? AffectedM2 = null, decimal? Hours = null);

/// <summary>A transformer, or a part of the capacity, was sealed.</summary>
/// <param name="Kva">The sealed capacity, kVA.</param>
/// <param name="Days">The days, beginning with the day of sealing, both inclusive.</param>
public sealed record SealedCapacity(decimal Kva, DateRange Days);

/// <summary>How a bill was paid, for discounts (rules.md H-18).</summary>
/// <param name="On">The day.</param>
/// <param name="Channel">The channel, such as <c>Online</c> or <c>Counter</c>.</param>
/// <param name="Full">Whether the whole bill was paid at once.</param>
/// <param name="Arrears">Whether older bills were unpaid.</param>
public sealed record EarlyPayment(DateOnly On, string Channel, bool Full, bool Arrears);
