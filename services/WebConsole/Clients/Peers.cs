using System.Net;
using System.Text.Json.Serialization;
using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.WebConsole;

/// <summary>A service that the console queries.</summary>
public enum Peer
{
    Customer,
    Tariff,
    Invoicing,
    Payments,
    Collections,
    Identity,
}

/// <summary>An answer, or why there is none.</summary>
/// <typeparam name="T">The type of the answer.</typeparam>
/// <param name="Peer">The service that was asked.</param>
/// <param name="Query">The query, such as <c>/totals</c>.</param>
/// <param name="Value">The answer; null when there is none.</param>
/// <param name="Problem">Why there is none, for people; null when there is one.</param>
public sealed record Answer<T>(Peer Peer, string Query, T? Value, string? Problem)
    where T : class
{
    /// <summary>The HTTP status of a refusal; null for an answer, and when no response came.</summary>
    [JsonIgnore]
    public HttpStatusCode? Status { get; init; }

    /// <summary>The right that the person lacks who asked; null in every other case.</summary>
    [JsonIgnore]
    public Right? Lacks { get; init; }

    /// <summary>The code of a refusal, or null.</summary>
    [JsonIgnore]
    public string? Code { get; init; }

    /// <summary>What the service says about a refusal, in English, or null.</summary>
    [JsonIgnore]
    public string? Detail { get; init; }
}

/// <summary>
/// All queries that the console sends to the services. Each is a method with typed parameters, and its answer is parsed
/// into a record of contracts/Api: further members of a newer service are dropped. No method takes an address, so
/// nothing that a browser sends becomes one.
/// </summary>
public sealed class Peers(PeerConnections connections)
{
    /// <summary>The lag of a service.</summary>
    public Task<Answer<Lag>> Lag(Peer peer, CancellationToken cancellation) =>
        connections.Ask<Lag>(peer, "/lag", Right.ReadOperations, cancellation);

    /// <summary>The names of the billing runs, the newest first.</summary>
    public Task<Answer<List<RunName>>> Runs(CancellationToken cancellation) =>
        connections.Ask<List<RunName>>(Peer.Invoicing, "/runs", Right.ReadRuns, cancellation);

    /// <summary>The state, progress and totals of one run, without bills and accounts.</summary>
    public async Task<Answer<RunStatus>> Run(RunName run, CancellationToken cancellation)
    {
        var answer = await connections.Ask<RunStatus>(
            Peer.Invoicing, $"/runs/{Uri.EscapeDataString(run.Value)}", Right.ReadRuns, cancellation);
        return answer with { Value = answer.Value?.WithoutAccounts() };
    }

    /// <summary>The totals of invoices and credit notes.</summary>
    public Task<Answer<InvoicingTotals>> InvoicingTotals(CancellationToken cancellation) =>
        connections.Ask<InvoicingTotals>(Peer.Invoicing, "/totals", Right.ReadFigures, cancellation);

    /// <summary>The totals of charges and payments.</summary>
    public Task<Answer<PaymentTotals>> PaymentsTotals(CancellationToken cancellation) =>
        connections.Ask<PaymentTotals>(Peer.Payments, "/totals", Right.ReadFigures, cancellation);

    /// <summary>Cash by day, partner and channel.</summary>
    /// <param name="from">First bank day, inclusive.</param>
    /// <param name="to">Last bank day, inclusive.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public Task<Answer<List<CashOfDay>>> Cash(DateOnly from, DateOnly to, CancellationToken cancellation) =>
        connections.Ask<List<CashOfDay>>(
            Peer.Payments, $"/cash?from={Language.Day(from)}&to={Language.Day(to)}", Right.ReadFigures, cancellation);

    /// <summary>The totals of Collections.</summary>
    public Task<Answer<Dated<CollectionTotals>>> CollectionsTotals(CancellationToken cancellation) =>
        connections.Ask<Dated<CollectionTotals>>(Peer.Collections, "/totals", Right.ReadFigures, cancellation);

    /// <summary>Collection rates by project.</summary>
    public Task<Answer<Dated<GroupRates>>> CollectionRates(CancellationToken cancellation) =>
        connections.Ask<Dated<GroupRates>>(
            Peer.Collections, "/rates/collection?by=project", Right.ReadFigures, cancellation);

    /// <summary>Open receivables by age and utility.</summary>
    public Task<Answer<Dated<List<AgeingGroup>>>> Ageing(CancellationToken cancellation) =>
        connections.Ask<Dated<List<AgeingGroup>>>(
            Peer.Collections, "/ageing?by=utility", Right.ReadFigures, cancellation);
}
