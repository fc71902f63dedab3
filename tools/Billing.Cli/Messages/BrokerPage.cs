using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RabbitMQ.Client;

namespace Billing.Tools;

/// <summary>A policy, as the management API returns it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pattern">The pattern of the queues it applies to.</param>
/// <param name="Priority">Of the policies that match a queue only the one with the highest priority applies.</param>
/// <param name="Definition">Its definition.</param>
internal sealed record PolicyOnPage(string Name, string Pattern, int Priority, JsonObject Definition);

/// <summary>A queue, as the management API returns it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">The arguments with which it was declared.</param>
/// <param name="Messages">Messages in it, including unacknowledged ones, some seconds ago; null while the broker has
/// not counted them since it started.</param>
internal sealed record QueueOnPage(string Name, JsonElement Arguments, int? Messages)
{
    /// <summary>Whether it is a quorum queue declared with further arguments.</summary>
    public bool SaysMoreThanItsType => Arguments.EnumerateObject().Count() > 1
        && Arguments.TryGetProperty("x-queue-type", out var type) && type.ValueEquals("quorum");
}

/// <summary>The broker's management API, for what AMQP does not provide.</summary>
internal sealed class BrokerPage(Uri rabbitMq, Uri management) : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    private readonly string _host = rabbitMq.AbsolutePath.Length > 1 ? rabbitMq.AbsolutePath[1..] : "%2F";
    private readonly HttpClient _http = new()
    {
        DefaultRequestHeaders =
        {
            Authorization = new("Basic", Convert.ToBase64String(
                Encoding.UTF8.GetBytes(Uri.UnescapeDataString(management.UserInfo)))),
        },
    };

    /// <summary>Waits for a broker that is still starting.</summary>
    public async Task Answers(CancellationToken cancellation)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await _http.GetStringAsync(At($"vhosts/{_host}"), cancellation);
                await using var connection = await Connect(cancellation);
                return;
            }
            catch (Exception e) when (e is HttpRequestException or IOException
                or RabbitMQ.Client.Exceptions.BrokerUnreachableException)
            {
                if (TimeProvider.System.GetElapsedTime(deadline) > StartTimeout)
                    throw new Failure($"RabbitMQ does not answer at {management.Authority}: {e.Message}");
                await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
            }
        }
    }

    public Task<IConnection> Connect(CancellationToken cancellation) =>
        new ConnectionFactory { Uri = rabbitMq, ClientProvidedName = "billing-tool" }.CreateConnectionAsync(
            cancellation);

    /// <summary>All queues, by name.</summary>
    public async Task<IReadOnlyList<QueueOnPage>> Queues(CancellationToken cancellation)
    {
        using var queues = JsonDocument.Parse(await _http.GetStringAsync(
            At($"queues/{_host}?columns=name,arguments,messages"), cancellation));
        return [.. queues.RootElement.EnumerateArray()
            .Select(queue => new QueueOnPage(
                queue.GetProperty("name").GetString()!, queue.GetProperty("arguments").Clone(),
                queue.TryGetProperty("messages", out var messages) ? messages.GetInt32() : null))
            .OrderBy(queue => queue.Name, StringComparer.Ordinal)];
    }

    /// <summary>The exchanges that a queue is bound to, each with the routing key.</summary>
    public async Task<IReadOnlyList<(string Exchange, string Key)>> Bindings(
        string queue, CancellationToken cancellation)
    {
        using var bindings = JsonDocument.Parse(await _http.GetStringAsync(
            At($"queues/{_host}/{Uri.EscapeDataString(queue)}/bindings"), cancellation));
        return [.. bindings.RootElement.EnumerateArray()
            .Select(binding => (
                binding.GetProperty("source").GetString()!, binding.GetProperty("routing_key").GetString()!))
            .Where(binding => binding.Item1.Length > 0)];
    }

    /// <summary>Puts a policy unless it exists already; returns whether it was put.</summary>
    public async Task<bool> Put(string policy, JsonObject content, CancellationToken cancellation)
    {
        if (await Has(policy, content, cancellation))
            return false;
        using var answer = await _http.PutAsJsonAsync(At($"policies/{_host}/{policy}"), content, cancellation);
        return answer.IsSuccessStatusCode
            ? true
            : throw new Failure($"The policy {policy} was refused: {await answer.Content.ReadAsStringAsync(
                cancellation)}");
    }

    /// <summary>All policies for queues: name, pattern, priority and definition.</summary>
    public Task<IReadOnlyList<PolicyOnPage>> Policies(CancellationToken cancellation) =>
        Policies("policies", cancellation);

    /// <summary>The operator policies, which apply in addition to the others.</summary>
    public Task<IReadOnlyList<PolicyOnPage>> OperatorPolicies(CancellationToken cancellation) =>
        Policies("operator-policies", cancellation);

    private async Task<IReadOnlyList<PolicyOnPage>> Policies(string kind, CancellationToken cancellation)
    {
        using var policies = JsonDocument.Parse(await _http.GetStringAsync(At($"{kind}/{_host}"), cancellation));
        return [.. policies.RootElement.EnumerateArray()
            .Where(policy => policy.GetProperty("apply-to").GetString() != "exchanges")
            .Select(policy => new PolicyOnPage(
                policy.GetProperty("name").GetString()!, policy.GetProperty("pattern").GetString()!,
                policy.GetProperty("priority").GetInt32(),
                JsonObject.Create(policy.GetProperty("definition").Clone())!))];
    }

    /// <summary>Whether a policy has these members; others are ignored.</summary>
    public async Task<bool> Has(string policy, JsonObject content, CancellationToken cancellation)
    {
        using var answer = await _http.GetAsync(At($"policies/{_host}/{policy}"), cancellation);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return false;
        var found = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(cancellation))!;
        return content.All(member => JsonNode.DeepEquals(member.Value, found[member.Key]));
    }

    /// <summary>Adds a user of the broker without any permission, or gives the one there is this password.</summary>
    public Task PutUser(string user, string password, CancellationToken cancellation) =>
        Put($"users/{Uri.EscapeDataString(user)}", new { password, tags = "" }, cancellation);

    /// <summary>
    /// Grants a user what the three patterns match on the virtual host; returns whether that changed anything.
    /// </summary>
    public async Task<bool> Permit(string user, Permissions permissions, CancellationToken cancellation)
    {
        var path = $"permissions/{_host}/{Uri.EscapeDataString(user)}";
        if (await Permitted(user, permissions, cancellation))
            return false;
        await Put(path, permissions, cancellation);
        return true;
    }

    /// <summary>Whether a user has exactly these permissions.</summary>
    public async Task<bool> Permitted(string user, Permissions permissions, CancellationToken cancellation)
    {
        using var answer = await _http.GetAsync(
            At($"permissions/{_host}/{Uri.EscapeDataString(user)}"), cancellation);
        return answer.StatusCode != HttpStatusCode.NotFound && permissions ==
            await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Permissions>(cancellation);
    }

    private async Task Put(string path, object body, CancellationToken cancellation)
    {
        using var answer = await _http.PutAsJsonAsync(At(path), body, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new Failure($"RabbitMQ refuses {path}: {await answer.Content.ReadAsStringAsync(cancellation)}");
    }

    public void Dispose() => _http.Dispose();

    private Uri At(string path) => new($"http://{management.Authority}/api/{path}");
}
