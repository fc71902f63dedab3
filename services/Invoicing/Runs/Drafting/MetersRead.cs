using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>
/// Checks that every meter that was in place in a period was read for it, and none of them after it was taken down.
/// Otherwise consumption would be left out or billed twice unnoticed.
/// </summary>
internal static class MetersRead
{
    public static readonly Rejection ReadingMissing = Rejection.Conflict(
        "reading-missing",
        "A meter in place has no reading that closes the period; take it, or the next one bills it.");
    public static readonly Rejection NotStarted = Rejection.Conflict(
        "meter-not-started", "A meter is in place and was never read; its initial reading is missing.");
    public static readonly Rejection NotClosed = Rejection.Conflict(
        "meter-not-closed", "A meter was taken down and its final reading is missing.");
    public static readonly Rejection ChangeUnread = Rejection.Conflict(
        "meter-change-unread", "A meter was changed between two readings; a reading of that day is missing.");
    public static readonly Rejection ReadAfterRemoval = Rejection.Conflict(
        "meter-read-after-removal", "A meter was read after it was taken down; withdraw that reading.");
    public static readonly Rejection ReadTwice = Rejection.Conflict(
        "meter-days-read-twice", "Days are in the readings of two meters of which one hung there.");

    private const string CreditFirst = " (any invoice that rests on it is credited first)";

    /// <summary>
    /// The meters that the period's own readings do not settle; whether they may be billed depends on their last
    /// reading.
    /// </summary>
    public static IEnumerable<MeterStay> LookUp(BillingBasis basis, BillingPeriod period) =>
        Stays(basis, period).Where(meter => LastIn(basis, meter) is not { } last
            || (meter.To <= End(period) && last.Kind != ReadingKind.Final));

    /// <summary>The first reading that is missing or impossible, or null.</summary>
    /// <param name="basis">The account.</param>
    /// <param name="period">The month to be billed.</param>
    /// <param name="last">The last reading of a meter to be looked up, or null.</param>
    public static Rejection? Missing(BillingBasis basis, BillingPeriod period, Func<MeterNo, LastReading?> last)
    {
        var closings = basis.Readings.FindAll(reading => reading.From is not null);
        if (closings.Count == 0)
            return ReadingMissing;
        foreach (var reading in closings)
        {
            if (WentBefore(basis, reading) is { } gone)
            {
                return ReadAfterRemoval.With(
                    $"Meter {reading.Meter} was taken down on {gone:yyyy-MM-dd}: withdraw its reading of " +
                    $"{reading.ReadOn:yyyy-MM-dd}{CreditFirst}, and take its final one of the day it went.");
            }
            if (ChangedWithin(basis, reading) is { } changed)
            {
                return ChangeUnread.With(
                    $"Meter {reading.Meter} was changed on {changed:yyyy-MM-dd}: withdraw its reading of " +
                    $"{reading.ReadOn:yyyy-MM-dd}{CreditFirst}, take one of the day of the change, then that again.");
            }
        }
        var closedOn = closings.Max(reading => reading.ReadOn);
        foreach (var meter in Stays(basis, period))
        {
            var missing = meter.To is { } gone && gone <= End(period)
                ? MissingOfGone(meter, gone, LastIn(basis, meter), last(meter.MeterNo))
                : MissingInPlace(closedOn, LastIn(basis, meter), last(meter.MeterNo));
            if (missing is not null)
                return missing;
        }
        return null;
    }

    /// <summary>
    /// Days for which two meters were read although one of them was not in place, for example because a meter exchange
    /// was recorded late: in readings of the same month, or in one of a month that may be billed already. A person
    /// decides which of them counts; null when there are none.
    /// </summary>
    public static Rejection? Twice(BillingBasis basis)
    {
        var closings = basis.Readings.FindAll(reading => reading.From is not null);
        foreach (var reading in closings)
        {
            foreach (var other in basis.Earlier.Concat(closings).Where(other => other.Meter != reading.Meter))
            {
                var first = Later(reading.From!.Value, other.From!.Value);
                var (one, two) = (CountsUntil(basis, reading), CountsUntil(basis, other));
                var end = one < two ? one : two;
                if (first >= end || !(IsGone(basis, reading.Meter) || IsGone(basis, other.Meter)))
                    continue;
                MeterNo? absent = !Hung(basis, other.Meter, first, end) ? other.Meter
                    : !Hung(basis, reading.Meter, first, end) ? reading.Meter : null;
                if (absent is not null)
                {
                    return ReadTwice.With(
                        $"From {first:yyyy-MM-dd} to {end:yyyy-MM-dd} meters {other.Meter} and {reading.Meter} were " +
                        $"both read, although {absent} did not hang there all the time: withdraw what is wrong" +
                        $"{CreditFirst}, or release it.");
                }
            }
        }
        return null;
    }

