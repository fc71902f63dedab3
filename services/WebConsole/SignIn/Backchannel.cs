namespace Billing.WebConsole;

/// <summary>
/// Sends what the console asks the provider to the address at which the console reaches it: browsers may know it by
/// another.
/// </summary>
/// <param name="issuer">The address under which everybody knows the provider.</param>
/// <param name="reached">The address at which the console reaches it.</param>
internal sealed class Backchannel(Uri issuer, Uri reached)
    : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is { } asked && asked.Authority == issuer.Authority && asked.Scheme == issuer.Scheme)
            request.RequestUri = new Uri(reached, asked.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}
