using Billing.Platform;

namespace Billing.Collections;

/// <summary>The Collections service: what is owed, by whom, for how long, and how much of it is collected.</summary>
public sealed class Program
{
    private Program()
    {
    }

    public static Task<int> Main(string[] args) => Hosted.Run(Build, args);

    public static WebApplication Build(string[] args)
    {
        var service = BillingService.Create(args, "collections", typeof(Program).Assembly);
        service.Relay(Outbound.Map).Take(Inbound.Map);
        service.Services.AddPlaces(
            "account", "select region, project from receivable where account_no = $1 and region is not null limit 1");
        var app = service.Build();
        var arrears = app.MapGroup("").WithTags("Arrears");
        arrears.MapAssessArrears();
        arrears.MapOverdueAccounts();
        arrears.MapArrears();
        app.MapGroup("").WithTags("Receivables").MapAccountReceivables();
        var figures = app.MapGroup("").WithTags("Figures");
        figures.MapAgeing();
        figures.MapCollectionRates();
        figures.MapTotals();
        figures.MapPosition();
        return app;
    }
}
