using Billing.Platform;

namespace Billing.Customers;

public sealed class Program
{
    private Program()
    {
    }

    public static Task<int> Main(string[] args) => Hosted.Run(Build, args);

    public static WebApplication Build(string[] args) => Build(args, Inbound.Map);

    /// <summary>Builds the service with another set of consumers.</summary>
    public static WebApplication Build(string[] args, InboundMap inbound)
    {
        var service = BillingService.Create(args, "customer", typeof(Program).Assembly);
        service.Relay(Outbound.Map).Take(inbound);
        service.Services.AddPlaces("account", "select region, project from accounts where account_no = $1");
        service.Services.AddPlaces("customer", "select region, project from accounts where customer_no = $1");

        var app = service.Build();
        app.MapGroup("").WithTags("Customers").MapRegisterCustomer();
        var accounts = app.MapGroup("").WithTags("Accounts");
        accounts.MapOpenAccount();
        accounts.MapChangeElectricity();
        accounts.MapChangeHeat();
        accounts.MapAccountList();
        accounts.MapAccountTimeline();
        var imports = app.MapGroup("").WithTags("Imports");
        imports.MapImportAccounts();
        imports.MapImportRefusals();
        app.MapGroup("").WithTags("Plans").MapPlanReplica();
        return app;
    }
}
