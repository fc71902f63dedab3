using Billing.Platform;
using Microsoft.Extensions.Options;

namespace Billing.Invoicing;

/// <summary>
/// The Invoicing service: readings, billing runs, invoices, credit notes and the statement of account.
/// </summary>
public sealed class Program
{
    private Program() { }

    public static Task<int> Main(string[] args) => Hosted.Run(Build, args);

    public static WebApplication Build(string[] args)
    {
        var service = BillingService.Create(args, "invoicing", typeof(Program).Assembly);
        service.Services.AddSingleton<Plans>().AddSingleton<WhatIfPlaces>()
            .AddSingleton<ChunkDrafting>().AddSingleton<ChunkPosting>().AddSingleton<ChunkFailures>();
        service.Consume<Chunks>();
        if (Roles.From(service.Configuration) == Role.Worker)
            return service.Build();
        service.Services.AddChecked<ManifestOptions, ManifestOptionsCheck>(ManifestOptions.Section)
            .AddSingleton(services =>
                ManifestKey.Read(services.GetRequiredService<IOptions<ManifestOptions>>().Value.Key))
            .AddChecked<ReadingLimits, ReadingLimitsCheck>(ReadingLimits.Section).AddSingleton<ReadingBatch>()
            .AddSingleton<WorkItems>().AddHostedService(services => services.GetRequiredService<WorkItems>())
            .AddHostedService<StalledRunWatcher>().AddSingleton<IGauge, RunChunks>()
            .AddApprovals(typeof(PostRunKind), typeof(CreditKind));
        service.Relay(Outbound.Map).Take(Inbound.Map);
        service.Services.AddPlaces("account", "select region, project from account_supply where account_no = $1");
        service.Services.AddPlaces("invoice",
            "select region, project from account_supply join invoice using (account_no) where invoice_no = $1");
        var app = service.Build();
        var readings = app.MapGroup("").WithTags("Readings");
        readings.MapImportReadings();
        readings.MapAcceptReading();
        readings.MapWithdrawReading();
        var runs = app.MapGroup("").WithTags("Billing runs");
        runs.MapFreezeRun();
        runs.MapRunProgress();
        runs.MapRunExceptions();
        runs.MapRedraftRun();
        runs.MapAbandonRun();
        runs.MapPostRun();
        runs.MapManifest();
        runs.MapSealRun();
        var invoices = app.MapGroup("").WithTags("Invoices");
        invoices.MapInvoiceView();
        invoices.MapCreditInvoice();
        invoices.MapStatement();
        app.MapGroup("").WithTags("Figures").MapTotals();
        var quotes = app.MapGroup("").WithTags("Quotes");
        quotes.MapQuoteAccount();
        quotes.MapWhatIf();
        app.MapGroup("").WithTags("Plans").MapPlanReplica();
        app.MapApprovals();
        return app;
    }
}
