using System.Text.Json;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Billing.Identity;

/// <summary>
/// Users, roles, clients and tokens: the tables of ASP.NET Core Identity and of OpenIddict, under names like all other
/// tables. They are made by our migrations; a test compares the two.
/// </summary>
public sealed class IdentityStore(DbContextOptions<IdentityStore> options)
    : IdentityDbContext<User, UserRole, Guid>(options), IDataProtectionKeyContext
{
    /// <summary>The keys of cookies and forms.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    private static readonly Dictionary<Type, string> Tables = new()
    {
        [typeof(User)] = "users",
        [typeof(UserRole)] = "roles",
        [typeof(IdentityUserRole<Guid>)] = "user_roles",
        [typeof(IdentityUserClaim<Guid>)] = "user_claims",
        [typeof(IdentityUserLogin<Guid>)] = "user_logins",
        [typeof(IdentityUserToken<Guid>)] = "user_tokens",
        [typeof(IdentityRoleClaim<Guid>)] = "role_claims",
    };

    protected override void OnModelCreating(ModelBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        base.OnModelCreating(builder);
        builder.UseOpenIddict<Guid>();
        foreach (var entity in builder.Model.GetEntityTypes())
        {
            entity.SetTableName(Tables.GetValueOrDefault(entity.ClrType)
                ?? Snake(entity.GetTableName()!.Replace("OpenIddict", "Oauth", StringComparison.Ordinal)));
            foreach (var property in entity.GetProperties())
                property.SetColumnName(Snake(property.Name));
            foreach (var key in entity.GetKeys())
                key.SetName($"{entity.GetTableName()}_pkey");
            foreach (var index in entity.GetIndexes())
                index.SetDatabaseName(
                    $"{entity.GetTableName()}_{string.Join('_', index.Properties.Select(p => Snake(p.Name)))}");
            foreach (var key in entity.GetForeignKeys())
                key.SetConstraintName(
                    $"{entity.GetTableName()}_{string.Join('_', key.Properties.Select(p => Snake(p.Name)))}_fkey");
        }
    }

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
