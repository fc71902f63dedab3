using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>
/// The issued invoices as rows. Each column is declared once: an invoice's row consists of the columns of its draft,
/// those of its run, and its number and time. So does the row that posting writes inside the database.
/// </summary>
internal static class Invoices
{
    /// <summary>The only kind of invoice so far: the regular one for a period.</summary>
    public const string Regular = "regular";

    /// <summary>The columns that the draft of an invoice has of its own.</summary>
    public static readonly Table<InvoiceIssued> Drafted = new Table<InvoiceIssued>("run_draft")
        .Column("account_no", invoice => invoice.Account.Value)
        .Column("amount_fen", invoice => invoice.Amount.Fen)
        .Column("net_fen", invoice => invoice.Net.Fen)
        .Column("tax_fen", invoice => invoice.Tax.Fen)
        .Column("class", invoice => invoice.Class.ToString())
        .Column("plan", invoice => invoice.Plan.Value)
        .Column("plan_version", invoice => invoice.Version);

    /// <summary>The columns that all invoices of a run have in common.</summary>
    public static readonly Table<InvoiceIssued> OfRun = new Table<InvoiceIssued>("run")
        .Column("utility", invoice => invoice.Utility.ToString())
        .Column("period", invoice => invoice.Period.Value)
        .Column("issued_on", invoice => invoice.IssuedOn)
        .Column("due_on", invoice => invoice.DueOn);

    public static readonly Table<Row> Table = new Table<Row>("invoice")
        .Key("invoice_no", row => row.Event.Invoice.Value)
        .Including(Drafted, row => row.Event)
        .Including(OfRun, row => row.Event)
        .Column("kind", _ => Regular)
        .Column("recorded_at", row => row.At);

    /// <summary>The statement that writes the rows of drafts that have been numbered.</summary>
    /// <param name="numbered">A query of the drafts with their <c>invoice_no</c>.</param>
    /// <param name="run">The run as an expression of the query: a parameter.</param>
    public static string InsertFrom(string numbered, string run) => $"""
        insert into {Table.Name} ({Table.Columns()})
        select n.invoice_no, {Drafted.Columns("n")}, {OfRun.Columns("r")}, '{Regular}', now()
        from ({numbered}) n cross join run r where r.run = {run} order by n.account_no
        """;

    public sealed record Row(InvoiceIssued Event, DateTimeOffset At);
}
