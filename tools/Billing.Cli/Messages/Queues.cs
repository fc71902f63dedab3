using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Billing.Tools;

/// <summary>
/// The broker's configuration that is needed before services start (docs/adr/0032). Queues are declared with their type
/// alone; how often a message is delivered, and where it goes after that, are policies for all queues of a service, so
/// that they can change while messages wait. The number of a queue's members is the broker's default: three, or as many
/// as there are nodes.
/// </summary>
internal sealed class Queues(Uri rabbitMq, Uri management, IEnumerable<string> services)
{
    /// <summary>The queue of messages that ended their consumers' processes, or were never acknowledged.</summary>
    public const string DeadLetters = "dead-letters";

    /// <summary>How often a message is delivered before it becomes a dead letter.</summary>
    public const int Deliveries = 20;

    private const string Limit = "delivery-limit";

    private const int DeadLetterDeliveries = 1_000_000;

    /// <summary>Policy members that make a queue drop messages.</summary>
    private static readonly string[] Dropping = ["max-length", "max-length-bytes", "message-ttl", "expires"];

    private static readonly TimeSpan TimeToMatch = TimeSpan.FromSeconds(1);

    private readonly string[] _services = [.. services.Order(StringComparer.Ordinal)];

    private Dictionary<string, JsonObject> Policies => new()
    {
        ["billing"] = new()
        {
            ["pattern"] = $@"^({string.Join('|', _services)})\.",
            ["apply-to"] = "queues",
            ["priority"] = 0,
            ["definition"] = new JsonObject
            {
                [Limit] = Deliveries,
                ["dead-letter-exchange"] = "",
                ["dead-letter-routing-key"] = DeadLetters,
                ["dead-letter-strategy"] = "at-least-once",
                ["overflow"] = "reject-publish",
            },
        },
        ["billing-dead-letters"] = new()
        {
            ["pattern"] = $"^{DeadLetters}$",
            ["apply-to"] = "queues",
            ["priority"] = 0,
            // RabbitMQ 4 would otherwise drop a message that was listed twenty times.
            ["definition"] = new JsonObject { [Limit] = DeadLetterDeliveries },
        },
    };

    /// <summary>The differences from the intended configuration.</summary>
    public async Task<IReadOnlyList<string>> Differences(CancellationToken cancellation = default)
    {
        using var page = new BrokerPage(rabbitMq, management);
        await page.Answers(cancellation);
        var found = new List<string>();
        foreach (var (name, policy) in Policies)
        {
            if (!await page.Has(name, policy, cancellation))
                found.Add($"policy {name}");
        }
        found.AddRange(await Shadows(page, cancellation));
        await using var connection = await page.Connect(cancellation);
        await using var channel = await Moving.Channel(connection, cancellation);
        found.AddRange(await new Redeclaration(page, channel, IsOurs).Wanted(cancellation));
        return found;
    }

    /// <summary>
    /// Policies that hide ours: the broker applies only the policy with the highest priority to a queue, so one with
    /// fewer members than ours, or one that lets messages be dropped, loses unacknowledged messages. The number of
    /// deliveries is left to the operator.
    /// </summary>
    private async Task<IReadOnlyList<string>> Shadows(BrokerPage page, CancellationToken cancellation)
    {
        // Those that there are, and on a new broker at least one of each service.
        List<string> queues =
        [
            .. (await page.Queues(cancellation)).Select(queue => queue.Name).Where(IsOurs), DeadLetters,
            .. _services.Select(service => $"{service}.on-any"),
        ];
        var found = new List<string>();
        foreach (var policy in (await page.Policies(cancellation))
            .Where(policy => !Policies.ContainsKey(policy.Name) && policy.Priority >= 0))
        {
            foreach (var (ours, content) in Policies)
            {
                var taken = queues.Exists(queue =>
                    Regex.IsMatch(queue, (string)content["pattern"]!) && Takes(policy.Pattern, queue));
                string[] wrong = taken
                    ? [.. Otherwise(policy, content["definition"]!.AsObject()), .. Drops(policy)] : [];
                if (wrong.Length == 0)
                    continue;
                found.Add($"policy {policy.Name} takes the place of {ours} and does not say as it does: "
                    + string.Join(", ", wrong));
                break;
            }
        }
        return [.. found, .. (await page.OperatorPolicies(cancellation))
            .Where(policy => queues.Exists(queue => Takes(policy.Pattern, queue)) && Drops(policy).Any())
            .Select(policy => $"operator policy {policy.Name} drops messages: {string.Join(", ", Drops(policy))}")];
    }

