using Billing.Platform;

namespace Billing.Collections;

/// <summary>Arrears: what is owed, by whom, for how long, and how much of it comes in.</summary>
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
        var app = service.Build();
        app.MapAssessArrears();
        app.MapAgeing();
        app.MapOverdueAccounts();
        app.MapArrears();
        app.MapCollectionRates();
        app.MapAccountReceivables();
        app.MapTotals();
        app.MapPosition();
        return app;
    }
}
