using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>
/// Business dates from the first to the last, <b>both inclusive</b>. <c>default</c> is the single day 0001-01-01.
/// </summary>
public readonly record struct DateRange
{
    /// <summary>Creates a range of at least one day.</summary>
    /// <param name="first">First day, inclusive.</param>
    /// <param name="last">Last day, inclusive; not before <paramref name="first"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range would be empty.</exception>
    [JsonConstructor]
    public DateRange(DateOnly first, DateOnly last)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        (First, Last) = (first, last);
    }

    /// <summary>First day, inclusive.</summary>
    public DateOnly First { get; }

    /// <summary>Last day, inclusive.</summary>
    public DateOnly Last { get; }

    /// <summary>Number of days, at least one; both ends count (rules.md H-14).</summary>
    [JsonIgnore]
    public int Days => Last.DayNumber - First.DayNumber + 1;

    /// <summary>Whether a day lies in the range, ends included.</summary>
    public bool Contains(DateOnly day) => day >= First && day <= Last;

    /// <summary>The days contained in both ranges, or null when there are none.</summary>
    public DateRange? Intersect(DateRange other)
    {
        var first = First > other.First ? First : other.First;
        var last = Last < other.Last ? Last : other.Last;
        return first <= last ? new(first, last) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{First:yyyy-MM-dd}..{Last:yyyy-MM-dd}";
}

/// <summary>
/// The days accepted as business dates, <b>both ends inclusive</b>. A date outside of them is taken for a mistyped one,
/// and no arithmetic on a date within them leaves the calendar.
/// </summary>
public static class BusinessCalendar
{
    /// <summary>The first day, 1900-01-01.</summary>
    public static readonly DateOnly First = new(1900, 1, 1);

    /// <summary>The last day, 2199-12-31.</summary>
    public static readonly DateOnly Last = new(2199, 12, 31);

    /// <summary>The form of a day, for error messages.</summary>
    public static string Form => "a day like 2026-10-31, from 1900-01-01 to 2199-12-31";

    /// <summary>Whether a day lies within the business calendar.</summary>
    public static bool Holds(DateOnly day) => day >= First && day <= Last;

    /// <summary>Parses a day as <c>yyyy-MM-dd</c>, the only form in which a day is transmitted.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day)
        && Holds(day);
}

/// <summary>
/// The period of an invoice: a calendar month (<c>2026-10</c>) or a heating season that begins in one year and ends in
/// the next (<c>2026-2027</c>). The days of a season come from the price plan; a month is all its days. Only periods
/// within the <see cref="BusinessCalendar"/> can be parsed.
/// </summary>
[JsonConverter(typeof(IdentifierConverter<BillingPeriod>))]
public readonly record struct BillingPeriod : IIdentifier<BillingPeriod>
{
    private readonly string? _value;

    private BillingPeriod(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "a month like 2026-10 or a season like 2026-2027, from 1900 to 2199";

    /// <summary>Whether this is a heating season.</summary>
    public bool IsSeason => Value.Length == 9;

    /// <summary>The calendar year in which the period begins.</summary>
    public int Year => int.Parse(Value.AsSpan(0, 4), CultureInfo.InvariantCulture);

    /// <summary>The days of a month period, both ends inclusive.</summary>
    /// <exception cref="InvalidOperationException">The period is a season, whose days are defined by the price
    /// plan.</exception>
    public DateRange Month
    {
        get
        {
            if (IsSeason)
                throw new InvalidOperationException($"{Value} is a season; its days are in the price plan.");
            var first = new DateOnly(Year, int.Parse(Value.AsSpan(5, 2), CultureInfo.InvariantCulture), 1);
            return new(first, first.AddMonths(1).AddDays(-1));
        }
    }

    /// <summary>
    /// The month before a month, the season before a season; the first of the calendar is its own predecessor.
    /// </summary>
    public BillingPeriod Previous =>
        IsSeason ? (Year <= BusinessCalendar.First.Year ? this : Season(Year - 1))
        : Month.First <= BusinessCalendar.First ? this : Of(Month.First.AddDays(-1));

    /// <summary>The month that contains a day.</summary>
    public static BillingPeriod Of(DateOnly day) => new(day.ToString("yyyy-MM", CultureInfo.InvariantCulture));

    /// <summary>The season that begins in a year.</summary>
    public static BillingPeriod Season(int year) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{year + 1:0000}"));

    /// <inheritdoc/>
    public static bool IsValid(string text) => text switch
    {
        { Length: 7 } => BusinessCalendar.TryParse(text + "-01", out _),
        { Length: 9 } => text[4] == '-' && Identifier.IsDigits(text[..4], 4, 4) && Identifier.IsDigits(text[5..], 4, 4)
            && int.Parse(text[..4], CultureInfo.InvariantCulture) is var year
            && year >= BusinessCalendar.First.Year && year < BusinessCalendar.Last.Year
            && year + 1 == int.Parse(text[5..], CultureInfo.InvariantCulture),
        _ => false,
    };

    /// <inheritdoc/>
    public static BillingPeriod Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static BillingPeriod Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<BillingPeriod>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out BillingPeriod result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
