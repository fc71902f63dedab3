using Billing.Platform;

namespace Billing.Payments;

/// <summary>The state of a partner's bank day at a moment.</summary>
public enum BankDayState
{
    /// <summary>The day is current.</summary>
    Current,

    /// <summary>The day is over, and recent enough for the request.</summary>
    Past,

    /// <summary>The day has not begun.</summary>
    Future,

    /// <summary>The day is too long ago for the request.</summary>
    TooOld,
}

/// <summary>
/// Computes a partner's bank day from the time and the partner's cut. A bank day begins at the cut that is nearest to
/// its midnight: after an evening cut the partner already books on the next day, before a cut in the small hours it
/// still books on the day before, and with a cut at midnight bank days are calendar days.
/// </summary>
public static class BankDays
{
    /// <summary>
    /// The largest expected difference between a partner's clock and ours: this close to a cut both bank days are
    /// current.
    /// </summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>How many days after its bank day a file is still accepted.</summary>
    public const int MostFileDays = 400;

    private const int Noon = 12;

    public static readonly Rejection InFuture = Rejection.Invalid(
        "bank-day-in-future", "This bank day has not begun by the partner's day cut.");

    public static readonly Rejection IsTooOld = Rejection.Invalid(
        "bank-day-too-old", "This bank day is too long ago; nothing is taken for it any more.");

    public static readonly Rejection NotOver = Rejection.Conflict(
        "bank-day-not-over",
        "This bank day still runs by the partner's day cut. Its file ends it, so the file is taken when the day is "
        + "over; send it again then.");

    /// <summary>The bank day at a moment.</summary>
    /// <param name="dayCut">The partner's cut, China time.</param>
    /// <param name="now">The moment.</param>
    public static DateOnly Current(TimeOnly dayCut, DateTimeOffset now)
    {
        var cut = dayCut.ToTimeSpan();
        return (now + (dayCut.Hour < Noon ? -cut : TimeSpan.FromDays(1) - cut)).BusinessDate();
    }

    /// <summary>The state of a bank day at a moment.</summary>
    /// <param name="day">The bank day.</param>
    /// <param name="dayCut">The partner's cut, China time.</param>
    /// <param name="mostDays">The most days after the bank day for which the request is accepted, inclusive.</param>
    /// <param name="now">The moment.</param>
    public static BankDayState StateOf(DateOnly day, TimeOnly dayCut, int mostDays, DateTimeOffset now)
    {
        if (day > Current(dayCut, now + ClockTolerance))
            return BankDayState.Future;
        if (day >= Current(dayCut, now - ClockTolerance))
            return BankDayState.Current;
        return day < Current(dayCut, now).AddDays(-mostDays) ? BankDayState.TooOld : BankDayState.Past;
    }

    /// <summary>
    /// Whether a bank day is over by the partner's clock, which may be ahead of ours by the tolerance.
    /// </summary>
    /// <param name="day">The bank day.</param>
    /// <param name="dayCut">The partner's cut, China time.</param>
    /// <param name="now">The moment.</param>
    public static bool IsOver(DateOnly day, TimeOnly dayCut, DateTimeOffset now) =>
        day < Current(dayCut, now + ClockTolerance);

    /// <summary>The refusal of any request for a day in this state, or null when requests may be accepted.</summary>
    public static Rejection? Refuse(BankDayState day) => day switch
    {
        BankDayState.Future => InFuture,
        BankDayState.TooOld => IsTooOld,
        _ => null,
    };
}
