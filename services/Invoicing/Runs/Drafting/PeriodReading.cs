using Billing.Contracts;

namespace Billing.Invoicing;

/// <summary>A reading that belongs to the period.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="ReadOn">The day.</param>
/// <param name="Kind">What it was for.</param>
/// <param name="From">The day of the reading before; null for an initial one, which closes nothing.</param>
/// <param name="Months">How many months its consumption spans.</param>
/// <param name="Kwh">Its consumption.</param>
/// <param name="Peak">The peak part, or null.</param>
/// <param name="Valley">The valley part, or null.</param>
/// <param name="Flags">What a person should look at, joined by commas.</param>
public sealed record PeriodReading(
    MeterNo Meter, DateOnly ReadOn, ReadingKind Kind, DateOnly? From, int Months, long Kwh, long? Peak, long? Valley,
    string Flags);
