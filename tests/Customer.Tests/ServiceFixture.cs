using System.Text.Json;
using Billing.Platform;
using Billing.Testing;
using Npgsql;

namespace Billing.Customers.Tests;

/// <summary>One running service for a class of tests; each test uses numbers of its own.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    private Running? _running;

    public Running Running => _running ?? throw new InvalidOperationException("Not started.");

    public HttpClient Http => Running.Http;

    public async Task InitializeAsync() => _running = await Running.Start(Program.Build);

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

    public static async Task<T> Read<T>(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<T>(text, Wire.Stored)!
            : throw new InvalidOperationException($"{(int)response.StatusCode}: {text}");
    }

    public static async Task<string> CodeOf(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.Content.Headers.ContentType?.MediaType.Should().Be("application/problem+json", text);
        return JsonDocument.Parse(text).RootElement.GetProperty("code").GetString()!;
    }
}
