namespace Billing.Rating;

/// <summary>
/// The quantity that is priced: a register of the usage or a quantity of the contract, by name, and how it is adjusted
/// before it is priced.
/// </summary>
internal sealed class Measured
{
    private readonly string? _netOf;
    private readonly string? _ratchet;
    private readonly decimal _ratchetShare;
    private readonly decimal? _atLeast;
    private readonly decimal? _atMostPerMonth;
    private readonly bool _optional;

    private Measured(PlanObject json, string register, Unit unit)
    {
        Register = json.Has("register") ? json.Name("register") : register;
        Unit = json.Has("unit") ? json.Choice("unit", UnitSymbols.OfRegisters) : unit;
        _netOf = json.Has("netOf") ? json.Name("netOf") : null;
        if (_netOf == Register)
            json.Fail("netOf", "must be another register");
        _atLeast = json.OptionalNumber("atLeast", 0m, 1_000_000_000m);
        _atMostPerMonth = json.OptionalNumber("atMostPerMonth", 0m, 1_000_000_000m);
        _optional = json.Has("optional") && json.Flag("optional");
        if (json.OptionalObject("ratchet") is { } ratchet)
        {
            (_ratchet, _ratchetShare) = (ratchet.Name("register"), ratchet.Number("share", 0m, 1m));
            ratchet.Finish();
        }
    }

    public string Register { get; }

    public Unit Unit { get; }

    /// <summary>Whether it is the register <c>total</c> with nothing subtracted.</summary>
    public bool IsTotal => Register == "total" && _netOf is null;

    public static Measured Read(PlanObject json, string register = "total", Unit unit = Unit.Kwh) =>
        new(json, register, unit);

    /// <summary>
    /// Computes the quantity to be priced; null without a refusal when it is optional and was not measured.
    /// </summary>
    public RatingRefusal? Find(in BillBuilder bill, out decimal? quantity)
    {
        quantity = bill.Quantity(Register, Unit);
        if (quantity is not { } value)
            return _optional ? null : bill.Missing(Register);
        if (_netOf is not null)
        {
            if (bill.Quantity(_netOf, Unit) is not { } other)
                return bill.Missing(_netOf);
            value = Math.Max(0m, value - other);
        }
        if (_ratchet is not null)
        {
            if (bill.Quantity(_ratchet, Unit) is not { } highest)
                return bill.Missing(_ratchet);
            value = Math.Max(value, highest * _ratchetShare);
        }
        if (_atLeast is { } least)
            value = Math.Max(value, least);
        if (_atMostPerMonth is { } most)
            value = Math.Min(value, most * bill.Months);
        quantity = value;
        return null;
    }

    /// <summary>The further factor of a price per unit: 1 for energy, the number of months for a demand.</summary>
    public decimal MonthsOf(in BillBuilder bill) => Unit.AddsUp() || Unit == Unit.Each ? 1m : bill.Usage.Months;
}

/// <summary>
/// How a charge per month is prorated when the supply existed for a part of the month (rules.md E-11).
/// </summary>
internal enum PartMonth
{
    /// <summary>Not prorated.</summary>
    Whole,

    /// <summary>By the days of the billing period.</summary>
    CalendarDays,

    /// <summary>By thirtieths, whatever the length of the month.</summary>
    Thirtieths,
}

internal static class PartMonths
{
    public static PartMonth Read(PlanObject json) => json.Has("partMonth")
        ? json.Choice("partMonth", ("WHOLE", PartMonth.Whole), ("CALENDAR_DAYS", PartMonth.CalendarDays),
            ("THIRTIETHS", PartMonth.Thirtieths))
        : PartMonth.Whole;

    /// <summary>The part of the months that is charged: for the days in the window and of the supply.</summary>
    public static Part Of(this PartMonth rule, in BillBuilder bill) => (rule, bill.Usage.Cycle) switch
    {
        (PartMonth.CalendarDays, { } cycle) => Part.Days(bill.Days, cycle.Days),
        (PartMonth.Thirtieths, { } cycle) when cycle.Days != bill.Days =>
            new(bill.Days, 30 * bill.Usage.Months),
        _ => bill.Slice,
    };
}
