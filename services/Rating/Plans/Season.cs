using Billing.Contracts;

namespace Billing.Rating;

/// <summary>A day of any year.</summary>
/// <param name="Month">1 to 12.</param>
/// <param name="Day">1 to 31; 29 February stands for the 28th in a common year.</param>
public readonly record struct MonthDay(int Month, int Day)
{
    /// <summary>The day as <c>11-15</c>.</summary>
    public string Text => FormattableString.Invariant($"{Month:00}-{Day:00}");

    /// <summary>The day in a given year.</summary>
    public DateOnly In(int year) => new(year, Month, Math.Min(Day, DateTime.DaysInMonth(year, Month)));
}

/// <summary>The heating season of a plan: both days inclusive (rules.md H-14); it may cross New Year.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day; before <paramref name="From"/> in the calendar when the season crosses New Year.</param>
/// <param name="Months">The number of monthly prices that make up the whole season, or null when no price is per
/// month.</param>
public sealed record Season(MonthDay From, MonthDay To, int? Months)
{
    private bool CrossesNewYear => (To.Month, To.Day).CompareTo((From.Month, From.Day)) < 0;

    /// <summary>The season that begins in a year.</summary>
    public DateRange BeginningIn(int year) => new(From.In(year), To.In(CrossesNewYear ? year + 1 : year));

    /// <summary>Finds the one season that shares days with a period; otherwise returns the refusal.</summary>
    internal RatingRefusal? Find(DateRange period, out DateRange season)
    {
        season = default;
        var found = 0;
        for (var year = period.First.Year - 1; year <= period.Last.Year && found < 2; year++)
        {
            var candidate = BeginningIn(year);
            if (candidate.First > period.Last || candidate.Last < period.First)
                continue;
            season = candidate;
            found++;
        }
        return found switch
        {
            0 => RatingRefusal.OutsideSeason,
            1 => null,
            _ => RatingRefusal.TwoSeasons,
        };
    }

    internal static Season Read(PlanObject json)
    {
        var season = new Season(json.MonthDay("from"), json.MonthDay("to"), json.OptionalWhole("months", 1, 12));
        json.Finish();
        return season;
    }
}
