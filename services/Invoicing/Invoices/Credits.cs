using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>The credit notes as rows; a note's number is unique across accounts.</summary>
internal static class Credits
{
    public static readonly Table<Row> Table = new Table<Row>("credit")
        .Key("note", row => row.Event.Note.Value)
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
