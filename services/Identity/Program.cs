using Billing.Platform;

namespace Billing.Identity;

/// <summary>
/// Who people and programs are, and what they may do: an OpenID provider with users, roles and clients.
/// </summary>
public sealed class Program
{
    private Program()
    {
    }

    public static Task<int> Main(string[] args) => Hosted.Run(Build, args);

    public static WebApplication Build(string[] args) => Build(args, TimeProvider.System);

    /// <summary>Builds the service with another clock.</summary>
    public static WebApplication Build(string[] args, TimeProvider clock)
    {
        var service = BillingService.Create(args, "identity", typeof(Program).Assembly);
        service.Services.AddChecked<IssuerOptions, IssuerOptionsCheck>(IssuerOptions.Section);
        service.Services.AddSingleton<IStartupFilter, PublicEdge>();
        // Requests and answers of tokens, and every statement of SQL, are nobody's business.
        service.Services.AddLogging(logs => logs
            .AddFilter("OpenIddict", LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning));
        service.Services.AddSingleton(clock);
        service.Services.AddStore();
        service.Services.AddThrottle();
        service.Services.AddIssuer();
        service.Services.AddRazorComponents();
        service.Services.AddSingleton<Seed>().AddHostedService(services => services.GetRequiredService<Seed>());
        service.Services.AddHostedService<TokenPruning>();
        service.Services.AddHealthChecks().AddCheck<Seeded>("seed", tags: ["ready"]);

        var app = service.Build();
        app.Use((context, next) =>
        {
            // A change is carried out and recorded, however soon somebody hangs up.
            if (!HttpMethods.IsGet(context.Request.Method))
                context.RequestAborted = CancellationToken.None;
            return next(context);
        });
        app.UseRateLimiter();
        app.UseAntiforgery();
        app.MapStyle();
        app.MapFront();
        app.MapSignIn();
        app.MapPassword();
        app.MapSecondFactor();
        app.MapAuthorize();
        app.MapLeave();
        app.MapToken();
        app.MapDevice();
        app.MapGroup("").WithTags("Users").MapUsers();
        app.MapGroup("").WithTags("Roles").MapRoles();
        app.MapGroup("").WithTags("Clients").MapClients();
        return app;
    }
}
