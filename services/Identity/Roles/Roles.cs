using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Billing.Identity;

/// <summary>The roles: data, delivered with what <c>contracts/roles.json</c> says and changed here.</summary>
internal static class Roles
{
    public static readonly Rejection Malformed = Rejection.Invalid(
        "role-malformed", "A role's name is 1 to 50 characters in each language.");

    public static readonly Rejection FactorMissing = Rejection.Invalid(
        "second-factor-missing",
        $"A role with one of {string.Join(", ", GuardedRights.ForPeople.Order())} needs a second factor.");

    public static void MapRoles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/roles", List).WithName("Roles").RequireRight(Right.ReadUsers)
            .WithSummary("Lists all roles with their rights.");
        routes.MapPut("/roles/{role}", Save).WithName("SaveRole").RequireRight(Right.ManageRoles)
            .WithSummary("Adds a role or changes its rights, effective within a minute.")
            .Refuses(Malformed, FactorMissing, Users.LastAdministrator, Users.OwnRights).AnswersConflicts();
    }

    private static async Task<Ok<IReadOnlyList<RoleDetails>>> List(
        IdentityStore store, CancellationToken cancellation) =>
        TypedResults.Ok<IReadOnlyList<RoleDetails>>(
        [
            .. (await store.Roles.AsNoTracking().OrderBy(role => role.Name).ToListAsync(cancellation)).Select(WireOf),
        ]);

    private static async Task<Results<Created<RoleDetails>, Ok<RoleDetails>, ProblemHttpResult>> Save(
        RoleCode role, SaveRoleRequest body, RoleManager<UserRole> roles, IdentityStore store,
        CancellationToken cancellation)
    {
        if (!PlainText.IsValid(body.Name.Zh, 50) || !PlainText.IsValid(body.Name.En, 50))
            return Malformed.ToProblem();
        if (!body.SecondFactor && body.Rights.Any(GuardedRights.ForPeople.Contains))
            return FactorMissing.ToProblem();
        await using var transaction = await Administrators.Hold(store, cancellation);
        var known = await roles.FindByNameAsync(role.Value);
        var before = known is null ? null : OnRecord(WireOf(known));
        var saved = Fill(
            known ?? new UserRole { Id = Ids.Next(), Name = role.Value }, body.Name, body.Rights, body.SecondFactor);
        if (known is not null && await IsHeld(store, known.Id, cancellation))
            return Users.OwnRights.ToProblem();
        OneTimePasswords.Ensure(known is null ? await roles.CreateAsync(saved) : await roles.UpdateAsync(saved));
        if (!await Administrators.AreLeft(store, cancellation))
            return Users.LastAdministrator.ToProblem();
        await transaction.CommitAsync(cancellation);
        AuditedOperation.Changes(before, OnRecord(WireOf(saved)));
        return known is null
            ? TypedResults.Created($"/roles/{role}", WireOf(saved))
            : TypedResults.Ok(WireOf(saved));
    }

    private static object OnRecord(RoleDetails role) => new { role.Rights, role.SecondFactor };

    /// <summary>Whether whoever sends the request has a role.</summary>
    private static Task<bool> IsHeld(IdentityStore store, Guid role, CancellationToken cancellation)
    {
        var name = Actor.Current.By.Split(':', 2)[^1];
        return (
            from given in store.UserRoles
            join user in store.Users on given.UserId equals user.Id
            where given.RoleId == role && user.UserName == name
            select user).AnyAsync(cancellation);
    }

    /// <summary>A role of the store, from one that is delivered.</summary>
    internal static UserRole Fill(UserRole role, Label name, IReadOnlyList<Right> rights, bool secondFactor)
    {
        (role.NameZh, role.NameEn, role.SecondFactor) = (name.Zh, name.En, secondFactor);
        role.Rights = [.. rights.Distinct().Select(right => right.WireName())];
        return role;
    }

    private static RoleDetails WireOf(UserRole role) => new(
        RoleCode.Wrap(role.Name!), new(role.NameZh, role.NameEn),
        [.. role.Rights.Where(right => WireNames.TryParse<Right>(right, out _)).Select(Enum.Parse<Right>)],
        role.SecondFactor);
}
