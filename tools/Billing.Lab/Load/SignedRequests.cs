namespace Billing.Tools;

/// <summary>Gives each request the token of whoever sends it: the partner under its own path.</summary>
/// <param name="inner">The handler that sends the requests.</param>
internal sealed class SignedRequests(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly Access.Signed _signed = new(Access.Here, People.Operator);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await _signed.Sign(request, cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }
}
