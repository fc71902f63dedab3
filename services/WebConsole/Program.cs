using Billing.Platform;

namespace Billing.WebConsole;

/// <summary>
/// The pages of the people who work with the system. It owns no data: it asks the services, with the token of whoever
/// looks at a page.
/// </summary>
public sealed class Program
{
    /// <summary>The beginning of the addresses of parts that refresh themselves.</summary>
    internal const string Fragments = "/fragments";

    private Program()
    {
    }

    public static Task<int> Main(string[] args) => Hosted.Run(Build, args);

    public static WebApplication Build(string[] args) => Build(args, TimeProvider.System);

    /// <summary>Builds the console with another clock.</summary>
    public static WebApplication Build(string[] args, TimeProvider clock)
    {
        var builder = WebApplication.CreateBuilder(Hosted.Options(args));
        builder.AddSecretFiles();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddSingleton(clock);
        builder.Services.AddChecked<PeerOptions, PeerOptionsCheck>(PeerOptions.Section, alone: false);
        builder.Services.AddPeerConnections();
        builder.Services.AddScoped<Operations>();
        builder.Services.AddSignIn();
        builder.Services.AddRazorComponents();
        builder.Services.AddHealthChecks();

        var app = builder.Build();
        app.UseEdge();
        app.UseProblems();
        app.UseProblemPages();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseFormsOfOurs();
        app.MapHealthChecks("/health/live").AllowAnonymous();
        app.MapHealthChecks("/health/ready").AllowAnonymous();
        app.MapAssets();
        app.MapSignOut();
        app.MapOperationsPage();
        app.MapDrillDown();
        app.MapUserPages();
        app.MapRolePages();
        app.MapClientPages();
        app.MapAuditPages();
        return app;
    }
}
