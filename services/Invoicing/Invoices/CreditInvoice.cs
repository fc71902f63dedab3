using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Credits an invoice in part or in whole. Invoices are never edited, so a credit note is issued against it, under a
/// number of its own. Never more is credited than is left of the invoice. Net and tax of a credit follow from those of
/// the invoice: the credits of a whole invoice reduce output tax by exactly the invoice's tax.
/// </summary>
public sealed record CreditInvoice(
    CreditNoteNo Note, InvoiceNo Invoice, AccountNo Account, Money Amount, string Reason, DateOnly Today)
    : ICommand<Account, AccountEvent>
{
    public static readonly Rejection NoteInvalid = Rejection.Invalid(
        "credit-note-invalid", $"The number of a credit note has {CreditNoteNo.Form}.");
    public static readonly Rejection ReasonMissing = Rejection.Invalid(
        "credit-reason-missing", $"A credit needs a reason of 1 to {Reasons.Longest} characters, one of them visible.");
    public static readonly Rejection AmountNotPositive = Rejection.Invalid(
        "credit-amount-not-positive", "A credit is more than zero.");
    public static readonly Rejection InvoiceUnknown = Rejection.NotFound(
        "invoice-unknown", "There is no such invoice.");
    public static readonly Rejection NoteTaken = Rejection.Conflict(
        "credit-note-taken", "This credit note already stands for something else.");
    public static readonly Rejection MoreThanLeft = Rejection.Conflict(
        "credit-more-than-left", "The credit is more than what is left of the invoice.");

    /// <inheritdoc/>
    public Rejection? Refuse() =>
        Note == default ? NoteInvalid
        : !Reasons.IsGiven(Reason) ? ReasonMissing
        : Amount <= Money.Zero ? AmountNotPositive
        : null;

    public Decision<AccountEvent> Decide(Account state) =>
        Refuse() is { } wrong ? wrong
        : state.Credits.TryGetValue(Note, out var known) ? Repeats(known) ? [] : NoteTaken
        : !state.Invoices.ContainsKey(Invoice) ? InvoiceUnknown
        : Amount > state.LeftOf(Invoice).Amount ? MoreThanLeft
        : [Issued(state.PartOf(Invoice, Amount))];

    private CreditIssued Issued(Taxed part) =>
        new(Note, Invoice, Account, Amount, Reason, Today, part.Net, part.Tax);

    private bool Repeats(CreditIssued known) =>
        (known.Invoice, known.Amount, known.Reason) == (Invoice, Amount, Reason);
}

public static class CreditInvoiceEndpoint
{
    public static void MapCreditInvoice(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/invoices/{invoice}/credits/{note}", Handle)
            .WithName(nameof(CreditInvoice)).RequireRight(Right.CreditInvoice)
            .WithSummary("Issues a credit note for a part of an invoice or all of it.")
            .Refuses(typeof(CreditInvoice));

    private static async Task<Results<Created, Ok, ProblemHttpResult>> Handle(
        InvoiceNo invoice, string note, CreditInvoiceRequest body, EventStore store, NpgsqlDataSource source,
        TimeProvider clock, CancellationToken cancellation)
    {
        string? owner;
        await using (var connection = await source.OpenConnectionAsync(cancellation))
        {
            owner = await connection.QuerySingleOrDefaultAsync<string>(
                "select account_no from invoice where invoice_no = @invoice", new { invoice = invoice.Value });
        }
        if (owner is null)
            return CreditInvoice.InvoiceUnknown.ToProblem();
        var account = AccountNo.Wrap(owner);
        CreditNoteNo.TryParse(note, null, out var number);
        var command = new CreditInvoice(number, invoice, account, body.Amount, body.Reason, clock.Today());
        var executed = await store.Execute(Account.Stream(account), command, cancellation);
        return executed switch
        {
            { Rejection: { } rejection } => rejection.ToProblem(),
            { Changed: true } => TypedResults.Created($"/invoices/{invoice}/credits/{note}"),
            _ => TypedResults.Ok(),
        };
    }
}
