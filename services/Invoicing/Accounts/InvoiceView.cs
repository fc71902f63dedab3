using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;
using Billing.Rating;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>One invoice as it stands, and why it is what it is.</summary>
public static class InvoiceView
{
    /// <summary>An invoice and what was credited of it.</summary>
    /// <param name="Invoice">The invoice as it was issued; it never changes.</param>
    /// <param name="RecordedAt">When it was issued, UTC.</param>
    /// <param name="Credits">Its credit notes, each with its net and its tax.</param>
    /// <param name="Left">The amount less the credits.</param>
    /// <param name="LeftNet">The net less that of the credits.</param>
    /// <param name="LeftTax">The tax less that of the credits.</param>
    public sealed record Answer(
        InvoiceIssued Invoice, DateTimeOffset RecordedAt, IReadOnlyList<CreditIssued> Credits, Money Left,
        Money LeftNet, Money LeftTax);

    /// <summary>How an invoice came about.</summary>
    /// <param name="Invoice">The invoice.</param>
    /// <param name="Account">Who owes it.</param>
    /// <param name="Plan">The plan version that made the lines; the last one when several did.</param>
    /// <param name="Plans">Every plan version that made a line, in order.</param>
    /// <param name="Lines">Each line with its calculation.</param>
    /// <param name="Amount">The sum of the lines.</param>
    /// <param name="Net">Without tax: round(amount ÷ (1 + rate)).</param>
    /// <param name="Tax">Amount − net.</param>
    /// <param name="Readings">The readings behind the quantities.</param>
    /// <param name="Credits">What was credited since, each note with its net and its tax.</param>
    /// <param name="Left">The amount less the credits.</param>
    /// <param name="LeftNet">The net less that of the credits.</param>
    /// <param name="LeftTax">The tax less that of the credits.</param>
    public sealed record Explanation(
        InvoiceNo Invoice, AccountNo Account, PlanUsed Plan, IReadOnlyList<PlanUsed> Plans, IReadOnlyList<Line> Lines,
        Money Amount, Money Net, Money Tax, IReadOnlyList<ReadingUsed> Readings, IReadOnlyList<CreditIssued> Credits,
        Money Left, Money LeftNet, Money LeftTax);

    /// <summary>The plan version behind an invoice.</summary>
    /// <param name="Code">The plan.</param>
    /// <param name="Version">Its version.</param>
    /// <param name="Name">What it is called.</param>
    /// <param name="LegalDocument">The document that sets the prices.</param>
    /// <param name="Source">Where the figures were taken from.</param>
    public sealed record PlanUsed(PlanCode Code, int Version, Label Name, string LegalDocument, string Source)
    {
        internal static PlanUsed Of(PlanDocument plan) =>
            new(plan.Code, plan.Version, plan.Name, plan.LegalDocument, plan.Source);
    }

    /// <summary>One line in words and figures.</summary>
    /// <param name="Id">The line.</param>
    /// <param name="Label">What it is called.</param>
    /// <param name="Reason">Why it is there.</param>
    /// <param name="Formula">Its calculation, such as <c>240 kWh × 0.4883 = 117.19</c>.</param>
    /// <param name="Amount">Its amount.</param>
    /// <param name="Version">The plan version that made it.</param>
    public sealed record Line(string Id, Label Label, Label Reason, string Formula, Money Amount, int Version);

    /// <summary>A stored reading.</summary>
    /// <param name="Meter">The meter.</param>
    /// <param name="ReadOn">The day.</param>
    /// <param name="Kind">What it was for.</param>
    /// <param name="Total">The total register.</param>
    /// <param name="Kwh">The consumption it closed, or null for an initial one.</param>
    /// <param name="Flags">What was remarkable.</param>
    /// <param name="Event">The id of the reading's event.</param>
    public sealed record ReadingUsed(
        string Meter, DateOnly ReadOn, string Kind, decimal Total, long? Kwh, string Flags, Guid Event);

    public static void MapInvoiceView(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/invoices/{invoice}", Get).WithName("Invoice");
        routes.MapGet("/invoices/{invoice}/explain", Explain).WithName("ExplainInvoice");
    }

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> Get(
        InvoiceNo invoice, NpgsqlDataSource source, EventStore store, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        if (await Find(connection, invoice) is not { } issued)
            return CreditInvoice.InvoiceUnknown.ToProblem();
        var recordedAt = await connection.QuerySingleAsync<DateTime>(
            "select recorded_at from invoice where invoice_no = @invoice", new { invoice = invoice.Value });
        var (account, _) = await store.Load(Account.Stream(issued.Account), cancellation);
        var left = account.LeftOf(invoice);
        return TypedResults.Ok(new Answer(
            issued, recordedAt, CreditsOf(account, invoice), left.Amount, left.Net, left.Tax));
    }

