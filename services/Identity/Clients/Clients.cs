using System.Buffers.Text;
using System.Security.Cryptography;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Billing.Identity;

/// <summary>
/// Programs that call under their own name: other services, integrations. Each has one or more secrets with
/// rights and a last day; a new one is issued before the old one is revoked.
/// </summary>
internal static class Clients
{
    private const int MostDays = 731, MostClients = 10_000;

    public static readonly Rejection Malformed = Rejection.Invalid(
        "client-malformed", "A client's name is 1 to 100 characters on one line.");

    public static readonly Rejection ExpiryOutOfRange = Rejection.Invalid(
        "expiry-out-of-range", "A secret is good until a day from today to two years ahead.");

    public static readonly Rejection OtherSecret = Rejection.Conflict(
        "secret-issued", "This secret was issued with other rights or another last day; issue one under another name.");

    public static readonly Rejection RightForPeople = Rejection.Invalid(
        "right-for-people", $"{string.Join(", ", GuardedRights.ForPeople.Order())} are for people.");

    public static readonly Rejection RightForPartners = Rejection.Invalid(
        "right-for-partners",
        $"{string.Join(", ", GuardedRights.ForPartners.Order())} are for partners, who sign their requests with keys.");

    public static readonly Rejection Unknown = Rejection.NotFound("secret-unknown", "There is no such secret.");

    public static void MapClients(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/clients", List).WithName("Clients").RequireRight(Right.ReadUsers)
            .WithSummary("Lists the secrets of all clients, without their values.");
        routes.MapPut("/clients/{client}/secrets/{secret}", Issue).WithName("IssueSecret")
            .RequireRight(Right.ManageClients)
            .WithSummary("Issues a client secret; its value is returned once.")
            .Refuses(Malformed, ExpiryOutOfRange, OtherSecret, RightForPeople, RightForPartners).AnswersConflicts();
        routes.MapDelete("/clients/{client}/secrets/{secret}", Revoke).WithName("RevokeSecret")
            .RequireRight(Right.ManageClients)
            .WithSummary("Revokes a client secret; tokens issued for it expire within a minute.")
            .Refuses(Unknown).AnswersConflicts();
    }

    private static async Task<Ok<IReadOnlyList<ClientSecret>>> List(
        IOpenIddictApplicationManager applications, CancellationToken cancellation)
    {
        var secrets = new List<ClientSecret>();
        await foreach (var application in applications.ListAsync(MostClients, 0, cancellation))
        {
            if (Credential.Of(await applications.GetPropertiesAsync(application, cancellation)) is { } credential)
                secrets.Add(credential.ToWire());
        }
        return TypedResults.Ok<IReadOnlyList<ClientSecret>>(
            [.. secrets.OrderBy(secret => secret.ClientId, StringComparer.Ordinal)]);
    }

    private static async Task<Results<Created<IssuedSecret>, Ok<IssuedSecret>, ProblemHttpResult>> Issue(
        ClientCode client, ClientCode secret, IssueSecretRequest body, IOpenIddictApplicationManager applications,
        TimeProvider clock, CancellationToken cancellation)
    {
        if (!PlainText.IsValid(body.Name, 100))
            return Malformed.ToProblem();
        if (body.ExpiresOn < clock.Today() || body.ExpiresOn > clock.Today().AddDays(MostDays))
            return ExpiryOutOfRange.ToProblem();
        if (body.Rights.Any(GuardedRights.ForPeople.Contains))
            return RightForPeople.ToProblem();
        if (body.Rights.Any(GuardedRights.ForPartners.Contains))
            return RightForPartners.ToProblem();
        var credential = new Credential(
            client.Value, secret.Value, body.Name, [.. body.Rights.Distinct().Order()], body.ExpiresOn);
        if (await applications.FindByClientIdAsync(credential.ClientId, cancellation) is { } known)
            return Credential.Of(await applications.GetPropertiesAsync(known, cancellation)) is { } issued
                && issued.IsSame(credential)
                ? TypedResults.Ok(new IssuedSecret(issued.ToWire(), null))
                : OtherSecret.ToProblem();
        var value = NewSecret();
        await applications.CreateAsync(Describe(credential, value), cancellation);
        AuditedOperation.Changes(null, new { credential.Rights, credential.ExpiresOn });
        return TypedResults.Created(
            $"/clients/{client}/secrets/{secret}", new IssuedSecret(credential.ToWire(), value));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke(
        ClientCode client, ClientCode secret, IOpenIddictApplicationManager applications,
        CancellationToken cancellation)
    {
        if (await applications.FindByClientIdAsync(Credential.IdOf(client.Value, secret.Value), cancellation)
            is not { } known)
            return Unknown.ToProblem();
        if (Credential.Of(await applications.GetPropertiesAsync(known, cancellation)) is { } revoked)
            AuditedOperation.Changes(new { revoked.Rights, revoked.ExpiresOn }, null);
        await applications.DeleteAsync(known, cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>An application of OpenIddict that may use its credentials and nothing else.</summary>
    internal static OpenIddictApplicationDescriptor Describe(Credential credential, string secret)
    {
        var application = new OpenIddictApplicationDescriptor
        {
            ClientId = credential.ClientId, ClientSecret = secret, DisplayName = credential.Name,
            ClientType = ClientTypes.Confidential,
            Permissions = { Permissions.Endpoints.Token, Permissions.GrantTypes.ClientCredentials },
        };
        credential.Into(application.Properties);
        return application;
    }

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
