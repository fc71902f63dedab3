using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Billing.Identity;

/// <summary>Whether somebody is signed in here, and what is missing before anything is granted.</summary>
internal sealed class Session(
    UserManager<User> users, SignInManager<User> signIn, IdentityStore store, Principals principals)
{
    private const int Digits = 6;

    /// <summary>The user of the session's cookie; null when there is none, or the user is locked.</summary>
    public async Task<User?> User(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var cookie = await context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        return cookie.Succeeded && await users.GetUserAsync(cookie.Principal) is { Locked: false } user ? user : null;
    }

    /// <summary>The page on which the user has to do something first; null when nothing is missing.</summary>
    public async Task<string?> Missing(User user, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (user.PasswordIsOneTime)
            return PasswordPage.Path;
        return !user.TwoFactorEnabled && await principals.NeedsSecondFactor(user.Id, cancellation)
            ? SecondFactorPage.Path
            : null;
    }

    /// <summary>
    /// Signs in by name, password and, where the user has one, the code of the second factor. Five failures lock the
    /// user for a quarter of an hour; the answer does not tell a wrong name from a wrong password.
    /// </summary>
    public async Task<SignInOutcome> Enter(string name, string password, string? code)
    {
        if (await users.FindByNameAsync(name) is not { } user)
        {
            // As slow as a wrong password, so that the time does not tell which names exist.
            users.PasswordHasher.HashPassword(new User(), password);
            return SignInOutcome.Wrong;
        }
        var checkedPassword = await signIn.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (checkedPassword.IsLockedOut)
            return SignInOutcome.LockedOut;
        if (!checkedPassword.Succeeded)
            return SignInOutcome.Wrong;
        if (user.Locked)
            return SignInOutcome.Locked;
        if (user.TwoFactorEnabled)
        {
            if (string.IsNullOrWhiteSpace(code))
                return SignInOutcome.CodeMissing;
            if (!await IsCode(user, code))
            {
                await users.AccessFailedAsync(user);
                return SignInOutcome.CodeWrong;
            }
            await users.ResetAccessFailedCountAsync(user);
        }
        await signIn.SignInAsync(user, isPersistent: false);
        return SignInOutcome.SignedIn;
    }

    /// <summary>
    /// Whether a code is a present one of the user's and was not used before, by this request or by any other.
    /// </summary>
    public async Task<bool> IsCode(User user, string code)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(code);
        var digits = code.Replace(" ", "", StringComparison.Ordinal);
        // The library takes any text that parses to the number; each of them would be another code.
        if (digits.Length != Digits || !digits.All(char.IsAsciiDigit)
            || !await users.VerifyTwoFactorTokenAsync(user, users.Options.Tokens.AuthenticatorTokenProvider, digits))
            return false;
        return await store.Database.ExecuteSqlAsync($"""
            insert into used_codes as used (user_id, code, used_at) values ({user.Id}, {digits}, now())
            on conflict (user_id, code) do update set used_at = excluded.used_at
              where used.used_at < now() - interval '5 minutes'
            """) == 1;
    }
}

/// <summary>How an attempt to sign in ended.</summary>
public enum SignInOutcome
{
    /// <summary>The session has begun.</summary>
    SignedIn,

    /// <summary>Name or password is wrong.</summary>
    Wrong,

    /// <summary>Too many wrong passwords or codes; after a quarter of an hour it may be tried again.</summary>
    LockedOut,

    /// <summary>An administrator has locked the user.</summary>
    Locked,

    /// <summary>The user has a second factor, and no code was given.</summary>
    CodeMissing,

    /// <summary>The code is wrong, or was used before.</summary>
    CodeWrong,
}
