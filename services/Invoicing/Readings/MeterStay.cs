using Billing.Contracts;
using Billing.Contracts.Customer;

namespace Billing.Invoicing;

/// <summary>
/// A meter on the wall of an account, with the days on which it hung there. Consumption until the day it is taken down
/// is the account's, so a meter that went stays in the book until its last reading came.
/// </summary>
/// <param name="MeterNo">The number on the meter.</param>
/// <param name="Multiplier">PT ratio × CT ratio (rules.md E-21).</param>
/// <param name="Digits">Whole digits of the register (rules.md E-22).</param>
/// <param name="TimeOfUse">Whether it has peak and valley registers.</param>
/// <param name="From">The day it was put in place; null when it was there before anything was told.</param>
/// <param name="To">The day it was taken down, which is the first one without it; null while it is in place.</param>
public sealed record MeterStay(
    MeterNo MeterNo, decimal Multiplier, int Digits, bool TimeOfUse, DateOnly? From = null, DateOnly? To = null)
{
    /// <summary>
    /// A meter that was taken down counts no more: its last reading may be taken in the workshop, some weeks later.
    /// </summary>
    private const int DaysForFinalReading = 31;

    /// <summary>The meter as the contract has it.</summary>
    internal Meter Meter => new(MeterNo, Multiplier, Digits, TimeOfUse);

    /// <summary>
    /// The stay that a reading of a day belongs to, or null when the meter was gone by then. On the day a meter goes
    /// its last reading is taken, and a first one would be of the stay that follows.
    /// </summary>
    /// <param name="stays">The stays of one meter, in order of their days.</param>
    /// <param name="kind">What the reading is for.</param>
    /// <param name="day">Its day.</param>
    internal static MeterStay? Of(IReadOnlyList<MeterStay> stays, ReadingKind kind, DateOnly day) =>
        stays.FirstOrDefault(stay => stay.To is not { } gone || day < gone || (day == gone && IsClosing(kind)))
        ?? (kind == ReadingKind.Final && stays is [.., { To: { } last }] && day <= last.AddDays(DaysForFinalReading)
            ? stays[^1] : null);

    /// <summary>
    /// The day on which a meter went, when a reading counts to a later day on which it did not hang there; null for a
    /// final one from the workshop, and for what begins with the meter's return.
    /// </summary>
    /// <param name="stays">The stays of one meter, in order of their days.</param>
    /// <param name="kind">What the reading is for.</param>
    /// <param name="from">The day of the reading before.</param>
    /// <param name="day">Its day.</param>
    internal static DateOnly? WentBefore(
        IReadOnlyList<MeterStay> stays, ReadingKind kind, DateOnly from, DateOnly day)
    {
        if (stays.LastOrDefault(stay => stay.To < day)?.To is not { } gone
            || stays.Any(stay => !(stay.From >= day) && !(stay.To < day))
            || (kind == ReadingKind.Final && day <= gone.AddDays(DaysForFinalReading)))
            return null;
        var returns = stays[^1].To is null || stays[^1].To > gone;
        return returns && from >= gone ? null : gone;
    }

    /// <summary>
    /// Every meter that is or was in place, from all that was told of an account: a meter comes with the first picture
    /// that has it and goes with the first that has not. A changed multiplier is another stay, for what was counted
    /// before the change is multiplied as before it; so are other registers, for they have to be read when they come.
    /// Corrected digits are no change of the meter. What came and went on one day was a slip and never stayed, and
    /// what went and came back on one day never went.
    /// </summary>
    /// <param name="pictures">The meters of each picture and its day, in the order of the account's events.</param>
    internal static IReadOnlyList<MeterStay> Of(IEnumerable<(DateOnly Since, IReadOnlyList<Meter> Meters)> pictures)
    {
        var stays = new List<MeterStay>();
        foreach (var (since, meters) in pictures)
        {
            for (var i = 0; i < stays.Count; i++)
            {
                if (stays[i].To is null && !meters.Any(stays[i].CountsLike))
                    stays[i] = stays[i] with { To = since };
            }
            foreach (var meter in meters)
            {
                var at = stays.FindLastIndex(
                    stay => stay.CountsLike(meter) && (stay.To is null || stay.To == since));
                if (at < 0)
                    stays.Add(new(meter.MeterNo, meter.Multiplier, meter.Digits, meter.TimeOfUse, since));
                else
                    stays[at] = stays[at] with { Digits = meter.Digits, To = null };
            }
        }
        stays.RemoveAll(stay => stay.To <= stay.From);
        return stays;
    }

    /// <summary>Whether what this one counts adds to what the other counts, without a reading between.</summary>
    private bool CountsLike(Meter other) =>
        (MeterNo, Multiplier, TimeOfUse) == (other.MeterNo, other.Multiplier, other.TimeOfUse);

    private static bool IsClosing(ReadingKind kind) => kind != ReadingKind.Initial;
}
