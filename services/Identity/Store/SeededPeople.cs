using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;
using Microsoft.AspNetCore.Identity;

namespace Billing.Identity;

/// <summary>
/// The people of an instance that is not for the public, such as a demonstration: they need no page on which they
/// choose a password first.
/// </summary>
internal static class SeededPeople
{
    private const string Partner = "partner", Administrator = "administrator";

    /// <summary>
    /// Adds a user named after each delivered role, <c>operator</c> with all roles that prepare, and <c>approver</c>
    /// with all that decide; those who are known are left as they are, but get the new password.
    /// </summary>
    /// <returns>How they sign in: their password, and the secrets of their authenticator apps.</returns>
    public static async Task<string> Add(
        IServiceProvider services, IdentityStore store, CancellationToken cancellation)
    {
        var users = services.GetRequiredService<UserManager<User>>();
        var password = OneTimePasswords.Random();
        var secrets = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        // One text, one hash: each would take as long as a sign-in.
        var hash = users.PasswordHasher.HashPassword(new User(), password);
        foreach (var (name, display, roles) in Wanted())
        {
            var user = await users.FindByNameAsync(name);
            if (user is null)
            {
                user = new()
                {
                    Id = Ids.Next(), UserName = name, DisplayName = display, LockoutEnabled = true, PasswordHash = hash,
                };
                OneTimePasswords.Ensure(await users.CreateAsync(user));
                OneTimePasswords.Ensure(await users.AddToRolesAsync(user, roles.Select(role => role.Code)));
            }
            else
            {
                (user.PasswordHash, user.PasswordIsOneTime, user.PasswordEndsAt) = (hash, false, null);
                OneTimePasswords.Ensure(await users.UpdateSecurityStampAsync(user));
            }
            secrets[name] = roles.Any(role => role.SecondFactor) ? await Secret(users, user) : null;
        }
        cancellation.ThrowIfCancellationRequested();
        return JsonSerializer.Serialize(new { password, secrets }, Wire.Stored);
    }

    private static IEnumerable<(string Name, string Display, IReadOnlyList<Role> Roles)> Wanted()
    {
        var roles = Role.Delivered.Where(role => role.Code != Partner).OrderBy(role => role.Code).ToList();
        foreach (var role in roles)
            yield return (role.Code, $"{role.Name.Zh} {role.Name.En}", [role]);
        yield return ("operator", "经办 Operator", [.. roles.Where(role => !role.SecondFactor)]);
        yield return (
            "approver", "复核 Approver", [.. roles.Where(role => role.SecondFactor && role.Code != Administrator)]);
    }

    private static async Task<string> Secret(UserManager<User> users, User user)
    {
        OneTimePasswords.Ensure(await users.ResetAuthenticatorKeyAsync(user));
        OneTimePasswords.Ensure(await users.SetTwoFactorEnabledAsync(user, true));
        return (await users.GetAuthenticatorKeyAsync(user))!;
    }
}
