using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace Billing.Tools;

/// <summary>A message that a consumer failed to handle, or that the broker stopped delivering.</summary>
/// <param name="Type">Its message type, such as <c>PaymentsReceived</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="FailedAt">When it failed.</param>
/// <param name="Exception">The type of the exception, or the broker's name for the reason.</param>
/// <param name="Reason">The message of the exception, or the queue the message was in.</param>
internal sealed record FailedMessage(string Type, string Id, string FailedAt, string Exception, string Reason);

/// <summary>
/// Lists and returns messages in error queues, in queues of skipped messages, and dead letters, which the broker put
/// aside because they were never acknowledged, whatever their queue.
/// </summary>
internal sealed class FailedMessages(Uri rabbitMq, Uri management)
{
    private const string Error = "_error", Skipped = "_skipped";
    private const string DeadLetters = Tools.Queues.DeadLetters;
    private const string FaultHeader = "MT-Fault-", NoEnvelope = "(not an envelope)";

    /// <summary>
    /// The queues with failed messages, by the name of the queue they failed in; skipped messages and dead letters by
    /// the name of their own queue.
    /// </summary>
    public async Task<IReadOnlyList<(string Queue, int Messages)>> Queues(CancellationToken cancellation = default) =>
        [.. (await Count(IsFailed, cancellation)).Where(queue => queue.Messages > 0)
            .Select(queue => (IsSkipped(queue.Name) ? queue.Name : Origin(queue.Name), queue.Messages))];

    /// <summary>
    /// Whether messages wait for a consumer, such as one that has not reconnected after a restart, or are
    /// unacknowledged. The latter are known from the management API, some seconds late; not counted yet is not empty.
    /// </summary>
    public async Task<bool> Unread(CancellationToken cancellation = default)
    {
        if ((await Count(name => !IsFailed(name), cancellation)).Any(queue => queue.Messages > 0))
            return true;
        using var page = new BrokerPage(rabbitMq, management);
        return (await page.Queues(cancellation)).Any(queue => !IsFailed(queue.Name) && queue.Messages is not 0);
    }

    /// <summary>Returns the failed messages of a queue to it, without the headers of their fault.</summary>
    public Task<IReadOnlyList<FailedMessage>> SendBack(string queue, CancellationToken cancellation = default) =>
        queue == DeadLetters
            ? Move(queue, message => Death(message) is { } death ? Origin(death.Queue) : null, true, cancellation)
            : Move(Aside(queue), _ => Origin(queue), clean: true, cancellation);

    /// <summary>
    /// Lists them. Each is moved once to the end of its own queue: a message that is fetched and returned counts as a
    /// failed delivery, and a quorum queue would drop it after some of them.
    /// </summary>
    public Task<IReadOnlyList<FailedMessage>> Look(string queue, CancellationToken cancellation = default)
    {
        var aside = Aside(queue);
        return Move(aside, _ => aside, clean: false, cancellation);
    }

    private async Task<IReadOnlyList<FailedMessage>> Move(
        string from, Func<BasicGetResult, string?> to, bool clean, CancellationToken cancellation)
    {
        using var page = new BrokerPage(rabbitMq, management);
        await using var connection = await page.Connect(cancellation);
        await using var channel = await Moving.Channel(connection, cancellation);
        var (moved, stay) = (new List<FailedMessage>(), new List<FailedMessage>());
        await Moving.Move(channel, from, message =>
        {
            moved.Add(Describe(message));
            return to(message);
        }, clean, cancellation, homeless: _ =>
        {
            stay.Add(moved[^1]);
            moved.RemoveAt(moved.Count - 1);
        });
        return stay.Count == 0
            ? moved
            : throw new Failure(
                $"{moved.Count} sent back; {stay.Count} stay in {from}, for the queue that each came from is gone or "
                + "not known: " + string.Join(", ", stay.Select(message => $"{message.Type} {message.Id}".Trim())));
    }

    /// <summary>
    /// The queues with their numbers of messages; the management API updates them only every few seconds.
    /// </summary>
    private async Task<IReadOnlyList<(string Name, int Messages)>> Count(
        Func<string, bool> wanted, CancellationToken cancellation)
    {
        using var page = new BrokerPage(rabbitMq, management);
        var queues = await page.Queues(cancellation);
        await using var connection = await page.Connect(cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        var found = new List<(string, int)>();
        foreach (var name in queues.Select(queue => queue.Name).Where(wanted))
            found.Add((name, (int)await channel.MessageCountAsync(name, cancellation)));
        return found;
    }

    private static FailedMessage Describe(BasicGetResult message)
    {
        string Header(string name) =>
            message.BasicProperties.Headers?.TryGetValue(name, out var value) == true ? Text(value) : "";
        var id = message.BasicProperties.MessageId ?? "";
        var (type, sent) = ("", "");
        try
        {
            using var envelope = JsonDocument.Parse(message.Body);
            type = envelope.RootElement.ValueKind != JsonValueKind.Object ? NoEnvelope
                : Member(envelope, "messageType") is { ValueKind: JsonValueKind.Array } types
                    && types.GetArrayLength() > 0 ? TextOf(types[0])?.Split(':')[^1] ?? ""
                : "";
            id = id.Length > 0 ? id : TextOf(Member(envelope, "messageId")) ?? "";
            sent = TextOf(Member(envelope, "sentTime")) ?? "";
        }
        catch (JsonException)
        {
            type = NoEnvelope;
        }
        return Death(message) is { } death
            ? new(type, id, death.At, death.Reason, $"{death.Queue} delivered it and had no answer")
            : Header("MT-Reason") == "dead-letter"
            ? new(type, id, sent, "skipped", "no consumer of its queue takes this kind of message")
            : new(
                type, id, Header(FaultHeader + "Timestamp"), Header(FaultHeader + "ExceptionType"),
                Header(FaultHeader + "Message"));
    }

    private static JsonElement? Member(JsonDocument envelope, string name) =>
        envelope.RootElement.ValueKind == JsonValueKind.Object
        && envelope.RootElement.TryGetProperty(name, out var member) ? member : null;

    private static string? TextOf(JsonElement? member) =>
        member is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>What the broker recorded on a message when it put it aside.</summary>
    private static (string Queue, string Reason, string At)? Death(BasicGetResult message)
    {
        if (message.BasicProperties.Headers?.TryGetValue("x-death", out var deaths) != true
            || deaths is not IList<object?> { Count: > 0 } all || all[0] is not IDictionary<string, object?> last)
            return null;
        // The headers may have been written by another program.
        object? Said(string name) => last.TryGetValue(name, out var value) ? value : null;
        var at = Said("time") is AmqpTimestamp time ? DateTimeOffset.FromUnixTimeSeconds(time.UnixTime) : default;
        return (Text(Said("queue")), Text(Said("reason")), $"{at:u}");
    }

    private static string Text(object? value) =>
        value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value?.ToString() ?? "";

    private static bool IsFailed(string queue) =>
        queue == DeadLetters || queue.EndsWith(Error, StringComparison.Ordinal) || IsSkipped(queue);

    private static bool IsSkipped(string queue) => queue.EndsWith(Skipped, StringComparison.Ordinal);

    private static string Aside(string queue) => IsFailed(queue) ? queue : queue + Error;

    private static string Origin(string queue) =>
        queue.EndsWith(Error, StringComparison.Ordinal) ? queue[..^Error.Length]
        : IsSkipped(queue) ? queue[..^Skipped.Length]
        : queue;
}
