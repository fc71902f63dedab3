using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;

namespace Billing.Identity;

/// <summary>
/// The users, with the secrets of authenticator apps encrypted: whoever reads the database makes no codes by it.
/// </summary>
internal sealed class UsersStore(IdentityStore store, AuthenticatorCipher cipher, IdentityErrorDescriber describer)
    : UserStore<User, UserRole, IdentityStore, Guid>(store, describer)
{
    private const string Encrypted = "aes-gcm:";

    public override Task SetAuthenticatorKeyAsync(User user, string key, CancellationToken cancellationToken) =>
        base.SetAuthenticatorKeyAsync(
            user, Encrypted + Convert.ToBase64String(cipher.Of.Encrypt(Encoding.UTF8.GetBytes(key))),
            cancellationToken);

    public override async Task<string?> GetAuthenticatorKeyAsync(User user, CancellationToken cancellationToken)
    {
        var stored = await base.GetAuthenticatorKeyAsync(user, cancellationToken);
        // A secret from before this was encrypted is good until the user sets up another one.
        return stored is null || !stored.StartsWith(Encrypted, StringComparison.Ordinal)
            ? stored
            : Encoding.UTF8.GetString(cipher.Of.Decrypt(Convert.FromBase64String(stored[Encrypted.Length..])));
    }
}

/// <summary>The cipher of the secrets of authenticator apps.</summary>
internal sealed record AuthenticatorCipher(Platform.KeyCipher Of);
