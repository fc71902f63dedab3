using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>
/// Whether every meter that hung on the wall in a period was read for it. What one of them counted would otherwise be
/// left out, and nobody would notice.
/// </summary>
internal static class MetersRead
{
    public static readonly Rejection ReadingMissing = Rejection.Conflict(
        "reading-missing", "A meter in place has no reading that closes the period.");
    public static readonly Rejection NotStarted = Rejection.Conflict(
        "meter-not-started", "A meter is in place and was never read; its initial reading is missing.");
    public static readonly Rejection NotClosed = Rejection.Conflict(
        "meter-not-closed", "A meter was taken down and its final reading is missing.");
    public static readonly Rejection ChangeUnread = Rejection.Conflict(
        "meter-change-unread", "A meter was changed between two readings; a reading of that day is missing.");

    /// <summary>
    /// The meters that the period's own readings do not settle: whether that is right depends on their last reading.
    /// </summary>
    public static IEnumerable<MeterStay> LookUp(BillingBasis basis, BillingPeriod period) =>
        Stays(basis, period).Where(meter => LastIn(basis, meter) is not { } last
            || (meter.To <= End(period) && last.Kind != ReadingKind.Final));

    /// <summary>The first thing that is missing, or null.</summary>
    /// <param name="basis">The account.</param>
    /// <param name="period">The month to be billed.</param>
    /// <param name="last">The last reading of a meter to be looked up, or null.</param>
    public static Rejection? Missing(BillingBasis basis, BillingPeriod period, Func<string, LastReading?> last)
    {
        var closedOn = basis.Readings.Where(reading => reading.From is not null)
            .Select(reading => reading.ReadOn).DefaultIfEmpty().Max();
        if (closedOn == default)
            return ReadingMissing;
        if (basis.Readings.Exists(reading => GoesOverAChange(basis, reading)))
            return ChangeUnread;
        foreach (var meter in Stays(basis, period))
        {
            var missing = meter.To is { } gone && gone <= End(period)
                ? MissingOfGone(gone, LastIn(basis, meter), last(meter.MeterNo))
                : MissingInPlace(closedOn, LastIn(basis, meter), last(meter.MeterNo));
            if (missing is not null)
                return missing;
        }
        return null;
    }

    /// <summary>
    /// Whether a reading counted from before a meter's change, such as of its multiplier, to after it: nobody knows how
    /// much of it is to be multiplied by which. It was taken before the change was told, or it would have been refused.
    /// </summary>
    private static bool GoesOverAChange(BillingBasis basis, PeriodReading reading) =>
        reading.From is { } from && basis.Meters.Count(meter => meter.MeterNo == reading.Meter) > 1
        && basis.Meters.Any(
            meter => meter.MeterNo == reading.Meter && meter.From > from && meter.From < reading.ReadOn);

    /// <summary>
    /// The last stay of every meter that came before the period was over, or was read in it. That an earlier stay of it
    /// was closed, no later reading would have been accepted without.
    /// </summary>
    private static IEnumerable<MeterStay> Stays(BillingBasis basis, BillingPeriod period) => basis.Meters
        .Where(meter => !(meter.From > period.Month.Last) || LastIn(basis, meter) is not null)
        .GroupBy(meter => meter.MeterNo, StringComparer.Ordinal).Select(stays => stays.Last());

    /// <summary>
    /// A meter in place must have a reading in the period that is not older than an initial one; an initial reading
    /// alone will do only on the day the others closed. One with a final reading was taken down before that was told.
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
    /// A meter that is gone must have been read for the last time: by a final reading, whichever month it counts in, or
    /// by any on the day it went.
    /// </summary>
    private static Rejection? MissingOfGone(DateOnly gone, PeriodReading? inPeriod, LastReading? ever) =>
        inPeriod is { Kind: ReadingKind.Final } || ever is { Kind: ReadingKind.Final } || ever?.ReadOn == gone
            ? null
            : NotClosed;

    private static PeriodReading? LastIn(BillingBasis basis, MeterStay meter) =>
        basis.Readings.FindLast(reading => reading.Meter == meter.MeterNo);

    /// <summary>A reading of this day still closes the period.</summary>
    public static DateOnly End(BillingPeriod period) => period.Month.Last.AddDays(1);
}
