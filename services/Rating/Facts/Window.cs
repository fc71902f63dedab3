using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// The days on which a component applies: the same days of every year, which may cross New Year (a summer price), or
/// once from a date to a date (a price that changes within a period). Both ends inclusive.
/// </summary>
internal sealed class Window
{
    private readonly Season? _yearly;
    private readonly DateOnly _first;
    private readonly DateOnly _last;
    private readonly bool _byLastDay;

    private Window(Season? yearly, DateOnly first, DateOnly last, bool byLastDay) =>
        (_yearly, _first, _last, _byLastDay) = (yearly, first, last, byLastDay);

    /// <summary>The window in words, for people.</summary>
    public Label Words => _yearly is { } season
        ? new($"{season.From.Text} 至 {season.To.Text}", $"{season.From.Text} to {season.To.Text}")
        : new($"{_first:yyyy-MM-dd} 至 {_last:yyyy-MM-dd}", $"{_first:yyyy-MM-dd} to {_last:yyyy-MM-dd}");

    public static Window Read(PlanObject json)
    {
        var byLastDay = json.Has("by") && json.Choice("by", ("DAYS", false), ("LAST_DAY", true));
        if (json.Has("fromDate") || json.Has("toDate"))
        {
            var (first, last) = (json.OptionalDay("fromDate"), json.OptionalDay("toDate"));
            if (last < first)
                json.Fail("toDate", "must not be before fromDate");
            json.Finish();
            return new(null, first ?? DateOnly.MinValue, last ?? DateOnly.MaxValue, byLastDay);
        }
        var yearly = new Season(json.MonthDay("from"), json.MonthDay("to"), null);
        json.Finish();
        return new(yearly, default, default, byLastDay);
    }

    /// <summary>The number of days of a period in the window.</summary>
    public int Days(DateRange period)
    {
        var days = 0;
        foreach (var part in Parts(period))
            days += part.Days;
        return days;
    }

    /// <summary>
    /// The days of a period in the window, as ranges in order. In a window by last day the whole period belongs to the
    /// window that contains its last day, as where a charge is assigned by the month of the reading.
    /// </summary>
    public IEnumerable<DateRange> Parts(DateRange period)
    {
        if (!_byLastDay)
            return PartsByDays(period);
        return PartsByDays(new(period.Last, period.Last)).Any() ? [period] : [];
    }

    private IEnumerable<DateRange> PartsByDays(DateRange period)
    {
        if (_yearly is null)
        {
            if (period.First <= _last && period.Last >= _first && period.Intersect(new(_first, _last)) is { } once)
                yield return once;
            yield break;
        }
        for (var year = period.First.Year - 1; year <= period.Last.Year; year++)
        {
            if (period.Intersect(_yearly.BeginningIn(year)) is { } part)
                yield return part;
        }
    }
}

/// <summary>How a quantity is divided when a price applies to a part of its period only.</summary>
internal enum SplitMethod
{
    /// <summary>In proportion to the days.</summary>
    ByDays,

    /// <summary>As read: without a reading on the days between the parts there is no bill.</summary>
    Read,
}

/// <summary>How a plan divides a quantity.</summary>
/// <param name="Method">By days or as read.</param>
/// <param name="Decimals">The number of decimals of the parts; they always add up to the quantity.</param>
internal sealed record Split(SplitMethod Method, int Decimals)
{
    public static readonly Split Default = new(SplitMethod.ByDays, 6);

    public static Split Read(PlanObject json)
    {
        var split = new Split(
            json.Choice("method", ("BY_DAYS", SplitMethod.ByDays), ("READ", SplitMethod.Read)),
            json.OptionalWhole("decimals", 0, 6) ?? 6);
        json.Finish();
        return split;
    }

    /// <summary>
    /// The consumption of a register on some days of the period; null when it was not measured, or not read on the days
    /// between.
    /// </summary>
    public decimal? Of(Usage usage, string register, Unit unit, IReadOnlyList<DateRange> days)
    {
        if (usage[register] is not { } whole)
            return null;
        if (Method == SplitMethod.Read)
            return Read(usage.Parts, register, unit, days);
        if (!unit.AddsUp())
            return whole;
        var (period, share) = (usage.Whole ?? usage.Period, 0m);
        foreach (var part in days)
        {
            share += UpTo(whole, part.Last.DayNumber - period.First.DayNumber + 1, period.Days) -
                UpTo(whole, part.First.DayNumber - period.First.DayNumber, period.Days);
        }
        return share;
    }

    /// <summary>The sum of the parts read on these days; null when a day between them divides a part.</summary>
    private static decimal? Read(
        IReadOnlyList<Usage> pieces, string register, Unit unit, IReadOnlyList<DateRange> days)
    {
        var (sum, found) = (0m, false);
        foreach (var piece in pieces)
        {
            var inside = days.Sum(part => part.Intersect(piece.Period)?.Days ?? 0);
            if (inside == 0)
                continue;
            if (inside != piece.Period.Days || piece[register] is not { } quantity)
                return null;
            (sum, found) = (unit.AddsUp() ? sum + quantity : Math.Max(sum, quantity), true);
        }
        return found ? sum : null;
    }

    /// <summary>
    /// The cumulative quantity up to a day, rounded; differences of cumulative values make adjacent parts add up.
    /// </summary>
    private decimal UpTo(decimal quantity, int days, int of) =>
        decimal.Round(quantity * days / of, Decimals, MidpointRounding.AwayFromZero);
}