    private static IEnumerable<string> Otherwise(PolicyOnPage policy, JsonObject wanted) => wanted
        .Where(key => key.Key == Limit
            ? !policy.Definition.ContainsKey(Limit)
            : !JsonNode.DeepEquals(key.Value, policy.Definition[key.Key]))
        .Select(key => key.Key);

    /// <summary>Nothing is behind the dead letters: there a low limit of deliveries drops messages, too.</summary>
    private static IEnumerable<string> Drops(PolicyOnPage policy) => Dropping.Where(policy.Definition.ContainsKey)
        .Concat(Takes(policy.Pattern, DeadLetters) && policy.Definition[Limit] is { } limit
            && (double)limit < DeadLetterDeliveries ? [Limit] : []);

    /// <summary>Corrects the differences; returns what was done.</summary>
    public async Task<IReadOnlyList<string>> BringUpToDate(CancellationToken cancellation = default)
    {
        using var page = new BrokerPage(rabbitMq, management);
        await page.Answers(cancellation);
        if (await Shadows(page, cancellation) is { Count: > 0 } shadows)
            throw new Failure(
                $"Messages could be lost: {string.Join("; ", shadows)}. Let it say all of it, or delete it.");
        await using var connection = await page.Connect(cancellation);
        await using var channel = await Moving.Channel(connection, cancellation);
        // Before there is a policy that refers to it.
        await Redeclaration.Declare(channel, DeadLetters, cancellation);
        var done = new List<string>();
        foreach (var (name, policy) in Policies)
        {
            if (await page.Put(name, policy, cancellation))
                done.Add($"policy {name}");
        }
        var redeclaration = new Redeclaration(page, channel, IsOurs);
        var wanted = await redeclaration.Wanted(cancellation);
        await foreach (var _ in redeclaration.Steps(cancellation))
        {
        }
        return [.. done, .. wanted];
    }

    /// <summary>All queues of the services, including those of failed messages and dead letters.</summary>
    public async Task<IReadOnlyList<QueueOnPage>> Ours(CancellationToken cancellation = default)
    {
        using var page = new BrokerPage(rabbitMq, management);
        return [.. (await page.Queues(cancellation)).Where(queue => IsOurs(queue.Name) || queue.Name == DeadLetters)];
    }

    /// <summary>
    /// Deletes the messages in all of them and returns how many there were. Used only after a restore, when they may
    /// contain facts of a discarded history; facts that still exist are published again.
    /// </summary>
    public async Task<long> Empty(CancellationToken cancellation = default)
    {
        using var page = new BrokerPage(rabbitMq, management);
        await page.Answers(cancellation);
        await using var connection = await page.Connect(cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        var deleted = 0L;
        foreach (var queue in await Ours(cancellation))
            deleted += await channel.QueuePurgeAsync(queue.Name, cancellation);
        return deleted;
    }

    /// <summary>
    /// Whether the broker, whose patterns are Perl regular expressions, applies a policy to a queue; a pattern that
    /// cannot be parsed here is assumed to match.
    /// </summary>
    private static bool Takes(string pattern, string queue)
    {
        try
        {
            return Regex.IsMatch(queue, pattern, RegexOptions.None, TimeToMatch);
        }
        catch (Exception e) when (e is RegexParseException or RegexMatchTimeoutException)
        {
            return true;
        }
    }

    private bool IsOurs(string queue) =>
        _services.Any(service => queue.StartsWith(service + ".", StringComparison.Ordinal));
}
