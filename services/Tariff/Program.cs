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
        service.Services.AddApprovals(typeof(PublishPlanKind));
        service.Relay(Outbound.Map);

        var app = service.Build();
        var plans = app.MapGroup("").WithTags("Plans");
        plans.MapDraftPlan();
        plans.MapPublishPlan();
        plans.MapWithdrawPlan();
        plans.MapPlanList();
        app.MapGroup("").WithTags("Quotes").MapQuoteBill();
        app.MapApprovals();
        return app;
    }
}
