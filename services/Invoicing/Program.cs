using Billing.Platform;
using Microsoft.Extensions.Options;

namespace Billing.Invoicing;

/// <summary>Readings, billing runs, invoices, credits and the statement of account.</summary>
public sealed class Program
{
    private Program() { }

    public static Task<int> Main(string[] args) => Hosted.Run(Build, args);

    public static WebApplication Build(string[] args)
    {
        var service = BillingService.Create(args, "invoicing", typeof(Program).Assembly);
        service.Services.AddSingleton<Plans>()
            .AddSingleton<ChunkDrafting>().AddSingleton<ChunkPosting>().AddSingleton<ChunkFailures>();
        service.Consume<Chunks>();
        if (Roles.From(service.Configuration) == Role.Worker)
            return service.Build();
        service.Services.AddChecked<ManifestOptions, ManifestOptionsCheck>(ManifestOptions.Section)
            .AddSingleton(services =>
                ManifestKey.Read(services.GetRequiredService<IOptions<ManifestOptions>>().Value.Key))
            .AddChecked<ReadingLimits, ReadingLimitsCheck>(ReadingLimits.Section).AddSingleton<ReadingBatch>()
            .AddSingleton<WorkItems>().AddHostedService(services => services.GetRequiredService<WorkItems>())
            .AddHostedService<StalledRunWatcher>().AddSingleton<IGauge, RunChunks>();
        service.Relay(Outbound.Map).Take(Inbound.Map);
        var app = service.Build();
        app.MapImportReadings();
        app.MapAcceptReading();
        app.MapWithdrawReading();
        app.MapFreezeRun();
        app.MapRunProgress();
        app.MapRunExceptions();
        app.MapRedraftRun();
        app.MapAbandonRun();
        app.MapPostRun();
        app.MapManifest();
        app.MapSealRun();
        app.MapInvoiceView();
        app.MapCreditInvoice();
        app.MapStatement();
        app.MapTotals();
        app.MapQuoteAccount();
        app.MapWhatIf();
        app.MapPlanReplica();
        return app;
    }
}