    private static async Task<Results<Ok<Explanation>, ProblemHttpResult>> Explain(
        InvoiceNo invoice, NpgsqlDataSource source, EventStore store, Plans plans, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        if (await Find(connection, invoice) is not { } issued)
            return CreditInvoice.InvoiceUnknown.ToProblem();
        // Versions of a plan follow each other, but their numbers need not: the lines are in the order of the days.
        var versions = issued.Lines.Select(line => line.Version).Where(version => version != 0)
            .Append(issued.Version).Distinct().ToArray();
        var plan = await plans.Get(connection, issued.Plan, PinnedVersions.Of(versions), cancellation);
        var lines = issued.Lines.Select(line => (Line: line, Words: plan.Explain(line)))
            .Select(pair => new Line(
                pair.Line.Id, pair.Words.Label, pair.Words.Reason, pair.Words.Formula, pair.Line.Amount,
                pair.Line.Version == 0 ? issued.Version : pair.Line.Version));
        var (account, _) = await store.Load(Account.Stream(issued.Account), cancellation);
        var left = account.LeftOf(invoice);
        return TypedResults.Ok(new Explanation(
            invoice, issued.Account, PlanUsed.Of(plan.Last), [.. plan.Versions.Select(PlanUsed.Of)], [.. lines],
            issued.Amount, issued.Net, issued.Tax, await ReadingsOf(connection, issued), CreditsOf(account, invoice),
            left.Amount, left.Net, left.Tax));
    }

    private static List<CreditIssued> CreditsOf(Account account, InvoiceNo invoice) =>
        [.. account.Credits.Values.Where(credit => credit.Invoice == invoice)
            .OrderBy(credit => credit.Note, StringComparer.Ordinal)];

    private static async Task<InvoiceIssued?> Find(NpgsqlConnection connection, InvoiceNo invoice)
    {
        var json = await connection.QuerySingleOrDefaultAsync<string>("""
            select e.data from invoice i join mt_events e on e.stream_id = 'account-' || i.account_no
            where i.invoice_no = @invoice and e.type = 'invoice-issued.v1' and e.data ->> 'invoice' = @invoice
            """, new { invoice = invoice.Value });
        return json is null ? null : JsonSerializer.Deserialize<InvoiceIssued>(json, Wire.Stored);
    }

    /// <summary>What had been read when the invoice was issued, also what was withdrawn since.</summary>
    private static async Task<IReadOnlyList<ReadingUsed>> ReadingsOf(NpgsqlConnection connection, InvoiceIssued issued)
    {
        var rows = await connection.QueryAsync<(string Meter, DateTime ReadOn, string Kind, decimal Total, long? Kwh,
            string Flags, Guid Event)>("""
            select distinct on (u.meter, u.day) u.meter, u.day::timestamp, e.data ->> 'kind',
              (e.data ->> 'total')::numeric, (e.data ->> 'kwh')::bigint,
              array_to_string(array(select jsonb_array_elements_text(e.data -> 'flags')), ','), e.id
            from unnest(@meters, @days::date[]) as u(meter, day)
            join mt_events e on e.stream_id = @stream and e.type = 'reading-accepted.v1'
              and e.data ->> 'meter' = u.meter and (e.data ->> 'readOn')::date = u.day
            where e.version < (
              select i.version from mt_events i
              where i.stream_id = @stream and i.type = 'invoice-issued.v1' and i.data ->> 'invoice' = @invoice)
            order by u.meter, u.day, e.version desc
            """, new
        {
            stream = Account.Stream(issued.Account).Id,
            invoice = issued.Invoice.Value,
            meters = issued.Usage.SelectMany(used => new[] { used.Meter, used.Meter }).ToArray(),
            days = issued.Usage.SelectMany(used => new[] { used.From, used.To })
                .Select(day => day.ToDateTime(default)).ToArray(),
        });
        return [.. rows.Select(row => new ReadingUsed(
            row.Meter, DateOnly.FromDateTime(row.ReadOn), row.Kind, row.Total, row.Kwh, row.Flags, row.Event))];
    }
}
