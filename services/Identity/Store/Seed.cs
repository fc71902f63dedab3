using System.Text;
using Billing.Contracts;
using Billing.Platform;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Billing.Identity;

/// <summary>
/// What must be there when the service starts: the delivered roles, the applications that people sign in with, and the
/// first administrator. What exists is left as it is; only addresses and the secret of the console follow the settings.
/// </summary>
internal sealed class Seed(IServiceScopeFactory scopes, IOptions<IssuerOptions> options) : BackgroundService
{
    /// <summary>The command line of an operator: it has no secret, and signs in by a code on a page.</summary>
    public const string CommandLine = "billing-cli";

    /// <summary>The web console.</summary>
    public const string Console = "billing-console";

    /// <summary>The name of the first administrator.</summary>
    public const string FirstAdministrator = "admin";

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when everything is there.</summary>
    public Task Done => _done.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IdentityStore>();
        await using (var transaction = await Administrators.Hold(store, stoppingToken))
        {
            await AddRoles(store, stoppingToken);
            var password = await AddFirstAdministrator(scope.ServiceProvider, store, stoppingToken);
            var people = options.Value.People.Length > 0 && !File.Exists(options.Value.People)
                ? await SeededPeople.Add(scope.ServiceProvider, store, stoppingToken)
                : null;
            // Before the commit: a password that nobody was told would lock everybody out.
            string?[] told =
            [
                await WriteOnce(options.Value.FirstPassword, password, stoppingToken),
                await WriteOnce(options.Value.People, people, stoppingToken),
            ];
            try
            {
                await transaction.CommitAsync(stoppingToken);
            }
            catch
            {
                foreach (var file in told.OfType<string>())
                    File.Delete(file);
                throw;
            }
        }
        await AddApplications(
            scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>(), stoppingToken);
        _done.SetResult();
    }

    private static async Task AddRoles(IdentityStore store, CancellationToken cancellation)
    {
        var known = await store.Roles.Select(role => role.Name).ToListAsync(cancellation);
        foreach (var role in Role.Delivered.Where(role => !known.Contains(role.Code)))
        {
            store.Roles.Add(Roles.Fill(
                new()
                {
                    Id = Ids.Next(), Name = role.Code, NormalizedName = role.Code.ToUpperInvariant(),
                    ConcurrencyStamp = $"{Ids.Next()}",
                },
                role.Name, role.Rights, role.SecondFactor));
        }
        await store.SaveChangesAsync(cancellation);
    }

    private async Task<string?> AddFirstAdministrator(
        IServiceProvider services, IdentityStore store, CancellationToken cancellation)
    {
        if (options.Value.FirstPassword.Length == 0 || await store.Users.AnyAsync(cancellation))
            return null;
        var user = new User { Id = Ids.Next(), UserName = FirstAdministrator, DisplayName = "Administrator" };
        var password = await services.GetRequiredService<OneTimePasswords>().Add(user, ends: false);
        OneTimePasswords.Ensure(await services.GetRequiredService<UserManager<User>>()
            .AddToRoleAsync(user, "administrator"));
        return password;
    }

    private async Task AddApplications(IOpenIddictApplicationManager applications, CancellationToken cancellation)
    {
        await Put(applications, new()
        {
            ClientId = CommandLine, DisplayName = "./billing", ClientType = ClientTypes.Public,
            Permissions =
            {
                Permissions.Endpoints.DeviceAuthorization, Permissions.Endpoints.Token,
                Permissions.Endpoints.Revocation,
                Permissions.GrantTypes.DeviceCode, Permissions.GrantTypes.RefreshToken,
                Permissions.Prefixes.Scope + Scopes.OfflineAccess,
            },
        }, cancellation);
        if (options.Value.Console.Length == 0)
            return;
        var console = new Uri(options.Value.Console);
        await Put(applications, new()
        {
            ClientId = Console, DisplayName = "Console", ClientType = ClientTypes.Confidential,
            ClientSecret = (await File.ReadAllTextAsync(options.Value.ConsoleSecret, cancellation)).Trim(),
            ConsentType = ConsentTypes.Implicit,
            RedirectUris = { new(console, "/signin-oidc") },
            PostLogoutRedirectUris = { new(console, "/signout-callback-oidc") },
            Permissions =
            {
                Permissions.Endpoints.Authorization, Permissions.Endpoints.Token, Permissions.Endpoints.EndSession,
                Permissions.Endpoints.Revocation,
                Permissions.GrantTypes.AuthorizationCode, Permissions.GrantTypes.RefreshToken,
                Permissions.ResponseTypes.Code, Permissions.Scopes.Profile,
                Permissions.Prefixes.Scope + Scopes.OfflineAccess,
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange },
        }, cancellation);
    }

    private static async Task Put(
        IOpenIddictApplicationManager applications, OpenIddictApplicationDescriptor wanted,
        CancellationToken cancellation)
    {
        if (await applications.FindByClientIdAsync(wanted.ClientId!, cancellation) is { } known)
            await applications.UpdateAsync(known, wanted, cancellation);
        else
            await applications.CreateAsync(wanted, cancellation);
    }

    /// <summary>Writes a text to a file that only its owner reads; returns the file when there was something.</summary>
    private static async Task<string?> WriteOnce(string file, string? text, CancellationToken cancellation)
    {
        if (text is null)
            return null;
        var secretly = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            secretly.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var stream = new FileStream(file, secretly);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\n"), cancellation);
        return file;
    }
}

/// <summary>Ready when everything that must be there is.</summary>
internal sealed class Seeded(Seed seed) : Microsoft.Extensions.Diagnostics.HealthChecks.IHealthCheck
{
    public Task<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult> CheckHealthAsync(
        Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckContext context,
        CancellationToken cancellationToken = default) =>
        Task.FromResult(seed.Done.IsCompletedSuccessfully
            ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult.Healthy()
            : Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult.Unhealthy("roles are being added"));
}
