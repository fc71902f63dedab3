using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Billing.Identity;

/// <summary>
/// Passwords that are made for somebody: told once, good for some days, and replaced at the first sign-in.
/// </summary>
internal sealed class OneTimePasswords(
    UserManager<User> users, IOptions<IssuerOptions> options, TimeProvider clock)
{
    /// <summary>Adds a user with a one-time password, which is returned.</summary>
    /// <param name="user">The user.</param>
    /// <param name="ends">Whether the password ends; that of the first administrator does not, for nobody could make
    /// another one.</param>
    public async Task<string> Add(User user, bool ends = true)
    {
        ArgumentNullException.ThrowIfNull(user);
        var password = Made(user, ends);
        user.LockoutEnabled = true;
        Ensure(await users.CreateAsync(user, password));
        return password;
    }

    /// <summary>Replaces a user's password, and ends a lock-out.</summary>
    public async Task<string> Renew(User user)
    {
        ArgumentNullException.ThrowIfNull(user);
        var password = Made(user, ends: true);
        user.AccessFailedCount = 0;
        Ensure(await users.ResetPasswordAsync(user, await users.GeneratePasswordResetTokenAsync(user), password));
        Ensure(await users.SetLockoutEndDateAsync(user, null));
        return password;
    }

    /// <summary>Whether a user's one-time password has ended.</summary>
    public bool HasEnded(User user) =>
        user is { PasswordIsOneTime: true, PasswordEndsAt: { } end } && end <= clock.GetUtcNow();

    /// <summary>
    /// Throws what Identity refuses although it was checked before: a conflict with another request, or a fault.
    /// </summary>
    /// <exception cref="DbUpdateConcurrencyException">Somebody else changed or added the same meanwhile.</exception>
    internal static void Ensure(IdentityResult result)
    {
        if (result.Succeeded)
            return;
        var why = string.Join(' ', result.Errors.Select(error => error.Description));
        if (result.Errors.Any(error => error.Code is nameof(IdentityErrorDescriber.ConcurrencyFailure)
            or nameof(IdentityErrorDescriber.DuplicateUserName) or nameof(IdentityErrorDescriber.DuplicateRoleName)
            or nameof(IdentityErrorDescriber.UserAlreadyInRole) or nameof(IdentityErrorDescriber.UserNotInRole)))
            throw new DbUpdateConcurrencyException(why);
        throw new InvalidOperationException(why);
    }

    /// <summary>120 random bits, in characters that can be typed.</summary>
    internal static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(15));

    private string Made(User user, bool ends)
    {
        user.PasswordIsOneTime = true;
        user.PasswordEndsAt = ends ? clock.GetUtcNow().AddDays(options.Value.OneTimePasswordDays) : null;
        return Random();
    }
}
