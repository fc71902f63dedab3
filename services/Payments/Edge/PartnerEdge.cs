using Billing.Contracts;
using Billing.Platform;
using Microsoft.Extensions.Options;

namespace Billing.Payments;

/// <summary>
/// The edge at which partners call (docs/adr/0043): whoever signed a request is the partner, and no path names one.
/// </summary>
public sealed class PartnerEdge(Partners partners, SpentNonces nonces, TimeProvider clock)
{
    /// <summary>The beginning of all its paths.</summary>
    public const string Prefix = "/partner/v1";

    private static readonly IReadOnlySet<Right> Rights = Role.Find("partner")!.Rights.ToHashSet();

    private static readonly string[] Safe = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Every refusal that the edge itself answers with.</summary>
    public static readonly Rejection[] Refusals =
    [
        SignedRequest.Missing, SignedRequest.Malformed, SignedRequest.Stale, SignedRequest.Wrong,
        SignedRequest.DigestMalformed,
    ];

    /// <summary>The same of requests that change something.</summary>
    public static readonly Rejection[] RefusalsOfChanges = [.. Refusals, SignedRequest.DigestWrong, Nonce.Used];

    /// <summary>The partner that signed a request.</summary>
    public static Partner Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (Partner)context.Items[typeof(PartnerEdge)]!;
    }

    /// <summary>Lets partners in.</summary>
    internal static void Open(BillingService service)
    {
        service.Services.AddChecked<PartnerEdgeOptions, PartnerEdgeOptionsCheck>(PartnerEdgeOptions.Section);
        service.Services.AddSingleton<PartnerEdge>().AddSingleton<PartnerRates>().AddSingleton<Delegations>()
            .AddSingleton<SpentNonces>()
            .AddHostedService(services => services.GetRequiredService<SpentNonces>())
            .AddSingleton(services => MasterKeys.Read(
                services.GetRequiredService<IOptions<PartnerEdgeOptions>>().Value.MasterKeys));
        var listen = service.Configuration[$"{PartnerEdgeOptions.Section}:{nameof(PartnerEdgeOptions.Listen)}"];
        // What is no address stops the service with a word of its own.
        if (Uri.TryCreate(listen, UriKind.Absolute, out var address))
            service.Open(new(Prefix, "Billing for partners", address, context =>
                context.RequestServices.GetRequiredService<PartnerEdge>().Recognise(context)));
    }

    private async Task<Recognised> Recognise(HttpContext context)
    {
        var (signed, refusal) = SignedRequest.Read(context.Request);
        if (signed is null)
            return Recognised.Refused(refusal!);
        var now = clock.GetUtcNow();
        if (!signed.IsFresh(now))
            return Recognised.Refused(SignedRequest.Stale);
        if (await partners.Keys(signed.Partner, context.RequestAborted) is not { } known
            || known.SecretOf(signed.Key, now.BusinessDate()) is not { } secret || !signed.IsBy(secret, context))
            return Recognised.Refused(SignedRequest.Wrong);
        context.Items[typeof(PartnerEdge)] = known.Terms;
        var name = $"partner:{signed.Partner}";
        if (signed.Digest is not null)
            context.Request.Body = new DigestedBody(context.Request.Body, signed.Digest);
        if (!Safe.Contains(context.Request.Method))
            nonces.Watch(context, new(name, signed.Nonce, now));
        return new(null, name, Rights, new(null, null));
    }
}
