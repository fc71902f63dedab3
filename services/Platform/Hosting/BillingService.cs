using System.Reflection;
using System.Text.Json;
using Marten;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing.Platform;

/// <summary>Builds a service's host: configuration, database, bus, edges. See <c>Program.cs</c>.</summary>
public sealed class BillingService
{
    private const int ConsumersAtOnce = 2;
    private const string Readers = "readers";
    private readonly string _name;
    private readonly Assembly _assembly;
    private readonly WebApplicationBuilder _builder;
    private readonly List<Action<IBusRegistrationConfigurator>> _consumers = [];
    private readonly List<Action<IRabbitMqBusFactoryConfigurator, IBusRegistrationContext>> _endpoints = [];

    private BillingService(string name, Assembly assembly, WebApplicationBuilder builder) =>
        (_name, _assembly, _builder) = (name, assembly, builder);

    /// <summary>The service collection, for the service's own registrations.</summary>
    public IServiceCollection Services => _builder.Services;

    /// <summary>The configuration.</summary>
    public IConfiguration Configuration => _builder.Configuration;

    /// <summary>Creates the builder of a service.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="name">The service's name, such as <c>payments</c>; part of queue and metric names.</param>
    /// <param name="assembly">The service's assembly, which holds its streams and its migrations.</param>
    public static BillingService Create(string[] args, string name, Assembly assembly)
    {
        var builder = WebApplication.CreateBuilder(Hosted.Options(args));
        builder.AddSecretFiles();
        builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.UseUtcTimestamp,
            console.TimestampFormat) = (true, true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z' "));
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("MassTransit", LogLevel.Warning);
        builder.Logging.AddFilter("Marten", LogLevel.Warning);
        builder.Logging.AddFilter("JasperFx", LogLevel.Warning);
        // It would log each failure with its stack every second; Obstacles logs it instead.
        builder.Logging.AddFilter("JasperFx.Events.Daemon", level => level == LogLevel.Warning);
        // It would log every conflict as a failure, with its stack; conflicts are decided again.
        builder.Logging.AddFilter("Marten.IDocumentStore", LogLevel.None);
        // It would log every bad request as a failure, with its stack; Problems logs the real ones.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);
        // A service that is still starting is not a failure; /health/ready says so.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.AddTelemetry(name);
        builder.Services.AddChecked<BillingOptions, BillingOptionsCheck>(BillingOptions.Section, alone: false);
        builder.Services.AddSingleton(
            services => Database.Source(OptionsOf(services).Postgres, $"billing-{name}"));
        builder.Services.AddKeyedSingleton(
            Readers, (services, _) => Database.ReaderSource(OptionsOf(services).Postgres, $"billing-{name}-readers"));
        builder.Services.AddSingleton(StreamType.In(assembly));
        builder.Services.AddMarten(services => MartenStore.Options(
                services.GetRequiredService<NpgsqlDataSource>(),
                services.GetRequiredService<IReadOnlyList<StreamType>>()))
            .BuildSessionsWith<SessionsOfActors>();
        IdentifierColumns.Register();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Outage>();
        builder.Services.AddSingleton<Suspects>();
        builder.Services.AddSingleton<IGauge, MessagesAside>();
        builder.Services.AddSingleton<EventSignal>();
        builder.Services.AddSingleton<EventStore>();
        builder.Services.AddHostedService(services => services.GetRequiredService<EventStore>());
        builder.Services.ConfigureHttpJsonOptions(options => Wire.Strictly(options.SerializerOptions));
        // Without it, a request that does not bind is answered without a body outside of development.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.AddTokens();
        builder.Services.AddOpenApi(options => Describe(options, $"Billing: {name}"));
        builder.Services.AddSingleton(
            services => new Schema(
                services.GetRequiredService<NpgsqlDataSource>(), assembly,
                builder.Configuration.GetSection(PersonalDataOptions.Section)
                    .GetSection(nameof(PersonalDataOptions.MasterKeys)).Get<string[]>()));
        builder.Services.AddSingleton<SchemaAtStart>();
        builder.Services.AddSingleton(services => new SubscriptionHost(
            services.GetRequiredKeyedService<NpgsqlDataSource>(Readers),
            services.GetRequiredService<IReadOnlyList<StreamType>>(), services.GetRequiredService<EventSignal>(),
            services.GetServices<Subscription>(), services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddHostedService<Pruning>();
        builder.AddAuditTrail(name);
        builder.Services.AddSingleton<Standstill>();
        builder.Services.AddHealthChecks().AddCheck<SchemaAtStart>("schema", tags: ["ready"])
            .AddCheck<DatabaseReady>("postgres", tags: ["ready"])
            .AddCheck<Standstill>("subscriptions", tags: ["ready"]);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(15));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        return new BillingService(name, assembly, builder).Consume<OnAuditDigest>();
    }

    /// <summary>Publishes the events that the map declares public.</summary>
    public BillingService Relay(OutboundMap outbound)
    {
        Services.AddSingleton(outbound).AddSingleton<IGauge, OutboxAge>();
        return Follow<Relay>();
    }

    /// <summary>Consumes the messages that the map lists.</summary>
    public BillingService Take(InboundMap inbound)
    {
        inbound.DeclareQueues(this);
        return this;
    }

    /// <summary>Listens at an edge, too, which has an OpenAPI document of its own.</summary>
    public BillingService Open(Edge edge)
    {
        ArgumentNullException.ThrowIfNull(edge);
        Services.AddSingleton(edge);
        Services.AddOpenApi(Edge.Document, options =>
        {
            options.ShouldInclude = operation => edge.Has(operation.RelativePath);
            Describe(options, edge.Title);
        });
        Services.Configure<OpenApiOptions>(
            "v1", options => options.ShouldInclude = operation => !edge.Has(operation.RelativePath));
        _builder.WebHost.UseUrls(
        [
            .. (Configuration["urls"] ?? "http://localhost:5000").Split(';'),
            edge.Address.GetLeftPart(UriPartial.Authority),
        ]);
        return this;
    }

    /// <summary>Runs a subscription to the service's own events.</summary>
    public BillingService Follow<TSubscription>()
        where TSubscription : Subscription
    {
        Services.AddSingleton<Subscription, TSubscription>();
        // The daemon logs every page, and every failed one with its stack; Obstacles logs those instead.
        _builder.Logging.AddFilter(typeof(TSubscription).FullName, level => level == LogLevel.Warning);
        return this;
    }

    /// <summary>
    /// Consumes messages from a quorum queue of this service, named after the consumer. Instances of the service share
    /// the queue.
    /// </summary>
    /// <param name="atOnce">How many messages each instance handles concurrently.</param>
    public BillingService Consume<TConsumer>(int atOnce = ConsumersAtOnce)
        where TConsumer : class, IConsumer => Consume(typeof(TConsumer), atOnce);

    /// <summary>The same for a consumer type that is closed over its message at run time.</summary>
    /// <param name="consumer">The closed type; its first argument is the message, which names the queue.</param>
    /// <param name="atOnce">How many messages each instance handles concurrently.</param>
    public BillingService Consume(Type consumer, int atOnce = ConsumersAtOnce)
    {
        var queue = $"{_name}.{JsonNamingPolicy.KebabCaseLower.ConvertName(Inbox.NameOf(consumer))}";
        Services.AddSingleton(new ReceiveQueue(queue));
        _consumers.Add(bus => bus.AddConsumer(consumer));
        _endpoints.Add((rabbit, context) => rabbit.ReceiveEndpoint(queue, endpoint =>
        {
            // Only the queue type: everything else is set by the broker's policies, which can change (docs/adr/0032).
            endpoint.SetQuorumQueue();
            endpoint.PrefetchCount = atOnce * 2;
            endpoint.ConcurrentMessageLimit = atOnce;
            context.GetRequiredService<Outage>().Watch(endpoint);
            endpoint.UseFilter(context.GetRequiredService<Suspects>().On(queue));
            endpoint.UseMessageRetry(retry =>
            {
                retry.Ignore<NpgsqlException>(Faults.IsAway);
                retry.Ignore<DeadlyMessageException>();
                retry.Immediate(2);
            });
            context.ConfigureConsumer(consumer, endpoint);
        }));
        return this;
    }

    /// <summary>Builds the host: schema first, then subscriptions, bus and endpoints.</summary>
    public WebApplication Build()
    {
        Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(
            services => services.GetRequiredService<SchemaAtStart>()));
        Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            foreach (var consumer in _consumers)
                consumer(bus);
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(OptionsOf(context).Broker);
                foreach (var endpoint in _endpoints)
                    endpoint(rabbit, context);
            });
        });
        // Registered after the bus, so that at shutdown the relay stops before the bus does.
        Services.AddHostedService(services => services.GetRequiredService<SubscriptionHost>());
        var app = _builder.Build();
        app.UseAuditTrail();
        app.UseProblems();
        app.UseProblemPages();
        app.UseEdges();
        app.UseRouting();
        app.UseAuditedRoutes();
        app.UseAuthentication();
        app.UseEdgeCallers();
        app.UseTokens();
        app.UseAuditedActors();
        app.UseRights();
        app.UseRequestValues();
        app.UseScopes();
        app.UseIdempotencyKeys();
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new()
        {
            Predicate = check => check.Tags.Contains("ready"), ResponseWriter = SchemaAtStart.Tell,
        }).AllowAnonymous();
        app.MapOpenApi("/openapi/v1.json").AllowAnonymous();
        if (app.Services.GetService<Edge>() is { } edge)
            app.MapOpenApi($"{edge.Prefix}/{{documentName:regex(^{Edge.Document}$)}}.json").AllowAnonymous();
        app.MapGroup("").WithTags("Operations").MapLag();
        app.MapGroup("").WithTags("Audit trail").MapAuditTrail();
        return app;
    }

    private static void Describe(OpenApiOptions options, string title)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = title;
            return Task.CompletedTask;
        });
        options.NameSchemasOnce();
        options.DescribeValues();
        options.DescribeRights();
        options.DescribeRefusals();
        options.DescribeExamples();
    }

    private static BillingOptions OptionsOf(IServiceProvider services) =>
        services.GetRequiredService<IOptions<BillingOptions>>().Value;
}
