using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Billing.Identity;

/// <summary>
/// The users: adding them, their roles, locking, new passwords, and taking a lost second factor away.
/// </summary>
internal static class Users
{
    private const int LargestPage = 500, MostRoles = 20, LongestSearch = 40;

    public static readonly Rejection Unknown = Rejection.NotFound("user-unknown", "There is no such user.");

    public static readonly Rejection Malformed = Rejection.Invalid(
        "user-malformed", "A display name is 1 to 100 characters on one line; a user has at most 20 roles.");

    public static readonly Rejection RoleUnknown = Rejection.Invalid("role-unknown", "There is no such role.");

    public static readonly Rejection ReasonMissing = Rejection.Invalid(
        "reason-missing", "A reason is 1 to 400 characters.");

    public static readonly Rejection LastAdministrator = Rejection.Conflict(
        "last-administrator", "Nobody else could manage users any more; give somebody else the role first.");

    public static readonly Rejection OwnRights = Rejection.Conflict(
        "own-rights", "Nobody changes the own roles or the rights of a role held; another administrator does.");

    public static readonly Rejection LimitInvalid = Rejection.Invalid(
        "limit-invalid", "A page has 1 to 500 entries.") with { Status = 400 };

    public static readonly Rejection SearchInvalid = Rejection.Invalid(
        "search-invalid", "What user names shall contain has at most 40 characters.") with { Status = 400 };

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users", List).WithName("Users").RequireRight(Right.ReadUsers)
            .WithSummary("Lists all users, page by page.").Refuses(LimitInvalid, SearchInvalid);
        routes.MapGet("/users/{user}", Get).WithName("User").RequireRight(Right.ReadUsers)
            .WithSummary("Returns a user.").Refuses(Unknown);
        routes.MapPut("/users/{user}", Save).WithName("SaveUser").RequireRight(Right.ManageUsers)
            .WithSummary("Adds a user or changes its roles.")
            .Refuses(Malformed, RoleUnknown, LastAdministrator, OwnRights).AnswersConflicts();
        routes.MapPost("/users/{user}/lock", Lock).WithName("LockUser").RequireRight(Right.ManageUsers)
            .WithSummary("Locks a user; tokens already issued expire within a minute.")
            .Refuses(Unknown, ReasonMissing, LastAdministrator).AnswersConflicts();
        routes.MapPost("/users/{user}/unlock", Unlock).WithName("UnlockUser").RequireRight(Right.ManageUsers)
            .WithSummary("Unlocks a user.").Refuses(Unknown).AnswersConflicts();
        routes.MapPost("/users/{user}/password", NewPassword).WithName("ResetPassword").RequireRight(Right.ManageUsers)
            .WithSummary("Sets a new one-time password.").Refuses(Unknown).AnswersConflicts();
        routes.MapPost("/users/{user}/second-factor/reset", NewSecondFactor).WithName("ResetSecondFactor")
            .RequireRight(Right.ManageUsers)
            .WithSummary("Removes a user's second factor and sets a one-time password.")
            .Refuses(Unknown).AnswersConflicts();
    }

    private static async Task<Results<Ok<UserPage>, ProblemHttpResult>> List(
        IdentityStore store, CancellationToken cancellation, UserName? after = null, string? search = null,
        int limit = 100)
    {
        if (limit is < 1 or > LargestPage)
            return LimitInvalid.ToProblem();
        if (search is { Length: > LongestSearch })
            return SearchInvalid.ToProblem();
        var part = search?.ToUpperInvariant() ?? "";
        var from = after?.Value.ToUpperInvariant() ?? "";
        var page = await store.Users.AsNoTracking()
            .Where(user => string.Compare(user.NormalizedUserName, from) > 0
                && user.NormalizedUserName!.Contains(part))
            .OrderBy(user => user.NormalizedUserName).Take(limit).ToListAsync(cancellation);
        var users = await Details(store, page, cancellation);
        return TypedResults.Ok(new UserPage(users, page.Count == limit ? page[^1].UserName : null));
    }

    private static async Task<Results<Ok<UserDetails>, ProblemHttpResult>> Get(
        UserName user, UserManager<User> users, IdentityStore store, CancellationToken cancellation) =>
        await users.FindByNameAsync(user.Value) is { } known
            ? TypedResults.Ok(await Details(store, known, cancellation))
            : Unknown.ToProblem();

    private static async Task<Results<Created<SavedUser>, Ok<SavedUser>, ProblemHttpResult>> Save(
        UserName user, SaveUserRequest body, UserManager<User> users, OneTimePasswords passwords, IdentityStore store,
        CancellationToken cancellation)
    {
        if (!PlainText.IsValid(body.DisplayName, 100) || body.Roles.Count > MostRoles)
            return Malformed.ToProblem();
        var roles = body.Roles.Select(role => role.Value).Distinct().ToList();
        if (await Missing(store, roles, cancellation) is { } missing)
            return RoleUnknown.With($"There is no role {missing}.").ToProblem();
        await using var transaction = await Administrators.Hold(store, cancellation);
        var known = await users.FindByNameAsync(user.Value);
        var before = known is null ? null : OnRecord(await Details(store, known, cancellation));
        var saved = known ?? new User { Id = Ids.Next(), UserName = user.Value };
        // Limits that a request does not speak of stay: to see all, it says so by an empty list.
        (saved.DisplayName, saved.Regions, saved.Projects) = (
            body.DisplayName, body.Regions?.Select(region => region.Value).ToArray() ?? saved.Regions,
            body.Projects?.Select(project => project.Value).ToArray() ?? saved.Projects);
        var password = known is null ? await passwords.Add(saved) : null;
        if (known is not null)
            OneTimePasswords.Ensure(await users.UpdateAsync(saved));
        var held = await users.GetRolesAsync(saved);
        if (IsSelf(user) && !held.ToHashSet().SetEquals(roles))
            return OwnRights.ToProblem();
        OneTimePasswords.Ensure(await users.RemoveFromRolesAsync(saved, held.Except(roles)));
        OneTimePasswords.Ensure(await users.AddToRolesAsync(saved, roles.Except(held)));
        if (!await Administrators.AreLeft(store, cancellation))
            return LastAdministrator.ToProblem();
        await transaction.CommitAsync(cancellation);
        var answer = new SavedUser(await Details(store, saved, cancellation), password);
        AuditedOperation.Changes(before, OnRecord(answer.User));
        return known is null ? TypedResults.Created($"/users/{user}", answer) : TypedResults.Ok(answer);
    }

    private static async Task<Results<Ok<UserDetails>, ProblemHttpResult>> Lock(
        UserName user, LockUserRequest body, UserManager<User> users, IdentityStore store,
        CancellationToken cancellation)
    {
        if (!PlainText.IsValid(body.Reason, 400))
            return ReasonMissing.ToProblem();
        await using var transaction = await Administrators.Hold(store, cancellation);
        if (await users.FindByNameAsync(user.Value) is not { } known)
            return Unknown.ToProblem();
        AuditedOperation.Changes(new { known.Locked }, new { Locked = true, body.Reason });
        (known.Locked, known.LockedBecause) = (true, body.Reason);
        // Sessions and refresh tokens end with the stamp under which they were begun.
        OneTimePasswords.Ensure(await users.UpdateSecurityStampAsync(known));
        if (!await Administrators.AreLeft(store, cancellation))
            return LastAdministrator.ToProblem();
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(await Details(store, known, cancellation));
    }

    private static async Task<Results<Ok<UserDetails>, ProblemHttpResult>> Unlock(
        UserName user, UserManager<User> users, IdentityStore store, CancellationToken cancellation)
    {
        if (await users.FindByNameAsync(user.Value) is not { } known)
            return Unknown.ToProblem();
        AuditedOperation.Changes(new { known.Locked, Reason = known.LockedBecause }, new { Locked = false });
        (known.Locked, known.LockedBecause, known.AccessFailedCount) = (false, "", 0);
        OneTimePasswords.Ensure(await users.UpdateAsync(known));
        OneTimePasswords.Ensure(await users.SetLockoutEndDateAsync(known, null));
        return TypedResults.Ok(await Details(store, known, cancellation));
    }

    private static async Task<Results<Ok<OneTimePassword>, ProblemHttpResult>> NewPassword(
        UserName user, UserManager<User> users, OneTimePasswords passwords, IdentityStore store,
        CancellationToken cancellation)
    {
        await using var transaction = await store.Database.BeginTransactionAsync(cancellation);
        if (await users.FindByNameAsync(user.Value) is not { } known)
            return Unknown.ToProblem();
        var password = await passwords.Renew(known);
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(new OneTimePassword(password));
    }

    /// <summary>With a new password: whoever knows the present one would set up the next factor.</summary>
    private static async Task<Results<Ok<OneTimePassword>, ProblemHttpResult>> NewSecondFactor(
        UserName user, UserManager<User> users, OneTimePasswords passwords, IdentityStore store,
        CancellationToken cancellation)
    {
        await using var transaction = await store.Database.BeginTransactionAsync(cancellation);
        if (await users.FindByNameAsync(user.Value) is not { } known)
            return Unknown.ToProblem();
        AuditedOperation.Changes(new { SecondFactor = known.TwoFactorEnabled }, new { SecondFactor = false });
        OneTimePasswords.Ensure(await users.SetTwoFactorEnabledAsync(known, false));
        OneTimePasswords.Ensure(await users.ResetAuthenticatorKeyAsync(known));
        var password = await passwords.Renew(known);
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(new OneTimePassword(password));
    }

    /// <summary>What the audit trail says of a user: what he or she may do and see.</summary>
    private static object OnRecord(UserDetails user) => new { user.Roles, user.Regions, user.Projects };

    /// <summary>Whether a request is about whoever sends it.</summary>
    private static bool IsSelf(UserName user) => Actor.Current.By == $"user:{user}";

    private static async Task<string?> Missing(
        IdentityStore store, List<string> roles, CancellationToken cancellation)
    {
        var found = await store.Roles.Where(role => roles.Contains(role.Name!)).Select(role => role.Name!)
            .ToListAsync(cancellation);
        return roles.Except(found).FirstOrDefault();
    }

    private static async Task<UserDetails> Details(
        IdentityStore store, User user, CancellationToken cancellation) =>
        (await Details(store, [user], cancellation))[0];

    /// <summary>Users with their roles, which are asked for once however many users there are.</summary>
    private static async Task<IReadOnlyList<UserDetails>> Details(
        IdentityStore store, IReadOnlyList<User> users, CancellationToken cancellation)
    {
        var ids = users.Select(user => user.Id).ToList();
        var roles = (await (
            from given in store.UserRoles
            join role in store.Roles on given.RoleId equals role.Id
            where ids.Contains(given.UserId)
            orderby role.Name
            select new { given.UserId, role.Name }).ToListAsync(cancellation)).ToLookup(role => role.UserId);
        return [.. users.Select(user => new UserDetails(
            UserName.Wrap(user.UserName!), user.DisplayName,
            [.. roles[user.Id].Select(role => RoleCode.Wrap(role.Name!))],
            [.. user.Regions.Select(Region.Wrap)], [.. user.Projects.Select(Project.Wrap)], user.Locked,
            user.LockedBecause, user.TwoFactorEnabled, user.PasswordIsOneTime))];
    }
}
