using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>
/// The accepted readings as rows. One that was withdrawn keeps its row, which is marked, until the day is read anew:
/// whoever asks what was read leaves marked rows out.
/// </summary>
internal static class Readings
{
    public static readonly Table<Row> Table = new Table<Row>("reading")
        .Key("account_no", row => row.Event.Account.Value)
        .Key("meter_no", row => row.Event.Meter)
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

    /// <param name="Event">What was read.</param>
    /// <param name="EventId">The newest event about it.</param>
    /// <param name="At">When that was recorded.</param>
    /// <param name="Withdrawn">Whether it counts no more.</param>
    public sealed record Row(ReadingAccepted Event, Guid EventId, DateTimeOffset At, bool Withdrawn);
}

/// <summary>
/// The issued invoices as rows. A run writes the same rows inside the database, see <see cref="ChunkPosting"/>.
/// </summary>
internal static class Invoices
{
    /// <summary>The only kind of invoice so far: the regular one of a period.</summary>
    public const string Regular = "regular";

    public static readonly Table<Row> Table = new Table<Row>("invoice")
        .Key("invoice_no", row => row.Event.Invoice.Value)
        .Column("account_no", row => row.Event.Account.Value)
        .Column("utility", row => row.Event.Utility.ToString())
        .Column("period", row => row.Event.Period.Value)
        .Column("kind", _ => Regular)
        .Column("amount_fen", row => row.Event.Amount.Fen)
        .Column("net_fen", row => row.Event.Net.Fen)
        .Column("tax_fen", row => row.Event.Tax.Fen)
        .Column("class", row => row.Event.Class.ToString())
        .Column("plan", row => row.Event.Plan.Value)
        .Column("plan_version", row => row.Event.Version)
        .Column("issued_on", row => row.Event.IssuedOn)
        .Column("due_on", row => row.Event.DueOn)
        .Column("recorded_at", row => row.At);

    public sealed record Row(InvoiceIssued Event, DateTimeOffset At);
}

/// <summary>The credit notes as rows; a note's number is unique across accounts.</summary>
internal static class Credits
{
    public static readonly Table<Row> Table = new Table<Row>("credit")
        .Key("note", row => row.Event.Note)
        .Column("invoice_no", row => row.Event.Invoice.Value)
        .Column("account_no", row => row.Event.Account.Value)
        .Column("amount_fen", row => row.Event.Amount.Fen)
        .Column("net_fen", row => row.Event.Net!.Value.Fen)
        .Column("tax_fen", row => row.Event.Tax!.Value.Fen)
        .Column("reason", row => row.Event.Reason)
        .Column("issued_on", row => row.Event.IssuedOn)
        .Column("recorded_at", row => row.At)
        .TakenAs(CreditInvoice.NoteTaken);

    public sealed record Row(CreditIssued Event, DateTimeOffset At);
}
