using Billing.Contracts;

namespace Billing.Invoicing;

/// <summary>A reading that belongs to the period.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="ReadOn">The day.</param>
/// <param name="Kind">The kind of reading.</param>
/// <param name="From">The day of the previous reading; null for an initial one, which closes no consumption.</param>
/// <param name="Months">How many months its consumption spans.</param>
/// <param name="Kwh">Its consumption.</param>
/// <param name="Peak">The peak part, or null.</param>
/// <param name="Valley">The valley part, or null.</param>
/// <param name="Flags">What a person should check, joined by commas.</param>
public sealed record PeriodReading(
    MeterNo Meter, DateOnly ReadOn, ReadingKind Kind, DateOnly? From, int Months, long Kwh, long? Peak, long? Valley,
    string Flags);
