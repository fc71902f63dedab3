using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>
/// The issued invoices as rows. Each column is declared once: an invoice's row consists of what its draft says, of what
/// its run says, and of its number and its time. So does the row that a run posts inside the database.
/// </summary>
internal static class Invoices
{
    /// <summary>The only kind of invoice so far: the regular one of a period.</summary>
    public const string Regular = "regular";

    /// <summary>What the draft of an invoice has in columns of its own.</summary>
    public static readonly Table<InvoiceIssued> Drafted = new Table<InvoiceIssued>("run_draft")
        .Column("account_no", invoice => invoice.Account.Value)
        .Column("amount_fen", invoice => invoice.Amount.Fen)
        .Column("net_fen", invoice => invoice.Net.Fen)
        .Column("tax_fen", invoice => invoice.Tax.Fen)
        .Column("class", invoice => invoice.Class.ToString())
        .Column("plan", invoice => invoice.Plan.Value)
        .Column("plan_version", invoice => invoice.Version);

    /// <summary>What all invoices of a run have in common.</summary>
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

    /// <summary>Writes the rows of drafts that have got their numbers.</summary>
    /// <param name="numbered">A query of the drafts with their <c>invoice_no</c>.</param>
    /// <param name="run">The run, in the query's words: a parameter.</param>
    public static string InsertFrom(string numbered, string run) => $"""
        insert into {Table.Name} ({Table.Columns()})
        select n.invoice_no, {Drafted.Columns("n")}, {OfRun.Columns("r")}, '{Regular}', now()
        from ({numbered}) n cross join run r where r.run = {run} order by n.account_no
        """;

    public sealed record Row(InvoiceIssued Event, DateTimeOffset At);
}
