using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;

namespace Billing.Tools;

/// <summary>
/// The access tokens of whoever a command acts for: of the person of <c>./billing login</c>; without one, of the
/// program that the environment names or of the instance's own people; and of partners.
/// </summary>
internal sealed class Access(TokenClient issuer, SessionFiles files, People? people) : IDisposable
{
    /// <summary>The session of <c>./billing login</c>.</summary>
    public const string Me = "me";

    private readonly ConcurrentDictionary<string, Session> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _renewing = new(1);

    /// <summary>That of this instance.</summary>
    public static Access Here { get; } = new(
        new(Instance.Identity), new(Instance.Sessions), People.Read(Instance.People));

    /// <summary>Whether somebody has signed in, so that commands act in one person's name.</summary>
    public bool IsSignedIn => files.Has(Me);

    public void Dispose()
    {
        issuer.Dispose();
        _renewing.Dispose();
    }

    /// <summary>A token that is good for some seconds at least.</summary>
    /// <param name="who">A user of the instance.</param>
    /// <param name="cancellation">Cancels.</param>
    public async ValueTask<string> Token(string who, CancellationToken cancellation)
    {
        if (_known.TryGetValue(who, out var known) && known.IsGood)
            return known.AccessToken;
        await _renewing.WaitAsync(cancellation);
        try
        {
            return await Renewed(who, cancellation);
        }
        finally
        {
            _renewing.Release();
        }
    }

    private async Task<string> Renewed(string who, CancellationToken cancellation)
    {
        if (_known.TryGetValue(who, out var known) && known.IsGood)
            return known.AccessToken;
        var name = files.Has(Me) ? Me : who;
        using var alone = await files.Hold(name, cancellation);
        var kept = files.Read(name);
        if (kept is null or { IsGood: false })
        {
            kept = await Renew(kept, cancellation) ?? await Begin(name, cancellation);
            files.Write(name, kept);
        }
        _known[who] = kept;
        return kept.AccessToken;
    }

    private async Task<Session?> Renew(Session? kept, CancellationToken cancellation) => kept switch
    {
        { ClientId: { } id, ClientSecret: { } secret } => await issuer.Program(id, secret, cancellation),
        { RefreshToken: { } refresh } => await issuer.Renew(refresh, cancellation),
        _ => null,
    };

    private async Task<Session> Begin(string who, CancellationToken cancellation)
    {
        if (who == Me)
        {
            files.Delete(Me);
            throw new Failure("Your session has ended. Sign in again: ./billing login");
        }
        if (Instance.Client is var (id, secret))
            return await issuer.Program(id, secret, cancellation)
                ?? throw new Failure($"Identity refuses the credential of the client {id}.");
        return people is not null
            ? await people.SignIn(issuer, who, cancellation)
            : throw new Failure("Nobody is signed in. Sign in: ./billing login");
    }

    /// <summary>Signs requests with a token.</summary>
    /// <param name="access">The tokens.</param>
    /// <param name="who">Who acts.</param>
    internal sealed class Signed(Access access, string who)
    {
        /// <summary>Gives a request the token of whoever acts.</summary>
        public async ValueTask Sign(HttpRequestMessage request, CancellationToken cancellation) =>
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer", await access.Token(who, cancellation));

        /// <summary>The same with another one.</summary>
        public Signed As(string other) => new(access, other);
    }
}
