using Billing.Platform;

namespace Billing.Tariffs;

public sealed class Program
{
    private Program()
    {
    }

    public static Task<int> Main(string[] args) => Hosted.Run(Build, args);

    public static WebApplication Build(string[] args)
    {
        var service = BillingService.Create(args, "tariff", typeof(Program).Assembly);
        service.Relay(Outbound.Map);

        var app = service.Build();
        app.MapDraftPlan();
        app.MapPublishPlan();
        app.MapWithdrawPlan();
        app.MapPlanList();
        app.MapQuoteBill();
        return app;
    }
}
