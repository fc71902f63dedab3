using System.Globalization;
using Billing.Platform;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Billing.Identity;

/// <summary>Whether somebody is signed in here, and what is missing before anything is granted.</summary>
internal sealed class Session(
    UserManager<User> users, SignInManager<User> signIn, IdentityStore store, Principals principals,
    OneTimePasswords passwords, AuditLog audit, IOptions<IssuerOptions> options, TimeProvider clock)
{
    private const int Digits = 6, Attempts = 5;
    private const string Began = "began";

    /// <summary>
    /// The user of the session's cookie; null when there is none, when it is over, or when the user is locked.
    /// </summary>
    public async Task<User?> User(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var cookie = await context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        return cookie.Succeeded && clock.GetUtcNow() - SinceOf(cookie) < TimeSpan.FromHours(options.Value.SessionHours)
            && await users.GetUserAsync(cookie.Principal) is { Locked: false } user ? user : null;
    }

    /// <summary>When the user signed in, by password.</summary>
    public static async Task<DateTimeOffset> Since(HttpContext context) =>
        SinceOf(await context.AuthenticateAsync(IdentityConstants.ApplicationScheme));

    /// <summary>Begins a session: the user has just shown the password.</summary>
    public Task Begin(User user) => Write(user, clock.GetUtcNow());

    /// <summary>Goes on with the present session, although something has ended the others of the user.</summary>
    public async Task Continue(HttpContext context, User user) => await Write(user, await Since(context));

    private Task Write(User user, DateTimeOffset since) => signIn.SignInAsync(user, new AuthenticationProperties
    {
        Items = { [Began] = since.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) },
    });

    private static DateTimeOffset SinceOf(AuthenticateResult cookie) =>
        cookie.Properties?.Items.TryGetValue(Began, out var text) is true
        && long.TryParse(text, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : default;

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
    /// user for a quarter of an hour; the answer does not tell a wrong name from a wrong password. Each attempt is on
    /// record, a name that nobody has is not: somebody may have typed a password there.
    /// </summary>
    public async Task<SignInOutcome> Enter(
        string name, string password, string? code, CancellationToken cancellation)
    {
        var user = await users.FindByNameAsync(name);
        var outcome = await Enter(user, password, code);
        var known = user?.Actor;
        if (outcome == SignInOutcome.SignedIn)
            await audit.Command("SignIn", known, AuditLog.Done, cancellation, by: known);
        else
            audit.Refused("SignIn", known, $"{outcome}");
        return outcome;
    }

    private async Task<SignInOutcome> Enter(User? user, string password, string? code)
    {
        if (user is null || !await Try(user))
        {
            // As slow as a wrong password, so that the time does not tell which names exist.
            users.PasswordHasher.HashPassword(new User(), password);
            return user is null ? SignInOutcome.Wrong : SignInOutcome.LockedOut;
        }
        if (!await users.CheckPasswordAsync(user, password))
            return SignInOutcome.Wrong;
        if (user.Locked)
            return SignInOutcome.Locked;
        if (passwords.HasEnded(user))
            return SignInOutcome.PasswordEnded;
        if (user.TwoFactorEnabled && string.IsNullOrWhiteSpace(code))
        {
            await TakeBack(user);
            return SignInOutcome.CodeMissing;
        }
        if (user.TwoFactorEnabled && !await IsCode(user, code!))
            return SignInOutcome.CodeWrong;
        await Forget(user);
        await Begin(user);
        return SignInOutcome.SignedIn;
    }

    /// <summary>Whether this is the user's password; wrong ones count as when signing in.</summary>
    public async Task<bool> IsPassword(User user, string password)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (!await Try(user) || !await users.CheckPasswordAsync(user, password))
            return false;
        await Forget(user);
        return true;
    }

    /// <summary>
    /// Counts an attempt before it is looked at, in one statement: of guesses that come at the same time no more are
    /// looked at than of those that come one after the other. False when the user is locked out.
    /// </summary>
    private async Task<bool> Try(User user) => await store.Database.ExecuteSqlAsync($"""
        update users set
          access_failed_count = case when lockout_end is null then access_failed_count + 1 else 1 end,
          lockout_end = case when lockout_end is null and access_failed_count + 1 >= {Attempts}
            then now() + interval '15 minutes' end
        where id = {user.Id} and (lockout_end is null or lockout_end <= now())
        """) == 1;

    /// <summary>An attempt without a code was no guess.</summary>
    private Task<int> TakeBack(User user) => store.Database.ExecuteSqlAsync($"""
        update users set access_failed_count = greatest(access_failed_count - 1, 0), lockout_end = null
        where id = {user.Id}
        """);

    /// <summary>Forgets the attempts that failed before one that did not.</summary>
    private Task<int> Forget(User user)
    {
        // Whoever saves the user next saves all columns.
        (user.AccessFailedCount, user.LockoutEnd) = (0, null);
        return store.Database.ExecuteSqlAsync(
            $"update users set access_failed_count = 0, lockout_end = null where id = {user.Id}");
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

    /// <summary>The one-time password was right, and is too old.</summary>
    PasswordEnded,

    /// <summary>Too many wrong passwords or codes; after a quarter of an hour it may be tried again.</summary>
    LockedOut,

    /// <summary>An administrator has locked the user.</summary>
    Locked,

    /// <summary>The user has a second factor, and no code was given.</summary>
    CodeMissing,

    /// <summary>The code is wrong, or was used before.</summary>
    CodeWrong,
}
