using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Billing.Testing;
using RabbitMQ.Client;
using Xunit.Abstractions;

namespace Billing.Fuzz.Tests;

/// <summary>
/// Whatever anybody sends: never a fault of ours (5xx), always a described refusal with a code, a name for the field
/// that could not be read, and no word about how we are made. What to send follows from each service's own OpenAPI
/// document, so that a new operation is attacked without anybody adding it here.
/// </summary>
[Collection(nameof(Company))]
public sealed class FuzzTests(Company company, ITestOutputHelper output)
{
    private const int AtOnce = 8;
    private const int Told = 60;

    public static TheoryData<string> Services => [.. Company.Services];

    [Theory, MemberData(nameof(Services))]
    public async Task Nothing_that_is_sent_makes_a_service_fault(string service)
    {
        var running = company[service];
        using var http = new HttpClient(new DeclaredRefusals(running.Http.BaseAddress!, null, new SignedIn(
            new SocketsHttpHandler
            {
                RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
                PooledConnectionLifetime = TimeSpan.FromSeconds(5),
            })));
        var document = await running.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var samples = new Samples(document, Company.Today);
        var operations = Operation.Of(document);
        operations.Should().NotBeEmpty();
        var (findings, statuses) = (new ConcurrentQueue<string>(), new ConcurrentDictionary<HttpStatusCode, int>());

        await Parallel.ForEachAsync(
            operations.SelectMany(operation => Attack.On(operation, samples)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (attack, cancellation) =>
            {
                using var request = attack.ToRequest(running.Http.BaseAddress!);
                try
                {
                    using var answer = await http.SendAsync(request, cancellation);
                    statuses.AddOrUpdate(answer.StatusCode, 1, (_, count) => count + 1);
                    // A good request may come too late or ask for too much, but it is of the form that is described.
                    if (attack.What.EndsWith(": nothing", StringComparison.Ordinal) && (int)answer.StatusCode == 400)
                        findings.Enqueue($"{attack.What} → is not as OpenAPI describes it: "
                            + await answer.Content.ReadAsStringAsync(cancellation));
                    if (await Finding.In(answer) is { } finding)
                        findings.Enqueue($"{attack.What} → {finding}");
                }
                catch (InvalidOperationException undeclared)
                {
                    findings.Enqueue($"{attack.What} → {undeclared.Message}");
                }
            });

        output.WriteLine($"{service}: {operations.Count} operations, {string.Join(", ", statuses.OrderBy(s => s.Key)
            .Select(status => $"{status.Value} × {(int)status.Key}"))}");
        findings.Take(Told).Should().BeEmpty($"there are {findings.Count} findings");
        statuses.Keys.Should().Contain(HttpStatusCode.OK, "good requests among them still succeed");
    }

    [Theory]
    [InlineData("Customer"), InlineData("Tariff"), InlineData("Invoicing"), InlineData("Payments")]
    [InlineData("Collections"), InlineData("Identity")]
    public async Task An_address_that_leads_nowhere_and_a_wrong_method_are_described_refusals(string service)
    {
        var http = company[service].Http;
        foreach (var (method, address) in new[]
        {
            (HttpMethod.Get, "/nowhere"), (HttpMethod.Post, "/nowhere/at/all"), (HttpMethod.Delete, "/lag"),
            (HttpMethod.Put, "/"), (HttpMethod.Get, "/..%2f..%2fetc"), (HttpMethod.Options, "/lag"),
        })
        {
            using var request = new HttpRequestMessage(method, address);
            using var answer = await http.SendAsync(request);
            ((int)answer.StatusCode).Should().BeInRange(400, 499, $"{method} {address}");
            (await Finding.In(answer)).Should().BeNull($"{method} {address}");
        }
    }

    [Fact]
    public async Task Nothing_that_was_accepted_is_poison_for_the_queues_behind()
    {
        var factory = new ConnectionFactory { Uri = company.Broker };
        await using var connection = await factory.CreateConnectionAsync();
        foreach (var queue in await Queues(company.Broker))
        {
            await using var channel = await connection.CreateChannelAsync();
            (await channel.MessageCountAsync(queue)).Should().Be(
                0, $"{queue} holds messages that could not be applied");
        }
    }

    private static async Task<IReadOnlyList<string>> Queues(Uri broker)
    {
        using var http = new HttpClient();
        var user = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(Backend.Management.UserInfo));
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(user));
        var queues = await http.GetFromJsonAsync<JsonElement>(
            new Uri($"http://{Backend.Management.Authority}/api/queues{broker.AbsolutePath}"));
        return [.. queues.EnumerateArray().Select(queue => queue.GetProperty("name").GetString()!)
            .Where(name => name.EndsWith("_error", StringComparison.Ordinal)
                || name.EndsWith("_skipped", StringComparison.Ordinal))];
    }
}
