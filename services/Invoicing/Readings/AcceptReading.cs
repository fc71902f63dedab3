using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Invoicing;

/// <summary>
/// Records a reading of a meter. A plausible reading is accepted and its consumption computed; an impossible one is
/// refused with the reason, and is never billed by an estimate (rules.md E-21 to E-23). The day and the meter identify
/// a reading: the same facts again change nothing, other facts are refused.
/// <para>
/// The register values are those at the beginning of the day, so a reading closes the month that contains the day
/// before: 31 October and 1 November both close October. When that month is already billed, the consumption goes into
/// the first month that is not, so that nothing is lost.
/// </para>
/// <para>
/// A meter that was taken down is read for the days on which it was in place, also when its removal was recorded first.
/// </para>
/// </summary>
public sealed record AcceptReading(
    AccountNo Account, MeterNo Meter, DateOnly ReadOn, ReadingKind Kind, decimal Total, decimal? Peak, decimal? Valley,
    DateOnly Today) : ICommand<MeterBook, AccountEvent>
{
    public static readonly Rejection AccountUnknown = Rejection.NotFound(
        "account-unknown", "No account with an electricity supply has this number.");
    public static readonly Rejection MeterUnknown = Rejection.NotFound(
        "meter-unknown", "The account has no such meter.");
    public static readonly Rejection Taken = Rejection.Conflict(
        "reading-taken",
        "This meter already has a different reading on this day; if that one is wrong, withdraw it first.");
    public static readonly Rejection InFuture = Rejection.Invalid(
        "reading-in-future", "A reading cannot be dated after today.");
    public static readonly Rejection BeforeOpening = Rejection.Invalid(
        "reading-before-opening", "A reading cannot be dated before the account was opened.");
    public static readonly Rejection RegisterInvalid = Rejection.Invalid(
        "reading-register-invalid", "A register is at least 0, has at most 2 decimals and fits the meter's digits.");
    public static readonly Rejection RegistersMismatch = Rejection.Invalid(
        "reading-registers-mismatch", "A time-of-use meter has peak and valley registers, any other meter has none.");
    public static readonly Rejection InitialMissing = Rejection.Invalid(
        "reading-initial-missing", "The first reading of a meter is an initial one.");
    public static readonly Rejection InitialRepeated = Rejection.Conflict(
        "reading-initial-repeated", "The meter is already in place.");
    public static readonly Rejection MeterTakenDown = Rejection.Conflict(
        "reading-meter-taken-down", "The meter was taken down; only an initial reading can follow.");
    public static readonly Rejection Gone = Rejection.Invalid(
        "reading-after-removal",
        "The meter was taken down before this day; its last reading is of that day, or a final one within a month.");
    public static readonly Rejection ExchangeUnread = Rejection.Conflict(
        "reading-exchange-unread", "The meter or its multiplier changed; the reading of that day comes first.");
    public static readonly Rejection RegistersUnread = Rejection.Conflict(
        "reading-registers-unread",
        "The reading before has no peak and valley registers: withdraw it and take it again with them.");
    public static readonly Rejection OutOfOrder = Rejection.Conflict(
        "reading-out-of-order",
        "There is a later reading of this meter already; if this one is right, withdraw the later ones first.");
    public static readonly Rejection Backwards = Rejection.Invalid(
        "reading-backwards", "A register went backwards and cannot have rolled over.");
    public static readonly Rejection RegistersExceedTotal = Rejection.Invalid(
        "reading-registers-exceed-total", "Peak and valley add up to more than the total.");
    public static readonly Rejection BeingPosted = Rejection.Conflict(
        "reading-period-being-posted", "The invoices of this month are being posted; send the reading again later.");

    public Decision<AccountEvent> Decide(MeterBook state)
    {
        if (state is not MeterBook.Open book)
            return AccountUnknown;
        var past = book.Past.GetValueOrDefault(Meter, []);
        if (past.Find(reading => reading.ReadOn == ReadOn) is { } known)
            return Repeats(known) ? [] : Taken;
        MeterStay[] stays = [.. book.Meters.Where(stay => stay.MeterNo == Meter)];
        if (stays.Length == 0)
            return MeterUnknown;
        if (MeterStay.Of(stays, Kind, ReadOn) is not { } meter)
            return Gone.With($"{Gone.Message} That was {stays[^1].To:yyyy-MM-dd}.");
        var comes = Array.Find(stays, stay => stay.From == ReadOn && stay != meter);
        if (Refuse(book, meter, comes, past.FirstOrDefault()) is { } refusal)
            return refusal;

        var period = PeriodFor(book);
        if (Kind == ReadingKind.Initial)
        {
            return [new ReadingAccepted(
                Account, Meter, ReadOn, Kind, Total, Peak, Valley, period, null, 1, null, null, null, [])];
        }
        if (book.BeingPosted.Contains(period))
            return BeingPosted;
        var before = past[0];
        // What was measured before the multiplier changed is multiplied by the old one (rules.md E-21).
        if (stays.LastOrDefault(stay => stay.To <= ReadOn && stay != meter) is { } gone && before.ReadOn < gone.To
            && before.Kind != ReadingKind.Final)
            return ExchangeUnread.With($"{ExchangeUnread.Message} That was {gone.To:yyyy-MM-dd}.");
        var used = Consumption.Between(before, this, meter.Meter);
        if (used.Refusal is not null)
            return used.Refusal;
        return [new ReadingAccepted(
            Account, Meter, ReadOn, Kind, Total, Peak, Valley, period, before.ReadOn,
            MonthsBetween(before.Period, period),
            used.Kwh, used.Peak, used.Valley,
            Plausibility.FlagsOf(used, ReadOn.DayNumber - before.ReadOn.DayNumber, book, meter))];
    }

    private bool Repeats(PastReading known) =>
        (known.Kind, known.Total, known.Peak, known.Valley) == (Kind, Total, Peak, Valley);

    /// <param name="book">What is known of the account.</param>
    /// <param name="meter">The stay that the reading belongs to.</param>
    /// <param name="comes">The stay that begins on the day of the reading, when it is another one.</param>
    /// <param name="last">The newest reading of the meter, or null.</param>
    private Rejection? Refuse(MeterBook.Open book, MeterStay meter, MeterStay? comes, PastReading? last) =>
        ReadOn > Today ? InFuture
        : ReadOn < book.OpenedOn ? BeforeOpening
        : !HasRegisters(meter.TimeOfUse) && !(comes is { TimeOfUse: true } && HasRegisters(true)) ? RegistersMismatch
        : !Fits(Total, meter) || !Fits(Peak, meter) || !Fits(Valley, meter) ? RegisterInvalid
        : last is null && Kind != ReadingKind.Initial ? InitialMissing
        : ReadOn <= last?.ReadOn ? OutOfOrder.With($"{OutOfOrder.Message} The last is of {last.ReadOn:yyyy-MM-dd}.")
        : last is null ? null
        : last.Kind == ReadingKind.Final && Kind != ReadingKind.Initial ? MeterTakenDown
        : last.Kind != ReadingKind.Final && Kind == ReadingKind.Initial ? InitialRepeated
        : null;

    /// <summary>
    /// Whether the peak and valley registers given are those of the meter. Registers that a change adds on this day
    /// must be read on it, because their consumption begins there.
    /// </summary>
    private bool HasRegisters(bool timeOfUse) => Peak.HasValue == timeOfUse && Valley.HasValue == timeOfUse;

    private static bool Fits(decimal? register, MeterStay meter) =>
        register is not { } value ||
        (value >= 0m && value < Consumption.Capacity(meter.Digits)
            && decimal.Round(value, 2, MidpointRounding.ToZero) == value);

    private BillingPeriod PeriodFor(MeterBook.Open book)
    {
        var period = BillingPeriod.Of(ReadOn.AddDays(-1));
        return Kind != ReadingKind.Initial && book.BilledThrough is { } billed &&
            string.CompareOrdinal(period.Value, billed.Value) <= 0
            ? BillingPeriod.Of(billed.Month.Last.AddDays(1))
            : period;
    }

    private static int MonthsBetween(BillingPeriod before, BillingPeriod after) =>
        Math.Max(1, MonthNumber(after) - MonthNumber(before));

    private static int MonthNumber(BillingPeriod period) => period.Year * 12 + period.Month.First.Month;
}

