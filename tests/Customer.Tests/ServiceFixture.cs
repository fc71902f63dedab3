using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Contracts;
using Billing.Contracts.Tariff;
using Billing.Platform;
using Billing.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Billing.Customers.Tests;

/// <summary>One running service for a class of tests; each test uses numbers of its own.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    private Running? _running;

    public Running Running => _running ?? throw new InvalidOperationException("Not started.");

    public HttpClient Http => Running.Http;

    public async Task InitializeAsync()
    {
        _running = await Running.Start(Program.Build);
        await Tell([.. Town.Plans.Select((plan, i) => Plan(plan, i + 1))]);
    }

    /// <summary>Says as Tariff would what became of plans, and waits until it is known.</summary>
    public async Task Tell(params object[] messages)
    {
        const string heard = "select count(*) from inbox where consumer like 'OnPlan%'";
        var before = await Scalar<long>(heard);
        var bus = Running.App.Services.GetRequiredService<IBus>();
        await Task.WhenAll(messages.Select(message => bus.Publish(message, message.GetType())));
        await Eventually.Is(before + messages.Length, () => Scalar<long>(heard), "the facts about plans applied");
    }

    /// <summary>The publication of a ready plan, or of one like it under another code.</summary>
    public static PlanPublished Plan(string ready, long sequence, string? code = null, int version = 1)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Backend.Root, "tools", "plans", $"{ready}.json")))!;
        (json["code"], json["version"]) = (code ?? ready, version);
        return new(
            PlanCode.Parse(code ?? ready), version, DateOnly.Parse(json["validFrom"]!.GetValue<string>()), null,
            JsonElement.Parse(json.ToJsonString()), At(sequence));
    }

    public static Origin At(long sequence) => new(
        new Guid((int)sequence, 1, 0, [1, 2, 3, 4, 5, 6, 7, 8]), sequence, sequence,
        new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(sequence));

    public async Task DisposeAsync()
    {
        if (_running is not null)
            await _running.DisposeAsync();
    }

    public async Task<T> Scalar<T>(string sql, params object[] parameters)
    {
        await using var command = Running.Source.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public static Task<T> Read<T>(HttpResponseMessage response) => response.Read<T>();

    public static async Task<string> CodeOf(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.Content.Headers.ContentType?.MediaType.Should().Be("application/problem+json", text);
        return JsonDocument.Parse(text).RootElement.GetProperty("code").GetString()!;
    }
}
