using System.Text.Json.Serialization;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>The identity of a reading: its meter and its day.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="ReadOn">The day.</param>
[JsonConverter(typeof(ReadingNameText))]
public readonly record struct ReadingName(MeterNo Meter, DateOnly ReadOn);

/// <summary>
/// A reading was accepted as plausible; consumption is counted from the previous reading (rules.md E-21).
/// </summary>
/// <param name="Account">The account.</param>
/// <param name="Meter">The meter.</param>
/// <param name="ReadOn">The day of the reading; the register values are those at the beginning of that day.</param>
/// <param name="Kind">The kind of reading.</param>
/// <param name="Total">The total register, kWh before the multiplier.</param>
/// <param name="Peak">The peak register, or null without time of use.</param>
/// <param name="Valley">The valley register, or null without time of use.</param>
/// <param name="Period">The month in which the consumption is billed.</param>
/// <param name="From">The day of the previous reading, or null for an initial one.</param>
/// <param name="Months">How many months the consumption spans, at least 1; it gets as many monthly tier quotas.</param>
/// <param name="Kwh">The consumption, whole kWh after the multiplier; null for an initial reading.</param>
/// <param name="PeakKwh">The peak part.</param>
/// <param name="ValleyKwh">The valley part.</param>
/// <param name="Flags">What a person should check before it is billed.</param>
[StoredAs("reading-accepted.v1")]
public sealed record ReadingAccepted(
    AccountNo Account, MeterNo Meter, DateOnly ReadOn, ReadingKind Kind, decimal Total, decimal? Peak, decimal? Valley,
    BillingPeriod Period, DateOnly? From, int Months, long? Kwh, long? PeakKwh, long? ValleyKwh,
    IReadOnlyList<ReadingFlag> Flags) : AccountEvent
{
    internal ReadingName Name => new(Meter, ReadOn);
}

/// <summary>A person withdrew a reading that was wrong; everything later is decided without it.</summary>
/// <param name="Withdrawal">The number of the withdrawal, given by the caller.</param>
/// <param name="Account">The account.</param>
/// <param name="Meter">The meter.</param>
/// <param name="ReadOn">The day of the reading.</param>
/// <param name="Reason">The reason.</param>
/// <param name="By">The person.</param>
[StoredAs("reading-withdrawn.v1")]
public sealed record ReadingWithdrawn(
    string Withdrawal, AccountNo Account, MeterNo Meter, DateOnly ReadOn, string Reason, string By) : AccountEvent
{
    internal ReadingName Name => new(Meter, ReadOn);
}
