using System.Text.RegularExpressions;
using Billing.Contracts.Audit;

namespace Billing.Tools;

/// <summary>What a user of the broker may do, as regular expressions of names of queues and exchanges.</summary>
/// <param name="Configure">What it may declare and delete.</param>
/// <param name="Write">Where it may publish, and what it may bind to something.</param>
/// <param name="Read">What it may consume, and what it may bind something to.</param>
internal sealed record Permissions(string Configure, string Write, string Read);

/// <summary>
/// A user of the broker per service, which publishes the service's own messages, reads its own queues and binds them to
/// the messages that it consumes, and nothing else: whoever gets hold of one service cannot make up the facts of
/// another. The permissions follow from the maps of the services.
/// </summary>
internal static class BrokerUsers
{
    // Where the bus tells that a consumer failed; nothing listens there.
    private const string Faults = "MassTransit:";

    /// <summary>The permissions of a service.</summary>
    public static Permissions Of(ServiceModel service)
    {
        // Every service tells the others what its audit trail was at the end of a day.
        string[] own =
        [
            $@"{Regex.Escape(service.Name)}\.", Faults, ExchangeOf(typeof(AuditDigest)),
            .. MessagesAmongItself(service),
        ];
        string[] published = [.. service.Outbound?.Published.Select(ExchangeOf) ?? []];
        string[] consumed = [.. service.Inbound?.Consumed.Select(ExchangeOf) ?? []];
        return new(
            Any([.. own, .. published, .. consumed]), Any([.. own, .. published]), Any([.. own, .. consumed]));
    }

    /// <summary>The users that differ from what they should be.</summary>
    public static async Task<IReadOnlyList<string>> Differences(CancellationToken cancellation)
    {
        using var page = new BrokerPage(Instance.RabbitMq, Instance.RabbitMqManagement);
        var found = new List<string>();
        foreach (var (service, user, _) in Named())
        {
            if (!await page.Permitted(user, Of(service), cancellation))
                found.Add($"user {user}");
        }
        return found;
    }

    /// <summary>Makes the users that the services' addresses name; returns those that changed.</summary>
    public static async Task<IReadOnlyList<string>> BringUpToDate(CancellationToken cancellation)
    {
        using var page = new BrokerPage(Instance.RabbitMq, Instance.RabbitMqManagement);
        var done = new List<string>();
        foreach (var (service, user, password) in Named())
        {
            await page.PutUser(user, password, cancellation);
            if (await page.Permit(user, Of(service), cancellation))
                done.Add($"user {user}");
        }
        return done;
    }

    /// <summary>Services whose address names another user than the administrator.</summary>
    private static IEnumerable<(ServiceModel Service, string User, string Password)> Named() =>
        from service in ServiceModel.All
        let address = Instance.RabbitMqOf(service.Name)
        where address is not null && address.UserInfo != Instance.RabbitMq.UserInfo
        let user = address.UserInfo.Split(':', 2)
        where user.Length == 2
        select (service, Uri.UnescapeDataString(user[0]), Uri.UnescapeDataString(user[1]));

    /// <summary>What instances of the service tell each other is of the service's own namespaces.</summary>
    private static IEnumerable<string> MessagesAmongItself(ServiceModel service) =>
        (service.Assembly?.GetTypes() ?? []).Select(type => type.Namespace).OfType<string>()
            .Where(name => name.StartsWith("Billing.", StringComparison.Ordinal)).Distinct()
            .Select(name => $"{Regex.Escape(name)}:");

    /// <summary>The exchange of a message type, as the bus names it.</summary>
    private static string ExchangeOf(Type message) => $"{Regex.Escape($"{message.Namespace}:{message.Name}")}$";

    private static string Any(string[] patterns) => $"^({string.Join('|', patterns)})";
}
