using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>
/// The accepted readings as rows. A withdrawn reading keeps its row, which is marked, until the day is read again;
/// queries leave marked rows out.
/// </summary>
internal static class Readings
{
    public static readonly Table<Row> Table = new Table<Row>("reading")
        .Key("account_no", row => row.Event.Account.Value)
        .Key("meter_no", row => row.Event.Meter.Value)
        .Key("read_on", row => row.Event.ReadOn)
        .Column("kind", row => row.Event.Kind.ToString())
        .Column("total", row => row.Event.Total)
        .Column("peak", row => row.Event.Peak)
        .Column("valley", row => row.Event.Valley)
        .Column("period", row => row.Event.Period.Value)
        .Column("from_on", row => row.Event.From)
        .Column("months", row => row.Event.Months)
        .Column("kwh", row => row.Event.Kwh)
        .Column("peak_kwh", row => row.Event.PeakKwh)
        .Column("valley_kwh", row => row.Event.ValleyKwh)
        .Column("flags", row => string.Join(',', row.Event.Flags))
        .Column("event_id", row => row.EventId)
        .Column("recorded_at", row => row.At)
        .Column("withdrawn", row => row.Withdrawn);

    /// <param name="Event">The reading.</param>
    /// <param name="EventId">The id of the newest event about it.</param>
    /// <param name="At">When that event was recorded.</param>
    /// <param name="Withdrawn">Whether it was withdrawn.</param>
    public sealed record Row(ReadingAccepted Event, Guid EventId, DateTimeOffset At, bool Withdrawn);
}
