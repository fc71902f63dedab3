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

    private const string PartnerPrefix = "partner:";
    private const int SecretDays = 30;

    private readonly ConcurrentDictionary<string, Session> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _renewing = new(1);

    /// <summary>That of this instance.</summary>
    public static Access Here { get; } = new(
        new(Instance.Identity), new(Instance.Sessions), People.Read(Instance.People));

    /// <summary>Whether somebody has signed in, so that commands act in one person's name.</summary>
    public bool IsSignedIn => files.Has(Me);

    /// <summary>The name under which a partner acts.</summary>
    public static string OfPartner(string partner) => PartnerPrefix + partner;

    public void Dispose()
    {
        issuer.Dispose();
        _renewing.Dispose();
    }

    /// <summary>A token that is good for some seconds at least.</summary>
    /// <param name="who">A user of the instance, or a partner.</param>
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
        var name = who.StartsWith(PartnerPrefix, StringComparison.Ordinal) || !files.Has(Me) ? who : Me;
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
        if (who.StartsWith(PartnerPrefix, StringComparison.Ordinal))
            return await BeginAs(who[PartnerPrefix.Length..], cancellation);
        if (Instance.Client is var (id, secret))
            return await issuer.Program(id, secret, cancellation)
                ?? throw new Failure($"Identity refuses the credential of the client {id}.");
        return people is not null
            ? await people.SignIn(issuer, who, cancellation)
            : throw new Failure("Nobody is signed in. Sign in: ./billing login");
    }

    /// <summary>Has an administrator issue a credential for a partner, as for a bank that is being connected.</summary>
    private async Task<Session> BeginAs(string partner, CancellationToken cancellation)
    {
        // A former secret was told once and may be lost; the new one has a name of its own.
        var name = $"tools-{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}";
        using var identity = new ServiceClient(
            Instance.Identity, new Signed(this, People.Administrator, renewing: true));
        var issued = (await identity.Put<IssuedSecret>(
            $"/clients/bank.{partner}/secrets/{name}",
            new IssueSecretRequest(
                partner, [Right.QueryBill, Right.ReceivePayment, Right.ReversePayment, Right.ReconcileDay],
                TimeProvider.System.Today().AddDays(SecretDays), PartnerCode.Wrap(partner)),
            cancellation)).Ok($"A credential for {partner}");
        return await issuer.Program(issued.Issued.ClientId, issued.Value!, cancellation)
            ?? throw new Failure($"Identity refuses the credential that it issued for {partner}.");
    }

    /// <summary>Signs requests with a token.</summary>
    /// <param name="access">The tokens.</param>
    /// <param name="who">Who acts, except under a partner's own path.</param>
    /// <param name="renewing">Whether this is part of a renewal, which goes on alone.</param>
    internal sealed class Signed(Access access, string who, bool renewing = false)
    {
        private static readonly string[] OnlyForPartners = ["bills", "payments"];

        /// <summary>Gives a request the token of whoever acts: a partner where only partners do.</summary>
        public async ValueTask Sign(HttpRequestMessage request, CancellationToken cancellation) =>
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer", renewing
                    ? await access.Renewed(who, cancellation)
                    : await access.Token(ActorOf(request.RequestUri!), cancellation));

        /// <summary>The same with another one.</summary>
        public Signed As(string other) => new(access, other);

        private string ActorOf(Uri address) =>
            (address.IsAbsoluteUri ? address.AbsolutePath : address.OriginalString).Split('/')
                is ["", "partners", var partner, var what, ..] && OnlyForPartners.Contains(what)
                ? OfPartner(Uri.UnescapeDataString(partner))
                : who;
    }
}