public static class AcceptReadingEndpoint
{
    public static void MapAcceptReading(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/accounts/{account}/readings/{meter}/{date}", Handle)
            .WithName(nameof(AcceptReading)).RequireRight(Right.AcceptReading)
            .WithSummary("Records a meter reading and computes the consumption.")
            .Refuses(typeof(AcceptReading));

    private static async Task<Results<Created<AcceptedReading>, Ok, ProblemHttpResult>> Handle(
        AccountNo account, string meter, DateOnly date, AcceptReadingRequest body, ReadingBatch batch,
        TimeProvider clock, CancellationToken cancellation)
    {
        MeterNo.TryParse(meter, null, out var number);
        var command = new AcceptReading(
            account, number, date, body.Kind, body.Total, body.Peak, body.Valley, clock.Today());
        var decision = (await batch.Execute([command], cancellation))[0];
        return decision switch
        {
            { Rejection: { } rejection } => rejection.ToProblem(),
            { Events: [ReadingAccepted accepted] } => TypedResults.Created(
                $"/accounts/{account}/readings/{meter}/{date:yyyy-MM-dd}", WireOf(accepted)),
            _ => TypedResults.Ok(),
        };
    }

    private static AcceptedReading WireOf(ReadingAccepted reading) => new(
        reading.Account, reading.Meter, reading.ReadOn, reading.Kind, reading.Total, reading.Peak, reading.Valley,
        reading.Period, reading.From, reading.Months, reading.Kwh, reading.PeakKwh, reading.ValleyKwh, reading.Flags);
}
