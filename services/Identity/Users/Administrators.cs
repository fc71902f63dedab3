using Billing.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Billing.Identity;

/// <summary>Those who can manage users: one of them must always be left.</summary>
internal static class Administrators
{
    /// <summary>
    /// Begins a transaction in which nobody else changes users or roles: two administrators who lock each other at the
    /// same time would both be the last.
    /// </summary>
    public static async Task<IDbContextTransaction> Hold(IdentityStore store, CancellationToken cancellation)
    {
        var transaction = await store.Database.BeginTransactionAsync(cancellation);
        await store.Database.ExecuteSqlRawAsync("lock table roles in share row exclusive mode", cancellation);
        return transaction;
    }

    /// <summary>Whether a user who is not locked may manage users.</summary>
    public static async Task<bool> AreLeft(IdentityStore store, CancellationToken cancellation)
    {
        var right = nameof(Right.ManageUsers);
        return await (
            from user in store.Users
            join given in store.UserRoles on user.Id equals given.UserId
            join role in store.Roles on given.RoleId equals role.Id
            where !user.Locked && role.Rights.Contains(right)
            select user).AnyAsync(cancellation);
    }
}
