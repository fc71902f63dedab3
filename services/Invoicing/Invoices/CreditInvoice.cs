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

/// <summary>A credit as it is proposed.</summary>
/// <param name="Note">The number of the credit note.</param>
/// <param name="Invoice">The invoice.</param>
/// <param name="Account">Its account.</param>
/// <param name="Amount">The money.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record CreditToIssue(
    CreditNoteNo Note, InvoiceNo Invoice, AccountNo Account, Money Amount, string Reason);

/// <summary>
/// Credits of an invoice that are together above the limit take two people; what they see is what is left of the
/// invoice before and after.
/// </summary>
public sealed class CreditKind : ApprovalKind<CreditToIssue>
{
    /// <summary>Its stable name.</summary>
    public const string Name = "credit";

    /// <summary>Up to how much one person may credit of an invoice, in all, as delivered: 1,000 yuan.</summary>
    private static readonly Money DeliveredLimit = new(1_000_00);

    private readonly TimeProvider _clock;

    /// <summary>Registers the kind with its rights, its limit and its refusals.</summary>
    public CreditKind(TimeProvider clock)
        : base(Name, Right.CreditInvoice, Right.ApproveCredit) =>
        (_clock, Alone, Refuses) = (clock, DeliveredLimit, [typeof(CreditInvoice)]);

    /// <inheritdoc/>
    protected override IEnumerable<string> StreamsOf(CreditToIssue request) => [Account.Stream(request.Account).Id];

    /// <inheritdoc/>
    protected override async Task<Consequence> CarryOut(
        CreditToIssue request, Attempt attempt, CancellationToken cancellation)
    {
        var stream = Account.Stream(request.Account);
        var state = await attempt.Load(stream, cancellation);
        var decision = new CreditInvoice(
            request.Note, request.Invoice, request.Account, request.Amount, request.Reason, _clock.Today())
            .Decide(state);
        if (decision.Rejection is { } rejection)
            return Consequence.Refused(rejection);
        if (decision.Events.Count == 0)
            return Consequence.Nothing;
        var (left, after) = (
            state.LeftOf(request.Invoice),
            attempt.Session.Append(stream, state, decision.Events).LeftOf(request.Invoice));
        return new(null,
        [
            new("left", left.Amount.ToString(), after.Amount.ToString()),
            new("left-net", left.Net.ToString(), after.Net.ToString()),
            new("left-tax", left.Tax.ToString(), after.Tax.ToString()),
        ])
        {
            Amount = request.Amount, Account = request.Account,
            Together = state.Invoices[request.Invoice].Amount - after.Amount,
        };
    }
}

public static class CreditInvoiceEndpoint
{
    public static void MapCreditInvoice(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/invoices/{invoice}/credits/{note}", Handle)
            .WithName(nameof(CreditInvoice)).RequireRight(Right.CreditInvoice)
            .WithSummary("Issues a credit note for a part of an invoice or all of it, or proposes it above the limit.")
            .Refuses(typeof(CreditInvoice)).RefusesProposals();

    private static async Task<Results<Created, Ok, Accepted<ProposalDetails>, ProblemHttpResult>> Handle(
        InvoiceNo invoice, string note, CreditInvoiceRequest body, Approvals approvals, CreditKind kind,
        NpgsqlDataSource source, CancellationToken cancellation)
    {
        string? owner;
        await using (var connection = await source.OpenConnectionAsync(cancellation))
        {
            owner = await connection.QuerySingleOrDefaultAsync<string>(
                "select account_no from invoice where invoice_no = @invoice", new { invoice = invoice.Value });
        }
        if (owner is null)
            return CreditInvoice.InvoiceUnknown.ToProblem();
        if (!CreditNoteNo.TryParse(note, null, out var number))
            return CreditInvoice.NoteInvalid.ToProblem();
        var proposing = await approvals.Propose(
            kind, number.Value, new(number, invoice, AccountNo.Wrap(owner), body.Amount, body.Reason), body.Reason,
            cancellation);
        return proposing switch
        {
            { Refusal: { } rejection } => rejection.ToProblem(),
            { Waits: { } proposal } => proposal.ToAccepted(),
            { IsDone: true } => TypedResults.Created($"/invoices/{invoice}/credits/{note}"),
            _ => TypedResults.Ok(),
        };
    }
}
