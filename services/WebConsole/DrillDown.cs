using System.Collections.Frozen;

namespace Billing.WebConsole;

/// <summary>
/// Shows the API's own answer behind a figure. Only readers of the page's figures are let through, so that whoever may
/// see the console can see nothing else by it.
/// </summary>
public static class DrillDown
{
    private static readonly FrozenSet<(Peer, string)> Shown = new[]
    {
        (Peer.Customer, "lag"), (Peer.Tariff, "lag"), (Peer.Invoicing, "lag"), (Peer.Payments, "lag"),
        (Peer.Collections, "lag"), (Peer.Invoicing, "runs"), (Peer.Invoicing, "totals"), (Peer.Payments, "totals"),
        (Peer.Payments, "cash"), (Peer.Collections, "totals"), (Peer.Collections, "rates"),
        (Peer.Collections, "ageing"), (Peer.Collections, "arrears"), (Peer.Collections, "overdue"),
    }.ToFrozenSet();

    public static void MapDrillDown(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/{peer}/{**path}", Handle);

    private static async Task<IResult> Handle(
        Peer peer, string path, HttpRequest request, Peers peers, CancellationToken cancellation)
    {
        if (!Shown.Contains((peer, path.Split('/')[0])) || path.Contains("..", StringComparison.Ordinal))
            return TypedResults.NotFound();
        try
        {
            using var answer = await peers.Get(peer, $"/{path}{request.QueryString}", cancellation);
            return TypedResults.Text(
                await answer.Content.ReadAsStringAsync(cancellation),
                answer.Content.Headers.ContentType?.ToString(), statusCode: (int)answer.StatusCode);
        }
        catch (Exception e) when (e is HttpRequestException or Polly.Timeout.TimeoutRejectedException)
        {
            return TypedResults.Problem($"{peer}: {e.Message}", statusCode: StatusCodes.Status502BadGateway);
        }
    }
}
