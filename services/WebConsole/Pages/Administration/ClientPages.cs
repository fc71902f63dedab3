using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.WebConsole;

/// <summary>Programs that call under their own name, and their secrets.</summary>
internal static class ClientPages
{
    public const string Path = "/clients";

    public static void MapClientPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, List).Needs(Right.ReadUsers);
        routes.MapPost(Path, Issue).Needs(Right.ManageClients);
        routes.MapGet(Path + "/{client}/{secret}", Show).Needs(Right.ReadUsers);
        routes.MapPost(Path + "/{client}/{secret}", Revoke).Needs(Right.ManageClients);
    }

    private static async Task<RazorComponentResult<ClientsPage>> List(
        Visit visit, IdentityPeer identity, TimeProvider clock, string? done, CancellationToken cancellation) =>
        View(visit, await identity.Clients(cancellation), clock, done: done);

    private static async Task<IResult> Issue(
        Visit visit, IdentityPeer identity, IFormCollection sent, TimeProvider clock, CancellationToken cancellation)
    {
        var form = new Form(sent);
        var language = visit.Language;
        if (!ClientCode.TryParse(form["client"], null, out var client)
            || !ClientCode.TryParse(form["secret"], null, out var secret))
            return await Refused(Refusal.NameInvalid(language));
        if (form.Day("expiresOn") is not { } expiresOn)
            return await Refused(language.Say("请填写有效期。", "Enter the last day."));
        var issued = await identity.Issue(
            client, secret, new(form["name"], form.Rights(), expiresOn), cancellation);
        if (issued.Value is not { } told)
            return await Refused(Refusal.Of(language, issued)!);
        return told.Value is null
            ? await Refused(Refusal.Exists(language, told.Issued.ClientId))
            : One(visit, told.Issued, await identity.Clients(cancellation), told.Value);

        async Task<IResult> Refused(string wrong) =>
            View(visit, await identity.Clients(cancellation), clock, form, wrong);
    }

    private static async Task<IResult> Show(
        string client, string secret, Visit visit, IdentityPeer identity, CancellationToken cancellation)
    {
        var all = await identity.Clients(cancellation);
        return One(visit, Find(all, client, secret), all);
    }

    private static async Task<IResult> Revoke(
        string client, string secret, Visit visit, IdentityPeer identity, CancellationToken cancellation)
    {
        if (!ClientCode.TryParse(client, null, out var of) || !ClientCode.TryParse(secret, null, out var which))
            return Results.NotFound();
        var revoked = await identity.Revoke(of, which, cancellation);
        if (Refusal.Of(visit.Language, revoked) is not { } wrong)
            return Results.Redirect(visit.To($"{Path}?done=revoke"));
        var all = await identity.Clients(cancellation);
        return One(visit, Find(all, client, secret), all, wrong: wrong);
    }

    private static ClientSecret? Find(Answer<List<ClientSecret>> all, string client, string secret) =>
        all.Value?.Find(one => one.Client.Value == client && one.Secret.Value == secret);

    private static RazorComponentResult<ClientsPage> View(
        Visit visit, Answer<List<ClientSecret>> clients, TimeProvider clock, Form? form = null, string? wrong = null,
        string? done = null) =>
        new(new
        {
            Visit = visit, Clients = clients, Today = clock.Today(), Wrong = wrong, Done = done,
            Form = form ?? new Form(("expiresOn", [Language.Day(clock.Today().AddYears(1))])),
        })
        {
            StatusCode = wrong is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };

    private static RazorComponentResult<ClientPage> One(
        Visit visit, ClientSecret? secret, Answer<List<ClientSecret>> all, string? told = null, string? wrong = null) =>
        new(new { Visit = visit, Secret = secret, All = all, Told = told, Wrong = wrong })
        {
            StatusCode = wrong is not null ? StatusCodes.Status422UnprocessableEntity
                : all.Value is not null && secret is null ? StatusCodes.Status404NotFound
                : StatusCodes.Status200OK,
        };
}
