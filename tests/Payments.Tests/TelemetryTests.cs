using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Contracts.Customer;
using Billing.Platform;
using Billing.Testing;
using FluentAssertions;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Payments.Tests;

/// <summary>What a collector of OpenTelemetry hears from a whole service, over HTTP as the protocol has it.</summary>
public sealed class TelemetryTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task Traces_metrics_and_logs_reach_a_collector()
    {
        var heard = new ConcurrentQueue<(string Kind, byte[] Body)>();
        await using var collector = await Collector(heard);
        var service = await Running.Start(
            Program.Build, settings:
            [
                $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Urls.First()}",
                "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            ]);
        var partner = new SavePartnerRequest("工商银行", Channel.Bank, AmountRule.Any, new(23, 0));
        (await service.Http.Agree(HttpMethod.Put, "/partners/icbc", partner)).EnsureSuccessStatusCode();

        // The client is in the same process, so it is listened to as well, and tells the trace it is in.
        using (new Activity("partner").SetParentId($"00-{Trace}-b7ad6b7169203331-01").Start())
        {
            (await service.Http.PutAsJsonAsync(
                $"/partners/icbc/payments/{PaymentsService.Day()}/1",
                new { account = "1000000001", amount = new { fen = 100 } }))
                .IsSuccessStatusCode.Should().BeFalse("nobody knows the account");
        }
        await service.App.Services.GetRequiredService<IBus>().Publish(
            new AccountsChanged([Facts.Changed("1000000001")]));
        await Eventually.Holds(
            async () => (await service.Http.PutAsJsonAsync(
                $"/partners/icbc/payments/{PaymentsService.Day()}/2",
                new { account = "1000000001", amount = new { fen = 100 } }))
                .IsSuccessStatusCode,
            "the account is known and paid for");
        await service.DisposeAsync();

        Bodies("traces").Should().Contain("billing-payments").And.Contain(
            Encoding.Latin1.GetString(Convert.FromHexString(Trace)), "the partner's trace goes on in the service");
        Bodies("metrics").Should().Contain("billing.commands.refused").And.Contain("account-unknown")
            .And.Contain("billing.events.appended").And.Contain("billing.message.delay")
            .And.Contain("OnAccountsChanged").And.Contain("billing.outbox.age")
            .And.Contain("http.server.request.duration").And.Contain("db.client");
        Bodies("logs").Should().Contain("billing-payments").And.Contain("Application started");

        string Bodies(string kind) => string.Concat(
            heard.Where(request => request.Kind == kind).Select(request => Encoding.Latin1.GetString(request.Body)));
    }

    private static async Task<WebApplication> Collector(ConcurrentQueue<(string Kind, byte[] Body)> heard)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/{kind}", async (string kind, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            heard.Enqueue((kind, body.ToArray()));
            return Results.Bytes([], "application/x-protobuf");
        });
        await app.StartAsync();
        return app;
    }
}
