namespace Billing.Rating;

/// <summary>The unit of a quantity.</summary>
public enum Unit
{
    /// <summary>Kilowatt-hours, of electricity or of heat.</summary>
    Kwh,

    /// <summary>Gigajoules of heat.</summary>
    Gj,

    /// <summary>Square metres of billing area.</summary>
    M2,

    /// <summary>Money: the line is a share of other lines, or adjusts them.</summary>
    Yuan,

    /// <summary>Kilowatts of demand, per month.</summary>
    Kw,

    /// <summary>Kilovolt-amperes of capacity or demand, per month.</summary>
    Kva,

    /// <summary>Kilovolt-amperes per day: capacity that was in use for a part of the month.</summary>
    KvaDay,

    /// <summary>Kilovar-hours of reactive energy.</summary>
    Kvarh,

    /// <summary>Amperes of contracted current, per month.</summary>
    Ampere,

    /// <summary>Days.</summary>
    Day,

    /// <summary>Months.</summary>
    Month,

    /// <summary>Bills, or other things that are counted.</summary>
    Each,
}

/// <summary>The symbols of units, and what they measure.</summary>
public static class UnitSymbols
{
    private static readonly string[] Symbols =
        ["kWh", "GJ", "m2", "yuan", "kW", "kVA", "kVA·d", "kvarh", "A", "day", "month", "each"];

    /// <summary>Units that a plan may name for a register.</summary>
    internal static readonly (string Text, Unit Unit)[] OfRegisters =
    [
        ("kWh", Unit.Kwh), ("kW", Unit.Kw), ("kVA", Unit.Kva), ("kvarh", Unit.Kvarh), ("A", Unit.Ampere),
        ("GJ", Unit.Gj), ("each", Unit.Each),
    ];

    /// <summary>The symbol in bills and JSON: kWh, GJ, m2, yuan ….</summary>
    public static string Symbol(this Unit unit) => Symbols[(int)unit];

    /// <summary>The unit with a symbol, or null.</summary>
    public static Unit? Parse(string? symbol) =>
        Array.IndexOf(Symbols, symbol) is >= 0 and var found ? (Unit)found : null;

    /// <summary>
    /// Whether the values of two parts of a period add up to that of the whole, as for energy. The others are priced
    /// per month: demand, capacity, current.
    /// </summary>
    internal static bool AddsUp(this Unit unit) => unit is Unit.Kwh or Unit.Gj or Unit.Kvarh;
}
