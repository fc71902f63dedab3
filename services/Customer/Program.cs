using Billing.Platform;
using Microsoft.Extensions.Options;

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
        service.Services.AddChecked<PersonalDataOptions, PersonalDataOptionsCheck>(PersonalDataOptions.Section)
            .AddSingleton(services => MasterKeys.Read(
                services.GetRequiredService<IOptions<PersonalDataOptions>>().Value.MasterKeys))
            .AddSingleton<CustomerKeys>().AddSingleton<PersonalDataReads>()
            .AddSingleton<CustomerSearch>().AddSingleton<CustomerData>();
        service.Relay(Outbound.Map).Take(inbound);
        service.Services.AddPlaces("account", "select region, project from accounts where account_no = $1");
        service.Services.AddPlaces("customer", "select region, project from accounts where customer_no = $1");

        var app = service.Build();
        var customers = app.MapGroup("").WithTags("Customers");
        customers.MapRegisterCustomer();
        customers.MapCustomerSearch();
        customers.MapCorrectCustomer();
        customers.MapEraseCustomer();
        var personal = app.MapGroup("").WithTags("Personal data");
        personal.MapReadPersonalData();
        personal.MapPersonalDataReads();
        personal.MapRewrapKeys();
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
