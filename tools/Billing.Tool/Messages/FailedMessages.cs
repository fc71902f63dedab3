using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace Billing.Tools;

/// <summary>A message that a consumer gave up on.</summary>
/// <param name="Type">What it says, such as <c>PaymentsReceived</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="FailedAt">When the consumer gave up.</param>
/// <param name="Exception">The type of the fault.</param>
/// <param name="Reason">The words of the fault.</param>
internal sealed record FailedMessage(string Type, string Id, string FailedAt, string Exception, string Reason);

/// <summary>
/// Messages in error queues, looked at and sent back. Both ways a copy is confirmed by the broker before the original
/// is acknowledged: a crash in between leaves a message twice, which consumers recognise, and never loses one.
/// </summary>
internal sealed class FailedMessages(Uri rabbitMq, Uri management)
{
    private const string Suffix = "_error";
    private const string FaultHeader = "MT-Fault-";
    private const string ReasonHeader = "MT-Reason";

    /// <summary>The queues that have failed messages waiting, by the name of the queue they failed in.</summary>
    public async Task<IReadOnlyList<(string Queue, int Messages)>> Queues(CancellationToken cancellation = default)
    {
        var names = (await Names(cancellation)).Where(name => name.EndsWith(Suffix, StringComparison.Ordinal));
        await using var connection = await Connect(cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        var found = new List<(string, int)>();
        foreach (var name in names)
        {
            // The management page counts only every few seconds; the queue itself knows.
            var count = await channel.MessageCountAsync(name, cancellation);
            if (count > 0)
                found.Add((name[..^Suffix.Length], (int)count));
        }
        return found;
    }

    /// <summary>Whether messages wait for a consumer, such as one that has not come back after a restart.</summary>
    public async Task<bool> Unread(CancellationToken cancellation = default)
    {
        await using var connection = await Connect(cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        foreach (var name in await Names(cancellation))
        {
            if (!name.EndsWith(Suffix, StringComparison.Ordinal)
                && await channel.MessageCountAsync(name, cancellation) > 0)
                return true;
        }
        return false;
    }

    /// <summary>Sends the failed messages of a queue back to it, without the marks of their fault.</summary>
    public Task<IReadOnlyList<FailedMessage>> SendBack(string queue, CancellationToken cancellation = default) =>
        Move(queue + Suffix, queue, clean: true, cancellation);

    /// <summary>
    /// Shows them. Each goes once round to the end of its own queue: given back unread, a quorum queue would count the
    /// look as a failed delivery and drop the message after some of them.
    /// </summary>
    public Task<IReadOnlyList<FailedMessage>> Look(string queue, CancellationToken cancellation = default) =>
        Move(queue + Suffix, queue + Suffix, clean: false, cancellation);

    private async Task<IReadOnlyList<FailedMessage>> Move(
        string from, string to, bool clean, CancellationToken cancellation)
    {
        await using var connection = await Connect(cancellation);
        await using var channel = await connection.CreateChannelAsync(
            new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellation);
        var moved = new List<FailedMessage>();
        for (var left = await channel.MessageCountAsync(from, cancellation); left > 0; left--)
        {
            if (await channel.BasicGetAsync(from, autoAck: false, cancellation) is not { } message)
                break;
            moved.Add(Describe(message));
            var properties = new BasicProperties(message.BasicProperties);
            if (clean)
                properties.Headers = properties.Headers?.Where(header => !IsMark(header.Key)).ToDictionary();
            await channel.BasicPublishAsync("", to, mandatory: true, properties, message.Body, cancellation);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellation);
        }
        return moved;
    }

    private async Task<IReadOnlyList<string>> Names(CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = management };
        http.DefaultRequestHeaders.Authorization = new(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(management.UserInfo))));
        var host = rabbitMq.AbsolutePath.Length > 1 ? rabbitMq.AbsolutePath[1..] : "%2F";
        var answer = await http.GetStringAsync(
            new Uri($"http://{management.Authority}/api/queues/{host}?columns=name"), cancellation);
        using var queues = JsonDocument.Parse(answer);
        return [.. queues.RootElement.EnumerateArray().Select(queue => queue.GetProperty("name").GetString()!)
            .Where(name => !name.EndsWith("_skipped", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    private static bool IsMark(string header) =>
        header.StartsWith(FaultHeader, StringComparison.Ordinal) || header == ReasonHeader;

    private static FailedMessage Describe(BasicGetResult message)
    {
        string Header(string name) =>
            message.BasicProperties.Headers?.TryGetValue(name, out var value) == true
                ? value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value?.ToString() ?? ""
                : "";
        var id = message.BasicProperties.MessageId ?? "";
        var type = "";
        try
        {
            using var envelope = JsonDocument.Parse(message.Body);
            if (envelope.RootElement.TryGetProperty("messageType", out var types) && types.GetArrayLength() > 0)
                type = types[0].GetString()!.Split(':')[^1];
            if (envelope.RootElement.TryGetProperty("messageId", out var inside) && id.Length == 0)
                id = inside.GetString() ?? "";
        }
        catch (JsonException)
        {
            type = "(not an envelope)";
        }
        return new(
            type, id, Header(FaultHeader + "Timestamp"), Header(FaultHeader + "ExceptionType"),
            Header(FaultHeader + "Message"));
    }

    private Task<IConnection> Connect(CancellationToken cancellation) =>
        new ConnectionFactory { Uri = rabbitMq, ClientProvidedName = "billing-redrive" }.CreateConnectionAsync(
            cancellation);
}
