using Billing.Platform;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Billing.Identity;

/// <summary>
/// Puts refused requests for tokens on record: a wrong secret of a program, a refresh token that was used before, a
/// user who was locked. A name that no program has is left out. That a person has not typed a device code yet is no
/// refusal.
/// </summary>
internal sealed class RefusedTokens(AuditLog audit, IOpenIddictApplicationManager applications)
    : IOpenIddictServerHandler<OpenIddictServerEvents.ApplyTokenResponseContext>
{
    public async ValueTask HandleAsync(OpenIddictServerEvents.ApplyTokenResponseContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Error is not { Length: > 0 } error || error is Errors.AuthorizationPending or Errors.SlowDown)
            return;
        var program = context.Request?.ClientId is { Length: > 0 } client
            && await applications.FindByClientIdAsync(client) is not null ? $"client:{client}" : null;
        // Tokens are answered before anything else has said where the request comes from.
        var from = context.Transaction.GetHttpRequest()?.HttpContext.Connection.RemoteIpAddress?.ToString();
        Actor.Current = new(Actor.Anonymous, from ?? Actor.Current.From, null);
        audit.Refused("Token", program, error);
    }
}
