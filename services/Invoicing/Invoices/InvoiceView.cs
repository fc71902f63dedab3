using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Billing.Rating;
using Dapper;
using JasperFx.Events;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>One invoice in its present state, and its explanation.</summary>
public static class InvoiceView
{
    public static void MapInvoiceView(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/invoices/{invoice}", Get).WithName("Invoice").RequireRight(Right.ReadInvoices)
            .WithSummary("Returns an invoice as issued, with its credits.")
            .Refuses(CreditInvoice.InvoiceUnknown);
        routes.MapGet("/invoices/{invoice}/explain", Explain)
            .WithName("ExplainInvoice").RequireRight(Right.ReadInvoices)
            .WithSummary("Explains an invoice line by line.")
            .Refuses(CreditInvoice.InvoiceUnknown);
    }

    private static async Task<Results<Ok<InvoiceDetails>, ProblemHttpResult>> Get(
        InvoiceNo invoice, NpgsqlDataSource source, IQuerySession session, EventStore store,
        CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        if (await Find(connection, session, invoice, cancellation) is not var (issued, recordedAt, _))
            return CreditInvoice.InvoiceUnknown.ToProblem();
        var (account, _) = await store.Load(Account.Stream(issued.Account), cancellation);
        var left = account.LeftOf(invoice);
        return TypedResults.Ok(new InvoiceDetails(
            WireOf(issued), recordedAt.UtcDateTime, CreditsOf(account, invoice), left.Amount, left.Net, left.Tax));
    }

    private static async Task<Results<Ok<InvoiceExplanation>, ProblemHttpResult>> Explain(
        InvoiceNo invoice, NpgsqlDataSource source, IQuerySession session, EventStore store, Plans plans,
        CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        if (await Find(connection, session, invoice, cancellation) is not var (issued, _, before))
            return CreditInvoice.InvoiceUnknown.ToProblem();
        // Versions of a plan follow each other in time, but not always in number, so the order is that of the lines.
        var versions = issued.Lines.Select(line => line.Version).Where(version => version != 0)
            .Append(issued.Version).Distinct().ToArray();
        var plan = await plans.Get(connection, issued.Plan, PinnedVersions.Of(versions), cancellation);
        var lines = issued.Lines.Select(line => (Line: line, Words: plan.Explain(line)))
            .Select(pair => new ExplainedLine(
                pair.Line.Id, pair.Words.Label, pair.Words.Reason, pair.Words.Formula, pair.Line.Amount,
                pair.Line.Version == 0 ? issued.Version : pair.Line.Version));
        var (account, _) = await store.Load(Account.Stream(issued.Account), cancellation);
        var left = account.LeftOf(invoice);
        return TypedResults.Ok(new InvoiceExplanation(
            invoice, issued.Account, WireOf(plan.Last), [.. plan.Versions.Select(WireOf)], [.. lines],
            issued.Amount, issued.Net, issued.Tax, ReadingsOf(issued, before), CreditsOf(account, invoice),
            left.Amount, left.Net, left.Tax));
    }

    private static List<CreditNote> CreditsOf(Account account, InvoiceNo invoice) =>
        [.. account.Credits.Values.Where(credit => credit.Invoice == invoice)
            .OrderBy(credit => credit.Note.Value, StringComparer.Ordinal).Select(WireOf)];

    /// <summary>
    /// An invoice with the history of its account up to it; null when there is none with this number.
    /// </summary>
    private static async Task<(InvoiceIssued Issued, DateTimeOffset At, IReadOnlyList<IEvent> Before)?> Find(
        NpgsqlConnection connection, IQuerySession session, InvoiceNo invoice, CancellationToken cancellation)
    {
        var account = await connection.QuerySingleOrDefaultAsync<string>(
            "select account_no from invoice where invoice_no = @invoice", new { invoice = invoice.Value });
        if (account is null)
            return null;
        var history = await session.Events.FetchStreamAsync(
            Account.Stream(AccountNo.Wrap(account)).Id, token: cancellation);
        var found = history.First(e => e.Data is InvoiceIssued issued && issued.Invoice == invoice);
        return ((InvoiceIssued)found.Data, found.Timestamp, [.. history.TakeWhile(e => e != found)]);
    }

    /// <summary>The readings behind the invoice when it was issued, including those withdrawn since.</summary>
    private static IReadOnlyList<ExplainedReading> ReadingsOf(InvoiceIssued issued, IReadOnlyList<IEvent> before)
    {
        var used = issued.Usage.SelectMany(usage => new[] { (usage.Meter, usage.From), (usage.Meter, usage.To) })
            .ToHashSet();
        return [.. before
            .Where(e => e.Data is ReadingAccepted reading && used.Contains((reading.Meter, reading.ReadOn)))
            .Select(e => (Event: e, Reading: (ReadingAccepted)e.Data))
            .GroupBy(read => (read.Reading.Meter, read.Reading.ReadOn))
            .OrderBy(same => same.Key.Meter.Value, StringComparer.Ordinal).ThenBy(same => same.Key.ReadOn)
            .Select(same => same.Last())
            .Select(read => new ExplainedReading(
                read.Reading.Meter, read.Reading.ReadOn, read.Reading.Kind, read.Reading.Total,
                read.Reading.Kwh, string.Join(',', read.Reading.Flags), read.Event.Id))];
    }

    private static InvoiceAsIssued WireOf(InvoiceIssued e) => new(
        e.Invoice, e.Account, e.Utility, e.Period, e.Class, e.Region, e.Project, e.Amount, e.Net, e.Tax, e.Plan,
        e.Version, [.. e.Lines.Select(line => JsonSerializer.SerializeToElement(line, Wire.Stored))],
        [.. e.Usage.Select(used => new MeteredUse(
            used.Meter, used.From, used.To, used.Kwh, used.Peak, used.Valley))],
        e.IssuedOn, e.DueOn, e.Run);

    private static CreditNote WireOf(CreditIssued e) =>
        new(e.Note, e.Invoice, e.Account, e.Amount, e.Reason, e.IssuedOn, e.Net, e.Tax);

    private static ExplainedPlan WireOf(PlanDocument plan) =>
        new(plan.Code, plan.Version, plan.Name, plan.LegalDocument, plan.Source);
}
