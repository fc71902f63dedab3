using Billing.Platform;

namespace Billing.WebConsole;

/// <summary>
/// One page that shows the state of the system. It owns no data and reads only what the five APIs publish.
/// </summary>
public sealed class Program
{
    private Program()
    {
    }

    public static Task<int> Main(string[] args) => Hosted.Run(Build, args);

    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(Hosted.Options(args));
        builder.AddSecretFiles();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddChecked<PeerOptions, PeerOptionsCheck>(PeerOptions.Section, alone: false);
        builder.Services.AddPeerConnections();
        builder.Services.AddSingleton<Peers>();
        builder.Services.AddSingleton<Operations>();
        builder.Services.AddRazorComponents();
        builder.Services.AddHealthChecks();

        var app = builder.Build();
        app.Use(Assets.OwnSourcesOnly);
        app.UseProblems();
        app.UseProblemPages();
        app.MapHealthChecks("/health/live");
        app.MapHealthChecks("/health/ready");
        app.MapAssets();
        app.MapOperationsPage();
        app.MapDrillDown();
        return app;
    }
}
