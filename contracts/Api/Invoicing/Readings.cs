namespace Billing.Contracts.Api;

/// <summary>Records a reading of a meter; account, meter and day are in the path.</summary>
/// <param name="Kind">The kind of reading.</param>
/// <param name="Total">The total register, kWh before the multiplier, at least 0, with at most 2 decimals.</param>
/// <param name="Peak">The peak register; left out without time of use.</param>
/// <param name="Valley">The valley register; left out without time of use.</param>
public sealed record AcceptReadingRequest(
    ReadingKind Kind, decimal Total, decimal? Peak = null, decimal? Valley = null);

/// <summary>A reading that was found plausible, and the consumption that follows from it (rules.md E-21).</summary>
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
/// <param name="PeakKwh">The peak part, kWh.</param>
/// <param name="ValleyKwh">The valley part, kWh.</param>
/// <param name="Flags">What a person should check before it is billed.</param>
public sealed record AcceptedReading(
    AccountNo Account, MeterNo Meter, DateOnly ReadOn, ReadingKind Kind, decimal Total, decimal? Peak, decimal? Valley,
    BillingPeriod Period, DateOnly? From, int Months, long? Kwh, long? PeakKwh, long? ValleyKwh,
    IReadOnlyList<ReadingFlag> Flags);

/// <summary>Withdraws a reading that was wrong.</summary>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record WithdrawReadingRequest(string Reason);

/// <summary>The result of importing a file of readings.</summary>
/// <param name="Lines">Lines after the header: accepted + unchanged + refused.</param>
/// <param name="Accepted">Readings that were newly accepted.</param>
/// <param name="Unchanged">Lines whose reading was already stored with the same values.</param>
/// <param name="RefusedTotal">How many lines were refused.</param>
/// <param name="Refused">The refused lines in file order, the first ten thousand of them.</param>
public sealed record ImportedReadings(
    long Lines, long Accepted, long Unchanged, long RefusedTotal, IReadOnlyList<RefusedReadingLine> Refused);

/// <summary>A line of a file of readings that was not accepted.</summary>
/// <param name="Line">Its number in the file; the header is line 1.</param>
/// <param name="Account">The account number as written in the line.</param>
/// <param name="Code">The stable code of the reason.</param>
/// <param name="Message">The reason, for people.</param>
public sealed record RefusedReadingLine(long Line, string Account, string Code, string Message);
