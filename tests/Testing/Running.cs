using System.Reflection;
using Billing.Platform;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Billing.Testing;

/// <summary>
/// A whole service in this process: its own <c>Program.Build</c>, Kestrel on a free port, and a database and a virtual
/// host of its own unless they are given.
/// </summary>
public sealed class Running : IAsyncDisposable
{
    private readonly bool _ownsRabbitMq;

    private Running(WebApplication app, string postgres, Uri rabbitMq, bool ownsRabbitMq)
    {
        (App, Postgres, RabbitMq, _ownsRabbitMq) = (app, postgres, rabbitMq, ownsRabbitMq);
        var address = new Uri(app.Urls.First());
        HttpMessageHandler handler = new SignedIn(new SocketsHttpHandler());
        Partners = app.Services.GetService<Edge>()?.Address;
        if (Partners is not null)
            handler = new AsPartner(handler, address, Partners, app.Services.GetRequiredService<TimeProvider>());
        Http = new HttpClient(new DeclaredRefusals(address, Partners, handler)) { BaseAddress = address };
        Source = app.Services.GetRequiredService<NpgsqlDataSource>();
    }

    public WebApplication App { get; }

    public string Postgres { get; }

    public Uri RabbitMq { get; }

    /// <summary>Where partners call; null where they cannot.</summary>
    public Uri? Partners { get; }

    public HttpClient Http { get; }

    public NpgsqlDataSource Source { get; }

    /// <summary>The service's stored events.</summary>
    public StoredEvents Events => new(Source);

    public static async Task<Running> Start(
        Func<string[], WebApplication> build, Uri? rabbitMq = null, string? postgres = null, params string[] settings)
    {
        ArgumentNullException.ThrowIfNull(build);
        postgres ??= await Backend.NewDatabase(build.Method.Module.Assembly);
        var own = rabbitMq is null;
        rabbitMq ??= await Backend.NewVirtualHost();
        var app = build([
            "--urls=http://127.0.0.1:0", $"--Billing:Postgres={postgres}", $"--Billing:RabbitMq={rabbitMq}",
            "--Billing:MigrateAtStart=true",
            $"--{SealingKey.Setting}={SealingKey.File}", $"--{MasterKey.Setting}={MasterKey.File}",
            .. TestTokens.Settings, .. AsPartner.Settings.Select(setting => $"--{setting.Name}={setting.Value}"),
            .. settings]);
        await app.StartAsync();
        var running = new Running(app, postgres, rabbitMq, own);
        await Eventually.Holds(
            async () => (await running.Http.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode,
            "the service is ready");
        return running;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        if (_ownsRabbitMq)
            await Backend.DropVirtualHost(RabbitMq);
    }
}
