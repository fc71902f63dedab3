using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Payments;

/// <summary>
/// Takes a partner's file for one of its days and compares it with the recorded payments. The same file again changes
/// nothing; another one replaces it, because banks correct their files. A truncated file is refused as a whole, and so
/// is one of a day that still runs: it cannot be complete, and a day that has its file accepts no other payments.
/// </summary>
/// <param name="Partner">The partner.</param>
/// <param name="BankDate">Its bank day.</param>
/// <param name="File">The file, read completely.</param>
/// <param name="Day">The state of the bank day.</param>
/// <param name="Over">Whether the day is over by the partner's clock, within the tolerance.</param>
public sealed record ReconcileDay(PartnerCode Partner, DateOnly BankDate, BankFile File, BankDayState Day, bool Over)
    : ICommand<PartnerDay, PartnerDayEvent>
{
    public Decision<PartnerDayEvent> Decide(PartnerDay state) => BankDays.Refuse(Day) switch
    {
        _ when state.FileHash == File.Hash => [],
        { } refusal => refusal,
        null when !Over => BankDays.NotOver,
        null => [new BankFileTaken(Partner, BankDate, File.Hash, File.Count, File.Amount, File.Lines)],
    };
}

public static class ReconcileDayEndpoint
{
    private const int MostBytes = 64 * 1024 * 1024;
    private const int MostBadLines = 1_000;
    private const string Route = "/days/{bankDate}/reconciliation";
    private const string Day = "/days/20261103/reconciliation";

    private static readonly Rejection DateMalformed =
        Rejection.Invalid("bank-date-malformed", "A bank date is yyyyMMdd, such as 20261031, from 1900 to 2199.");

    private static readonly Rejection NoFile =
        Rejection.NotFound("bank-file-missing", "The partner has sent no file for this day.");

    /// <summary>For our own people, who send the file of a partner that cannot.</summary>
    public static void MapReconcileDay(this IEndpointRouteBuilder routes)
    {
        Describe(routes.MapPost($"/partners/{{partner}}{Route}", Post)
            .WithName(nameof(ReconcileDay)).RequireRight(Right.ReconcileDay)).Refuses(Partners.Unknown)
            .WithExample($"/partners/icbc{Day}", PartnerExamples.ReconciledDay, PartnerExamples.File);
        routes.MapGet($"/partners/{{partner}}{Route}", Get).WithName("ReconciledDay").RequireRight(Right.ReadPayments)
            .WithSummary("Returns the reconciliation of a bank day.")
            .Refuses(DateMalformed, NoFile)
            .WithExample($"/partners/icbc{Day}", PartnerExamples.ReconciledDay);
    }

    /// <summary>For partners.</summary>
    public static void MapOwnDays(this IEndpointRouteBuilder partners)
    {
        Describe(partners.MapPost(Route, PostOwn).ChangedByPartners("SendDayFile", Right.ReconcileDay)
            .Counts(PartnerAct.File))
            .WithExample(PartnerEdge.Prefix + Day, PartnerExamples.ReconciledDay, PartnerExamples.File);
        partners.MapGet(Route, GetOwn).ForPartners("OwnReconciledDay", Right.ReconcileDay).Counts(PartnerAct.File)
            .WithSummary("Returns the reconciliation of a bank day.")
            .Refuses(DateMalformed, NoFile)
            .WithExample(PartnerEdge.Prefix + Day, PartnerExamples.ReconciledDay);
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint
        .Accepts<string>("text/plain")
        .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MostBytes))
        .WithSummary("Reconciles a bank day with the partner's file.")
        .Refuses(typeof(ReconcileDay), typeof(BankFile), typeof(BankDays)).Refuses(DateMalformed);

    private static async Task<Results<Created<ReconciledDay>, Ok<ReconciledDay>, ProblemHttpResult>> Post(
        string partner, string bankDate, HttpRequest request,
        Partners partners, PartnerDays days, EventStore store, TimeProvider clock, CancellationToken cancellation) =>
        await partners.Find(partner, cancellation) is { } terms
            ? await Take(terms, bankDate, request, days, store, clock, cancellation)
            : PaymentKey.TryParseDate(bankDate, out _) ? Partners.Unknown.ToProblem() : DateMalformed.ToProblem();

    private static Task<Results<Created<ReconciledDay>, Ok<ReconciledDay>, ProblemHttpResult>> PostOwn(
        string bankDate, HttpRequest request,
        PartnerDays days, EventStore store, TimeProvider clock, CancellationToken cancellation) =>
        Take(PartnerEdge.Of(request.HttpContext), bankDate, request, days, store, clock, cancellation);

    private static async Task<Results<Created<ReconciledDay>, Ok<ReconciledDay>, ProblemHttpResult>> Take(
        Partner terms, string bankDate, HttpRequest request,
        PartnerDays days, EventStore store, TimeProvider clock, CancellationToken cancellation)
    {
        if (!PaymentKey.TryParseDate(bankDate, out var date))
            return DateMalformed.ToProblem();
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, cancellation);
        var (file, refusal, bad) = BankFile.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), terms.Encoding, date);
        if (file is null)
            return Explain(refusal!, bad);

        var now = clock.GetUtcNow();
        var command = new ReconcileDay(
            terms.Code, date, file, BankDays.StateOf(date, terms.DayCut, BankDays.MostFileDays, now),
            BankDays.IsOver(date, terms.DayCut, now));
        var executed = await store.Execute(PartnerDay.Stream(terms.Code, date), command, cancellation);
        if (executed.Rejection is { } rejection)
            return rejection.ToProblem();
        days.Close(terms.Code);
        var day = (await days.Read(terms.Code, date, cancellation))!;
        return executed.Changed
            ? TypedResults.Created(request.Path.Value, day)
            : TypedResults.Ok(day);
    }

    private static async Task<Results<Ok<ReconciledDay>, ProblemHttpResult>> Get(
        string partner, string bankDate, PartnerDays days, CancellationToken cancellation) =>
        !PaymentKey.TryParseDate(bankDate, out var date) ? DateMalformed.ToProblem()
        : PartnerCode.TryParse(partner, null, out var code)
            && await days.Read(code, date, cancellation) is { } day ? TypedResults.Ok(day)
        : NoFile.ToProblem();

    private static Task<Results<Ok<ReconciledDay>, ProblemHttpResult>> GetOwn(
        string bankDate, HttpContext context, PartnerDays days, CancellationToken cancellation) =>
        Get(PartnerEdge.Of(context).Code.Value, bankDate, days, cancellation);

    private static ProblemHttpResult Explain(Rejection refusal, IReadOnlyList<BadLine> bad)
    {
        var problem = refusal.ToProblem();
        problem.ProblemDetails.Extensions["lines"] = bad.Take(MostBadLines);
        problem.ProblemDetails.Extensions["badLines"] = bad.Count;
        return problem;
    }
}