    /// <summary>The first day that a reading does not cover: a meter in the workshop no longer counts.</summary>
    private static DateOnly CountsUntil(BillingBasis basis, PeriodReading reading) =>
        reading.Kind == ReadingKind.Final && WentBefore(basis, reading) is null
            && StaysOf(basis, reading.Meter) is [.., { To: { } gone }] && gone < reading.ReadOn
            ? gone : reading.ReadOn;

    /// <summary>Whether a meter is not in place any more, or never was.</summary>
    private static bool IsGone(BillingBasis basis, MeterNo meter) =>
        StaysOf(basis, meter) is not [.., { To: null }];

    /// <summary>
    /// Whether a meter was in place from a day, inclusive, to another, exclusive, across its changes.
    /// </summary>
    private static bool Hung(BillingBasis basis, MeterNo meter, DateOnly first, DateOnly end)
    {
        foreach (var stay in StaysOf(basis, meter).Where(stay => !(stay.From > first)))
            first = Later(first, stay.To ?? DateOnly.MaxValue);
        return first >= end;
    }

    /// <summary>
    /// The day on which a meter was taken down before it was read, although only a final reading may be taken later; or
    /// null. The reading was accepted before the exchange was recorded, or it would have been refused.
    /// </summary>
    private static DateOnly? WentBefore(BillingBasis basis, PeriodReading reading) =>
        MeterStay.WentBefore(StaysOf(basis, reading.Meter), reading.Kind, reading.From!.Value, reading.ReadOn);

    /// <summary>
    /// The day of a meter's change, such as of its multiplier, that lies within a reading's days: how much of the
    /// consumption has which multiplier is unknown. The reading was accepted before the change was recorded, or it
    /// would have been refused.
    /// </summary>
    private static DateOnly? ChangedWithin(BillingBasis basis, PeriodReading reading) =>
        StaysOf(basis, reading.Meter) is [_, _, ..] stays
            ? Array.Find(stays, meter => meter.From > reading.From && meter.From < reading.ReadOn)?.From
            : null;

    /// <summary>
    /// The last stay of every meter that was installed before the end of the period, or was read in it. Earlier stays
    /// need no check: no later reading would have been accepted before they were closed.
    /// </summary>
    private static IEnumerable<MeterStay> Stays(BillingBasis basis, BillingPeriod period) => basis.Meters
        .Where(meter => !(meter.From > period.Month.Last) || LastIn(basis, meter) is not null)
        .GroupBy(meter => meter.MeterNo).Select(stays => stays.Last());

    /// <summary>
    /// A meter in place must have a reading in the period that is not older than an initial one; an initial reading
    /// alone is enough only on the day to which the others were read. A meter with a final reading was taken down,
    /// although that is not recorded yet.
    /// </summary>
    private static Rejection? MissingInPlace(DateOnly closedOn, PeriodReading? inPeriod, LastReading? before) =>
        (inPeriod, before) switch
        {
            ({ Kind: ReadingKind.Initial } reading, _) when reading.ReadOn < closedOn => ReadingMissing,
            ({ }, _) => null,
            (null, { Kind: ReadingKind.Final }) => null,
            (null, { }) => ReadingMissing,
            _ => NotStarted,
        };

    /// <summary>
    /// A meter that was taken down must have a last reading: a final one, in whatever month it counts, or any on the
    /// day it was taken down.
    /// </summary>
    private static Rejection? MissingOfGone(
        MeterStay meter, DateOnly gone, PeriodReading? inPeriod, LastReading? ever) =>
        inPeriod is { Kind: ReadingKind.Final } || ever is { Kind: ReadingKind.Final } || ever?.ReadOn == gone
            ? null
            : NotClosed.With(
                $"Meter {meter.MeterNo} was taken down on {gone:yyyy-MM-dd}; its final reading of that day is missing"
                + (ever is null ? "; so is its initial one of an earlier day."
                    : ever.ReadOn > gone ? $"; first withdraw the later one of {ever.ReadOn:yyyy-MM-dd}{CreditFirst}."
                    : "."));

    private static PeriodReading? LastIn(BillingBasis basis, MeterStay meter) =>
        basis.Readings.FindLast(reading => reading.Meter == meter.MeterNo);

    private static MeterStay[] StaysOf(BillingBasis basis, MeterNo meter) =>
        [.. basis.Meters.Where(stay => stay.MeterNo == meter)];

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

    /// <summary>The last day on which a reading still closes the period.</summary>
    public static DateOnly End(BillingPeriod period) => period.Month.Last.AddDays(1);
}
