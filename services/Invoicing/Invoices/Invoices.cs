using Billing.Platform;

namespace Billing.Invoicing;

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
