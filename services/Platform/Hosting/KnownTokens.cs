using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Billing.Platform;

/// <summary>
/// The access tokens that were checked already, until they expire. A partner sends the same one with every request of
/// almost a minute, and checking a signature takes longer than answering.
/// </summary>
internal sealed class KnownTokens : IDisposable
{
    private const int Most = 10_000;

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = Most });
    private readonly TokenOptions _options;
    private readonly TimeProvider _clock;

    public KnownTokens(IOptions<TokenOptions> options, TimeProvider clock)
    {
        (_options, _clock) = (options.Value, clock);
        Events = new() { OnMessageReceived = Recall, OnTokenValidated = Remember, OnAuthenticationFailed = Explain };
    }

    /// <summary>What the check of tokens calls.</summary>
    public JwtBearerEvents Events { get; }

    public void Dispose() => _known.Dispose();

    private Task Recall(MessageReceivedContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return Task.CompletedTask;
        context.Token = header["Bearer ".Length..].Trim();
        if (_known.Get<Known>(context.Token) is { } known && known.Until > _clock.GetUtcNow())
        {
            context.HttpContext.Items[typeof(Caller)] = known.Caller;
            context.Principal = known.Principal;
            context.Success();
        }
        return Task.CompletedTask;
    }

    private Task Remember(TokenValidatedContext context)
    {
        var token = (JsonWebToken)context.SecurityToken;
        var most = TimeSpan.FromSeconds(_options.MostSeconds);
        if (token.IssuedAt == default || token.ValidTo - token.IssuedAt > most
            || token.ValidTo > _clock.GetUtcNow().UtcDateTime + most + Tokens.ClockSkew)
        {
            // Whoever is locked would be let in for as long.
            context.Fail($"The token is good for more than {_options.MostSeconds} s.");
            return Task.CompletedTask;
        }
        var caller = Caller.From(context.Principal!, _options);
        context.HttpContext.Items[typeof(Caller)] = caller;
        var until = new DateTimeOffset(token.ValidTo, TimeSpan.Zero);
        // Another entry is only pushed out, never a wrong answer given: what is not known is checked again.
        _known.Set(
            token.EncodedToken, new Known(caller, context.Principal!, until),
            new MemoryCacheEntryOptions { Size = 1, AbsoluteExpiration = until });
        return Task.CompletedTask;
    }

    private static Task Explain(AuthenticationFailedContext context)
    {
        // Any other exception says what is wrong with the token.
        if (context.Exception is InvalidOperationException or HttpRequestException or IOException)
            context.HttpContext.Items[Tokens.IssuerAway] = true;
        return Task.CompletedTask;
    }

    private sealed record Known(Caller Caller, ClaimsPrincipal Principal, DateTimeOffset Until);
}
