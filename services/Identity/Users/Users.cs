using System.Buffers.Text;
using System.Security.Cryptography;
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
    private const int LargestPage = 500, MostRoles = 20;

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

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users", List).WithName("Users").RequireRight(Right.ReadUsers)
            .WithSummary("Lists all users, page by page.").Refuses(LimitInvalid);
        routes.MapGet("/users/{user}", Get).WithName("User").RequireRight(Right.ReadUsers)
            .WithSummary("Returns a user.").Refuses(Unknown);
        routes.MapPut("/users/{user}", Save).WithName("SaveUser").RequireRight(Right.ManageUsers)
            .WithSummary("Adds a user or changes its roles.")
            .Refuses(Malformed, RoleUnknown, LastAdministrator, OwnRights);
        routes.MapPost("/users/{user}/lock", Lock).WithName("LockUser").RequireRight(Right.ManageUsers)
            .WithSummary("Locks a user; tokens already issued expire within a minute.")
            .Refuses(Unknown, ReasonMissing, LastAdministrator);
        routes.MapPost("/users/{user}/unlock", Unlock).WithName("UnlockUser").RequireRight(Right.ManageUsers)
            .WithSummary("Unlocks a user.").Refuses(Unknown);
        routes.MapPost("/users/{user}/password", NewPassword).WithName("ResetPassword").RequireRight(Right.ManageUsers)
            .WithSummary("Sets a new one-time password.").Refuses(Unknown);
        routes.MapPost("/users/{user}/second-factor/reset", NewSecondFactor).WithName("ResetSecondFactor")
            .RequireRight(Right.ManageUsers)
            .WithSummary("Removes a user's second factor and sets a one-time password.")
            .Refuses(Unknown);
    }

    private static async Task<Results<Ok<UserPage>, ProblemHttpResult>> List(
        IdentityStore store, CancellationToken cancellation, UserName? after = null, int limit = 100)
    {
        if (limit is < 1 or > LargestPage)
            return LimitInvalid.ToProblem();
        var from = after?.Value.ToUpperInvariant() ?? "";
        var page = await store.Users.AsNoTracking()
            .Where(user => string.Compare(user.NormalizedUserName, from) > 0)
            .OrderBy(user => user.NormalizedUserName).Take(limit).ToListAsync(cancellation);
        var users = new List<UserDetails>();
        foreach (var user in page)
            users.Add(await Details(store, user, cancellation));
        return TypedResults.Ok(new UserPage(users, page.Count == limit ? page[^1].UserName : null));
    }

    private static async Task<Results<Ok<UserDetails>, ProblemHttpResult>> Get(
        UserName user, UserManager<User> users, IdentityStore store, CancellationToken cancellation) =>
        await users.FindByNameAsync(user.Value) is { } known
            ? TypedResults.Ok(await Details(store, known, cancellation))
            : Unknown.ToProblem();

    private static async Task<Results<Created<SavedUser>, Ok<SavedUser>, ProblemHttpResult>> Save(
        UserName user, SaveUserRequest body, UserManager<User> users, IdentityStore store,
        CancellationToken cancellation)
    {
        if (!PlainText.IsValid(body.DisplayName, 100) || body.Roles.Count > MostRoles)
            return Malformed.ToProblem();
        var roles = body.Roles.Select(role => role.Value).Distinct().ToList();
        if (await Missing(store, roles, cancellation) is { } missing)
            return RoleUnknown.With($"There is no role {missing}.").ToProblem();
        await using var transaction = await Administrators.Hold(store, cancellation);
        var known = await users.FindByNameAsync(user.Value);
        var saved = known ?? new User { Id = Ids.Next(), UserName = user.Value };
        (saved.DisplayName, saved.Regions, saved.Projects) = (
            body.DisplayName, [.. (body.Regions ?? []).Select(region => region.Value)],
            [.. (body.Projects ?? []).Select(project => project.Value)]);
        var password = known is null ? await Add(users, saved) : null;
        if (known is not null)
            Ensure(await users.UpdateAsync(saved));
        var held = await users.GetRolesAsync(saved);
        if (IsSelf(user) && !held.ToHashSet().SetEquals(roles))
            return OwnRights.ToProblem();
        Ensure(await users.RemoveFromRolesAsync(saved, held.Except(roles)));
        Ensure(await users.AddToRolesAsync(saved, roles.Except(held)));
        if (!await Administrators.AreLeft(store, cancellation))
            return LastAdministrator.ToProblem();
        await transaction.CommitAsync(cancellation);
        var answer = new SavedUser(await Details(store, saved, cancellation), password);
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
        (known.Locked, known.LockedBecause) = (true, body.Reason);
        // Sessions and refresh tokens end with the stamp under which they were begun.
        Ensure(await users.UpdateSecurityStampAsync(known));
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
        (known.Locked, known.LockedBecause) = (false, "");
        Ensure(await users.UpdateAsync(known));
        Ensure(await users.SetLockoutEndDateAsync(known, null));
        return TypedResults.Ok(await Details(store, known, cancellation));
    }

    private static async Task<Results<Ok<OneTimePassword>, ProblemHttpResult>> NewPassword(
        UserName user, UserManager<User> users, IdentityStore store, CancellationToken cancellation)
    {
        await using var transaction = await store.Database.BeginTransactionAsync(cancellation);
        if (await users.FindByNameAsync(user.Value) is not { } known)
            return Unknown.ToProblem();
        var password = await Renew(users, known);
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(new OneTimePassword(password));
    }

    /// <summary>With a new password: whoever knows the present one would set up the next factor.</summary>
    private static async Task<Results<Ok<OneTimePassword>, ProblemHttpResult>> NewSecondFactor(
        UserName user, UserManager<User> users, IdentityStore store, CancellationToken cancellation)
    {
        await using var transaction = await store.Database.BeginTransactionAsync(cancellation);
        if (await users.FindByNameAsync(user.Value) is not { } known)
            return Unknown.ToProblem();
        Ensure(await users.SetTwoFactorEnabledAsync(known, false));
        Ensure(await users.ResetAuthenticatorKeyAsync(known));
        var password = await Renew(users, known);
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(new OneTimePassword(password));
    }

    private static async Task<string> Renew(UserManager<User> users, User user)
    {
        var password = Password();
        user.PasswordIsOneTime = true;
        Ensure(await users.ResetPasswordAsync(user, await users.GeneratePasswordResetTokenAsync(user), password));
        Ensure(await users.SetLockoutEndDateAsync(user, null));
        return password;
    }

    /// <summary>Whether a request is about whoever sends it.</summary>
    private static bool IsSelf(UserName user) => Actor.Current.By == $"user:{user}";

    /// <summary>Adds a user with a one-time password, which is returned.</summary>
    internal static async Task<string> Add(UserManager<User> users, User user)
    {
        var password = Password();
        user.PasswordIsOneTime = true;
        user.LockoutEnabled = true;
        Ensure(await users.CreateAsync(user, password));
        return password;
    }

    /// <summary>Throws what Identity refuses although it was checked before.</summary>
    internal static void Ensure(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException(string.Join(' ', result.Errors.Select(error => error.Description)));
    }

    /// <summary>120 random bits, in characters that can be typed.</summary>
    internal static string Password() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(15));

    private static async Task<string?> Missing(
        IdentityStore store, List<string> roles, CancellationToken cancellation)
    {
        var found = await store.Roles.Where(role => roles.Contains(role.Name!)).Select(role => role.Name!)
            .ToListAsync(cancellation);
        return roles.Except(found).FirstOrDefault();
    }

    private static async Task<UserDetails> Details(IdentityStore store, User user, CancellationToken cancellation)
    {
        var roles = await (
            from given in store.UserRoles
            join role in store.Roles on given.RoleId equals role.Id
            where given.UserId == user.Id
            orderby role.Name
            select role.Name).ToListAsync(cancellation);
        return new(
            UserName.Wrap(user.UserName!), user.DisplayName, [.. roles.Select(RoleCode.Wrap)],
            [.. user.Regions.Select(Region.Wrap)], [.. user.Projects.Select(Project.Wrap)], user.Locked,
            user.LockedBecause, user.TwoFactorEnabled, user.PasswordIsOneTime);
    }
}
