using Billing.Platform;

namespace Billing.Tariffs;

public sealed class Program
{
    private Program()
    {
    }

    public static async Task<int> Main(string[] args)
    {
        try
        {
            await Build(args).RunAsync();
            return 0;
        }
        catch (InvalidConfigurationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 78;
        }
    }

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
