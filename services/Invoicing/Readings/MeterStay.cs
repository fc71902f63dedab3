using Billing.Contracts;
using Billing.Contracts.Customer;

namespace Billing.Invoicing;

/// <summary>
/// A meter installed at an account, with the days from and to which it was in place. Consumption until the day it is
/// taken down is the account's, so a meter that was taken down is kept until its last reading was taken.
/// </summary>
/// <param name="MeterNo">The number on the meter.</param>
/// <param name="Multiplier">PT ratio × CT ratio (rules.md E-21).</param>
/// <param name="Digits">Whole digits of the register (rules.md E-22).</param>
/// <param name="TimeOfUse">Whether it has peak and valley registers.</param>
/// <param name="From">The day it was installed; null when it was in place in the first state received without a
/// day.</param>
/// <param name="To">The day it was taken down, the first one without it; null while it is in place.</param>
public sealed record MeterStay(
    MeterNo MeterNo, decimal Multiplier, int Digits, bool TimeOfUse, DateOnly? From = null, DateOnly? To = null)
{
    /// <summary>
    /// The number of days after its removal within which the final reading of a meter may be taken, because it no
    /// longer counts and may be read in the workshop.
    /// </summary>
    private const int DaysForFinalReading = 31;

    /// <summary>The meter as described in the contract.</summary>
    internal Meter Meter => new(MeterNo, Multiplier, Digits, TimeOfUse);

    /// <summary>
    /// The stay to which a reading on a day belongs, or null when the meter had been taken down by then. On the day of
    /// its removal a meter's last reading is taken; an initial one on that day belongs to the stay that follows.
    /// </summary>
    /// <param name="stays">The stays of one meter, in order of their days.</param>
    /// <param name="kind">The kind of the reading.</param>
    /// <param name="day">Its day.</param>
    internal static MeterStay? Of(IReadOnlyList<MeterStay> stays, ReadingKind kind, DateOnly day) =>
        stays.FirstOrDefault(stay => stay.To is not { } gone || day < gone || (day == gone && IsClosing(kind)))
        ?? (kind == ReadingKind.Final && stays is [.., { To: { } last }] && day <= last.AddDays(DaysForFinalReading)
            ? stays[^1] : null);

    /// <summary>
    /// The day on which a meter was taken down, when a reading counts to a later day on which it was not in place; null
    /// for a final reading in the workshop, and for an initial one of a meter that was installed again.
    /// </summary>
    /// <param name="stays">The stays of one meter, in order of their days.</param>
    /// <param name="kind">What the reading is for.</param>
    /// <param name="from">The day of the previous reading.</param>
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
    /// Every meter that is or was in place, from all states of an account: a meter is installed on the day of the first
    /// state that has it and taken down on the day of the first that has it no more. A changed multiplier begins
    /// another stay, because consumption before the change is multiplied by the old one; so do other registers, because
    /// they have to be read when they are added. Corrected digits do not change the meter. A meter added and removed on
    /// one day was an error and has no stay, and one removed and added again on one day was never taken down.
    /// </summary>
    /// <param name="pictures">The meters of each state and its day, in the order of the account's events.</param>
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

    /// <summary>Whether consumption of the two may be added without a reading between them.</summary>
    private bool CountsLike(Meter other) =>
        (MeterNo, Multiplier, TimeOfUse) == (other.MeterNo, other.Multiplier, other.TimeOfUse);

    private static bool IsClosing(ReadingKind kind) => kind != ReadingKind.Initial;
}
