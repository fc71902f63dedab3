using Billing.Contracts;
using Billing.Contracts.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.WebConsole;

/// <summary>The roles and their rights.</summary>
internal static class RolePages
{
    public const string Path = "/roles";

    public static void MapRolePages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, List).Needs(Right.ReadUsers);
        routes.MapPost(Path, Add).Needs(Right.ManageRoles);
        routes.MapGet(Path + "/{role}", Show).Needs(Right.ReadUsers);
        routes.MapPost(Path + "/{role}", Change).Needs(Right.ManageRoles);
    }

    private static async Task<RazorComponentResult<RolesPage>> List(
        Visit visit, IdentityPeer identity, CancellationToken cancellation) =>
        View(visit, await identity.Roles(cancellation));

    private static async Task<IResult> Add(
        Visit visit, IdentityPeer identity, IFormCollection sent, CancellationToken cancellation)
    {
        var form = new Form(sent);
        var known = await identity.Roles(cancellation);
        if (!RoleCode.TryParse(form["code"], null, out var code))
            return View(visit, known, form, Refusal.NameInvalid(visit.Language));
        if (known.Value?.Exists(role => role.Code == code) is not false)
            return View(visit, known, form, Refusal.Exists(visit.Language, code.Value));
        var saved = await identity.Save(code, new(new(form["zh"], form["en"]), [], SecondFactor: false), cancellation);
        return Refusal.Of(visit.Language, saved) is { } wrong
            ? View(visit, known, form, wrong)
            : Results.Redirect(visit.To($"{Path}/{code}?done=add"));
    }

    private static async Task<IResult> Show(
        string role, Visit visit, IdentityPeer identity, string? done, CancellationToken cancellation)
    {
        if (!RoleCode.TryParse(role, null, out var code))
            return Results.NotFound();
        return One(visit, code, await identity.Roles(cancellation), done: done);
    }

    private static async Task<IResult> Change(
        string role, Visit visit, IdentityPeer identity, IFormCollection sent, CancellationToken cancellation)
    {
        if (!RoleCode.TryParse(role, null, out var code))
            return Results.NotFound();
        var form = new Form(sent);
        var saved = await identity.Save(
            code, new(new(form["zh"], form["en"]), form.Rights(), form.Has("secondFactor")), cancellation);
        return Refusal.Of(visit.Language, saved) is { } wrong
            ? One(visit, code, await identity.Roles(cancellation), form, wrong)
            : Results.Redirect(visit.To($"{Path}/{code}?done=save"));
    }

    private static RazorComponentResult<RolesPage> View(
        Visit visit, Answer<List<RoleDetails>> roles, Form? form = null, string? wrong = null) =>
        new(new { Visit = visit, Roles = roles, Form = form ?? new Form(), Wrong = wrong })
        {
            StatusCode = wrong is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };

    private static RazorComponentResult<RolePage> One(
        Visit visit, RoleCode code, Answer<List<RoleDetails>> roles, Form? form = null, string? wrong = null,
        string? done = null)
    {
        var role = roles.Value?.Find(one => one.Code == code);
        return new(new
        {
            Visit = visit, Code = code.Value, Roles = roles, Role = role, Wrong = wrong, Done = done,
            Form = form ?? (role is null ? new Form() : Filled(role)),
        })
        {
            StatusCode = wrong is not null ? StatusCodes.Status422UnprocessableEntity
                : roles.Value is not null && role is null ? StatusCodes.Status404NotFound
                : StatusCodes.Status200OK,
        };
    }

    private static Form Filled(RoleDetails role) => new(
        ("zh", [role.Name.Zh]), ("en", [role.Name.En]), ("rights", [.. role.Rights.Select(right => $"{right}")]),
        ("secondFactor", role.SecondFactor ? ["on"] : []));
}
