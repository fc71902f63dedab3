using System.Net;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.WebConsole;

/// <summary>
/// The answer behind a figure of the page, as JSON: one route per query, without any path or query parameter that is
/// passed on. Users of the console see totals by it, and never a customer, an account or a bill.
/// </summary>
public static class DrillDown
{
    public const string Runs = "/api/Invoicing/runs";
    public const string InvoicingTotals = "/api/Invoicing/totals";
    public const string PaymentsTotals = "/api/Payments/totals";
    public const string Cash = "/api/Payments/cash";
    public const string CollectionsTotals = "/api/Collections/totals";
    public const string CollectionRates = "/api/Collections/rates-by-project";
    public const string Ageing = "/api/Collections/ageing-by-utility";

    private static readonly Rejection RunInvalid = Rejection.Invalid(
        "run-invalid", $"The run's name is not {RunName.Form}.") with { Status = 400 };
    private static readonly Rejection NotThere = Rejection.NotFound("not-found", "There is nothing under this name.");

    private static readonly Rejection Closed = new(
        "service-refuses", "The service does not answer this to you.", StatusCodes.Status403Forbidden);

    private static readonly Rejection Silent = new(
        "service-not-answering", "The service does not answer.", StatusCodes.Status502BadGateway);

    /// <summary>The route of one run.</summary>
    public static string Run(RunName run) => $"{Runs}/{Uri.EscapeDataString(run.Value)}";

    /// <summary>The route of a service's lag.</summary>
    public static string Lag(Peer peer) => $"/api/{peer}/lag";

    public static void MapDrillDown(this IEndpointRouteBuilder routes)
    {
        const Right figures = Right.ReadFigures;
        routes.MapGet(Runs, (Peers peers, CancellationToken c) => Show(peers.Runs(c))).Needs(Right.ReadRuns);
        routes.MapGet(Runs + "/{run}", ShowRun).Needs(Right.ReadRuns);
        routes.MapGet(InvoicingTotals, (Peers peers, CancellationToken c) => Show(peers.InvoicingTotals(c)))
            .Needs(figures);
        routes.MapGet(PaymentsTotals, (Peers peers, CancellationToken c) => Show(peers.PaymentsTotals(c)))
            .Needs(figures);
        routes.MapGet(Cash, (Operations page, CancellationToken c) => Show(page.ReadCash(c))).Needs(figures);
        routes.MapGet(CollectionsTotals, (Peers peers, CancellationToken c) => Show(peers.CollectionsTotals(c)))
            .Needs(figures);
        routes.MapGet(CollectionRates, (Peers peers, CancellationToken c) => Show(peers.CollectionRates(c)))
            .Needs(figures);
        routes.MapGet(Ageing, (Peers peers, CancellationToken c) => Show(peers.Ageing(c))).Needs(figures);
        // One route for each: a parameter would also bind numbers that stand for no service.
        foreach (var peer in Enum.GetValues<Peer>())
        {
            routes.MapGet(Lag(peer), (Peers peers, CancellationToken c) => Show(peers.Lag(peer, c)))
                .Needs(Right.ReadOperations);
        }
    }

    private static async Task<Results<JsonHttpResult<Answer<RunStatus>>, ProblemHttpResult>> ShowRun(
        string run, Peers peers, CancellationToken cancellation) =>
        RunName.TryParse(run, null, out var name)
            ? await Show(peers.Run(name, cancellation))
            : RunInvalid.ToProblem();

    /// <summary>The query with its answer, or a problem when there is none.</summary>
    private static async Task<Results<JsonHttpResult<Answer<T>>, ProblemHttpResult>> Show<T>(Task<Answer<T>> asked)
        where T : class
    {
        var answer = await asked;
        return answer.Problem is null
            ? TypedResults.Json(answer, Wire.Stored)
            : (answer.Status switch
            {
                HttpStatusCode.NotFound => NotThere,
                HttpStatusCode.Forbidden => Closed,
                _ => Silent,
            }).With($"{answer.Peer} does not answer {answer.Query}: {answer.Problem}").ToProblem();
    }
}
