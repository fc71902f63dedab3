using Billing.Contracts;
using Billing.Platform;
using Billing.Rating;
using Dapper;
using JasperFx.Events;
using Marten;
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
        InvoiceNo invoice, NpgsqlDataSource source, IQuerySession session, EventStore store,
        CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        if (await Find(connection, session, invoice, cancellation) is not var (issued, recordedAt, _))
            return CreditInvoice.InvoiceUnknown.ToProblem();
        var (account, _) = await store.Load(Account.Stream(issued.Account), cancellation);
        var left = account.LeftOf(invoice);
        return TypedResults.Ok(new Answer(
            issued, recordedAt.UtcDateTime, CreditsOf(account, invoice), left.Amount, left.Net, left.Tax));
    }

    private static async Task<Results<Ok<Explanation>, ProblemHttpResult>> Explain(
        InvoiceNo invoice, NpgsqlDataSource source, IQuerySession session, EventStore store, Plans plans,
        CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        if (await Find(connection, session, invoice, cancellation) is not var (issued, _, before))
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
            issued.Amount, issued.Net, issued.Tax, ReadingsOf(issued, before), CreditsOf(account, invoice),
            left.Amount, left.Net, left.Tax));
    }

    private static List<CreditIssued> CreditsOf(Account account, InvoiceNo invoice) =>
        [.. account.Credits.Values.Where(credit => credit.Invoice == invoice)
            .OrderBy(credit => credit.Note, StringComparer.Ordinal)];

    /// <summary>An invoice with the history of its account up to it; null when there is none of this number.</summary>
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

    /// <summary>What had been read when the invoice was issued, also what was withdrawn since.</summary>
    private static IReadOnlyList<ReadingUsed> ReadingsOf(InvoiceIssued issued, IReadOnlyList<IEvent> before)
    {
        var used = issued.Usage.SelectMany(usage => new[] { (usage.Meter, usage.From), (usage.Meter, usage.To) })
            .ToHashSet();
        return [.. before
            .Where(e => e.Data is ReadingAccepted reading && used.Contains((reading.Meter, reading.ReadOn)))
            .Select(e => (Event: e, Reading: (ReadingAccepted)e.Data))
            .GroupBy(read => (read.Reading.Meter, read.Reading.ReadOn))
            .OrderBy(same => same.Key.Meter, StringComparer.Ordinal).ThenBy(same => same.Key.ReadOn)
            .Select(same => same.Last())
            .Select(read => new ReadingUsed(
                read.Reading.Meter, read.Reading.ReadOn, read.Reading.Kind.ToString(), read.Reading.Total,
                read.Reading.Kwh, string.Join(',', read.Reading.Flags), read.Event.Id))];
    }
}
