using Billing.Platform;

namespace Billing.Payments;

/// <summary>
/// The Payments service: payments received, allocated, reversed, refunded, and reconciled with the banks' files.
/// </summary>
public sealed class Program
{
    private Program()
    {
    }

    public static Task<int> Main(string[] args) => Hosted.Run(Build, args);

    public static WebApplication Build(string[] args) => Build(args, TimeProvider.System);

    /// <summary>Builds the service with a clock, which determines the current bank day.</summary>
    internal static WebApplication Build(string[] args, TimeProvider clock)
    {
        var service = BillingService.Create(args, "payments", typeof(Program).Assembly);
        service.Services.AddSingleton(clock);
        service.Services.AddSingleton<Partners>().AddSingleton<PartnerDays>().AddSingleton<ReversalRequests>()
            .AddSingleton<BillReader>()
            .AddApprovals(
                typeof(RefundKind), typeof(ReversePaymentKind), typeof(SavePartnerKind), typeof(IssuePartnerKeyKind));
        service.Services.AddHostedService(services => services.GetRequiredService<BillReader>());
        PartnerEdge.Open(service);
        service.Relay(Outbound.Map).Take(Inbound.Map);
        service.Services.AddPlaces("account", "select region, project from account where account_no = $1");

        var app = service.Build();
        var partners = app.MapGroup("").WithTags("Partners");
        partners.MapPartners();
        partners.MapSavePartner();
        partners.MapPartnerKeys();
        var edge = app.MapGroup(PartnerEdge.Prefix).WithTags("Partners");
        edge.MapQueryBill();
        edge.MapReceivePayment();
        edge.MapOwnPayment();
        edge.MapReversePayment();
        edge.MapOwnDays();
        app.MapGroup("").WithTags("Payments").MapAccountBalance();
        var requests = app.MapGroup("").WithTags("Reversal requests");
        requests.MapRequestReversal();
        requests.MapReversalRequests();
        app.MapGroup("").WithTags("Refunds").MapRefundAdvance();
        app.MapGroup("").WithTags("Bank days").MapReconcileDay();
        var figures = app.MapGroup("").WithTags("Figures");
        figures.MapCashByChannel();
        figures.MapTotals();
        app.MapApprovals();
        return app;
    }
}
