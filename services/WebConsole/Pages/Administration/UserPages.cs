using Billing.Contracts;
using Billing.Contracts.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Billing.WebConsole;

/// <summary>The users: who there is, what they may do, locks, and passwords that were lost.</summary>
internal static class UserPages
{
    public const string Path = "/users";

    public static void MapUserPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, List).Needs(Right.ReadUsers);
        routes.MapPost(Path, Add).Needs(Right.ManageUsers);
        routes.MapGet(Path + "/{user}", Show).Needs(Right.ReadUsers);
        routes.MapPost(Path + "/{user}", Change).Needs(Right.ManageUsers);
    }

    private static Task<RazorComponentResult<UsersPage>> List(
        Visit visit, IdentityPeer identity, [FromQuery(Name = "q")] string? search, string? after,
        CancellationToken cancellation) =>
            View(visit, identity, cancellation, search: search?.Trim() ?? "", after: after);

    private static async Task<IResult> Add(
        Visit visit, IdentityPeer identity, IFormCollection sent, CancellationToken cancellation)
    {
        var form = new Form(sent);
        if (!UserName.TryParse(form["name"], null, out var name))
            return await View(visit, identity, cancellation, form, Refusal.NameInvalid(visit.Language));
        var known = await identity.User(name, cancellation);
        if (known.Value is not null)
            return await View(visit, identity, cancellation, form, Refusal.Exists(visit.Language, name.Value));
        // Saving would replace the roles of a user that is there and could not be read.
        if (known.Status is not System.Net.HttpStatusCode.NotFound)
            return await View(visit, identity, cancellation, form, Refusal.Of(visit.Language, known));
        var saved = await identity.Save(
            name, new(form["displayName"], Roles(form), [], []), cancellation);
        return saved.Value is { } user
            ? await One(visit, identity, user.User.Name, cancellation, told: user.OneTimePassword)
            : await View(visit, identity, cancellation, form, Refusal.Of(visit.Language, saved));
    }

    private static async Task<IResult> Show(
        string user, Visit visit, IdentityPeer identity, string? done, CancellationToken cancellation) =>
        UserName.TryParse(user, null, out var name)
            ? await One(visit, identity, name, cancellation, done: done)
            : Results.NotFound();

    private static async Task<IResult> Change(
        string user, Visit visit, IdentityPeer identity, IFormCollection sent, CancellationToken cancellation)
    {
        if (!UserName.TryParse(user, null, out var name))
            return Results.NotFound();
        var form = new Form(sent);
        var action = form["action"];
        if (action is "password" or "second-factor")
        {
            var made = action == "password"
                ? await identity.NewPassword(name, cancellation)
                : await identity.NewSecondFactor(name, cancellation);
            return await One(
                visit, identity, name, cancellation, told: made.Value?.Password,
                wrong: Refusal.Of(visit.Language, made));
        }
        var wrong = action switch
        {
            "lock" => Refusal.Of(visit.Language, await identity.Lock(name, form["reason"], cancellation)),
            "unlock" => Refusal.Of(visit.Language, await identity.Unlock(name, cancellation)),
            "save" => await Save(visit, identity, name, form, cancellation),
            _ => visit.Language.Say("没有这个操作。", "There is no such action."),
        };
        return wrong is null
            ? Results.Redirect(visit.To($"{Path}/{name}?done={action}"))
            : await One(visit, identity, name, cancellation, form, wrong);
    }

    private static async Task<string?> Save(
        Visit visit, IdentityPeer identity, UserName name, Form form, CancellationToken cancellation)
    {
        if (!Identifiers<Region>(form.Lines("regions"), out var regions)
            || !Identifiers<Project>(form.Lines("projects"), out var projects))
            return visit.Language.Say(
                "区域和小区每行一个,1 至 50 个字。", "Regions and projects: one a line, 1 to 50 characters.");
        return Refusal.Of(visit.Language, await identity.Save(
            name, new(form["displayName"], Roles(form), regions, projects), cancellation));
    }

    private static bool Identifiers<T>(string[] lines, out IReadOnlyList<T> read)
        where T : struct, IIdentifier<T>
    {
        var all = lines.Select(line => T.TryParse(line, null, out var one) ? one : (T?)null).ToList();
        read = [.. all.OfType<T>()];
        return all.All(one => one is not null);
    }

    private static List<RoleCode> Roles(Form form) =>
        [.. form.All("roles").Where(role => RoleCode.TryParse(role, null, out _)).Select(role => RoleCode.Parse(role))];

    private static async Task<RazorComponentResult<UsersPage>> View(
        Visit visit, IdentityPeer identity, CancellationToken cancellation, Form? form = null, string? wrong = null,
        string search = "", string? after = null)
    {
        var page = identity.Users(
            search, UserName.TryParse(after, null, out var from) ? from : null, cancellation);
        var roles = identity.Roles(cancellation);
        return new(new
        {
            Visit = visit, Users = await page, Roles = await roles, Search = search, Form = form ?? new Form(),
            Wrong = wrong, IsFirst = after is null,
        })
        {
            StatusCode = wrong is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }

    private static async Task<IResult> One(
        Visit visit, IdentityPeer identity, UserName name, CancellationToken cancellation, Form? form = null,
        string? wrong = null, string? told = null, string? done = null)
    {
        var (asked, roles) = (identity.User(name, cancellation), identity.Roles(cancellation));
        var user = await asked;
        return new RazorComponentResult<UserDetailsPage>(new
        {
            Visit = visit, Name = name.Value, User = user, Roles = await roles,
            Form = form ?? (user.Value is { } known ? Filled(known) : new Form()), Wrong = wrong, Told = told,
            Done = done,
        })
        {
            StatusCode = wrong is not null ? StatusCodes.Status422UnprocessableEntity
                : user.Status is System.Net.HttpStatusCode.NotFound ? StatusCodes.Status404NotFound
                : StatusCodes.Status200OK,
        };
    }

    private static Form Filled(UserDetails user) => new(
        ("displayName", [user.DisplayName]), ("roles", [.. user.Roles.Select(role => role.Value)]),
        ("regions", [string.Join('\n', user.Regions)]), ("projects", [string.Join('\n', user.Projects)]));
}
