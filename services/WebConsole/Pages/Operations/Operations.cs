using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.WebConsole;

/// <summary>Billing runs, the newest first.</summary>
/// <param name="List">The names of all runs.</param>
/// <param name="Newest">The newest runs with their status.</param>
public sealed record Runs(Answer<List<RunName>> List, IReadOnlyList<Answer<RunStatus>> Newest);

/// <summary>Everything else that the page shows, queried at the same time.</summary>
public sealed record Snapshot(
    DateTimeOffset At,
    Answer<InvoicingTotals> Invoicing,
    Answer<PaymentTotals> Payments,
    Answer<Dated<CollectionTotals>> Collections,
    Answer<Dated<GroupRates>> Rates,
    Answer<Dated<List<AgeingGroup>>> Ageing,
    Answer<List<CashOfDay>> Cash,
    IReadOnlyList<Answer<Lag>> Lags)
{
    /// <summary>The trial balance.</summary>
    public TrialBalance.Sheet Balance { get; } =
        TrialBalance.Compare(Invoicing.Value, Payments.Value, Collections.Value?.Figure);

    /// <summary>The number of a service's last event when the page was made; null when it did not answer.</summary>
    public long? HeadOf(Peer peer) => Lags.Single(lag => lag.Peer == peer).Value?.Head;
}

/// <summary>Queries all services concurrently.</summary>
public sealed class Operations(Peers peers, TimeProvider clock)
{
    private const int RunsShown = 3;
    private const int DaysOfCash = 30;

    public async Task<Runs> ReadRuns(CancellationToken cancellation)
    {
        var list = await peers.Runs(cancellation);
        var newest = (list.Value ?? []).Take(RunsShown).Select(run => peers.Run(run, cancellation));
        return new(list, await Task.WhenAll(newest));
    }

    public Task<Answer<List<CashOfDay>>> ReadCash(CancellationToken cancellation)
    {
        var today = clock.Today();
        return peers.Cash(today.AddDays(1 - DaysOfCash), today, cancellation);
    }

    public async Task<Snapshot> ReadFigures(CancellationToken cancellation)
    {
        var invoicing = peers.InvoicingTotals(cancellation);
        var payments = peers.PaymentsTotals(cancellation);
        var collections = peers.CollectionsTotals(cancellation);
        var rates = peers.CollectionRates(cancellation);
        var ageing = peers.Ageing(cancellation);
        var cash = ReadCash(cancellation);
        var lags = Task.WhenAll(Enum.GetValues<Peer>().Select(peer => peers.Lag(peer, cancellation)));
        return new(
            clock.GetUtcNow(), await invoicing, await payments, await collections, await rates, await ageing,
            await cash, await lags);
    }
}

/// <summary>The endpoints of the page and of its two parts that refresh themselves.</summary>
public static class OperationsEndpoints
{
    public static void MapOperationsPage(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", Page);
        routes.MapGet($"{Program.Fragments}/runs", RunsFragment);
        routes.MapGet($"{Program.Fragments}/figures", FiguresFragment);
    }

    private static async Task<RazorComponentResult<OperationsPage>> Page(
        Visit visit, Operations operations, CancellationToken cancellation)
    {
        var (runs, figures) = (operations.ReadRuns(cancellation), operations.ReadFigures(cancellation));
        return new(new { Visit = visit, Runs = await runs, Figures = await figures });
    }

    private static async Task<RazorComponentResult<RunsPart>> RunsFragment(
        HttpRequest request, Operations operations, CancellationToken cancellation) =>
        new(new { Language = Language.Of(request), Runs = await operations.ReadRuns(cancellation) });

    private static async Task<RazorComponentResult<FiguresPart>> FiguresFragment(
        HttpRequest request, Operations operations, CancellationToken cancellation) =>
        new(new { Language = Language.Of(request), Figures = await operations.ReadFigures(cancellation) });
}
