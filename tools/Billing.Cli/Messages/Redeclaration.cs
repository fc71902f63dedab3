using System.Runtime.CompilerServices;
using RabbitMQ.Client;

namespace Billing.Tools;

/// <summary>
/// Recreates queues that were declared with more arguments than their type, without losing a message: new messages go
/// to a side queue, the existing ones are moved after them, and all are moved back. It may be interrupted after any
/// step: the next attempt continues from what it finds. No consumer may run meanwhile.
/// </summary>
internal sealed class Redeclaration(BrokerPage page, IChannel channel, Func<string, bool> isOurs)
{
    private const string Beside = "_beside";

    /// <summary>
    /// The time after which the management API's counts are current: it collects every five seconds what the queues
    /// reported in the last five.
    /// </summary>
    private static readonly TimeSpan PageIsTrue = TimeSpan.FromSeconds(12);

    private static readonly Dictionary<string, object?> TypeAlone = new() { ["x-queue-type"] = "quorum" };

    /// <summary>Declares a queue as all queues are declared.</summary>
    public static Task Declare(IChannel channel, string queue, CancellationToken cancellation) =>
        channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, TypeAlone, cancellationToken: cancellation);

    /// <summary>The queues that have to be recreated, and those whose recreation was interrupted.</summary>
    public async Task<IReadOnlyList<string>> Wanted(CancellationToken cancellation) =>
        [.. (await page.Queues(cancellation)).Where(queue => isOurs(queue.Name))
            .Where(queue => queue.SaysMoreThanItsType || IsBeside(queue.Name)).Select(queue => Origin(queue.Name))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Recreates them, and reports each step after it was done.</summary>
    public async IAsyncEnumerable<string> Steps([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var old = await Old(cancellation);
        foreach (var queue in old)
            await IsFree(queue, cancellation);
        foreach (var queue in old)
        {
            await Declare(channel, queue + Beside, cancellation);
            yield return $"{queue} has a queue beside it";
            await Bind(from: queue, to: queue + Beside, cancellation);
            yield return $"{queue} gets nothing new";
            await Empty(queue, queue + Beside, cancellation);
            yield return $"{queue} is empty";
        }
        if (old.Count > 0)
            await Task.Delay(PageIsTrue, cancellation);
        foreach (var queue in await Old(cancellation))
        {
            await IsFree(queue, cancellation);
            if ((await page.Queues(cancellation)).Single(one => one.Name == queue).Messages is > 0 and var held)
                throw new Failure($"{held} messages of {queue} are in somebody's hands. Once more, a little later.");
            await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false, cancellationToken: cancellation);
            yield return $"{queue} is gone";
        }
        foreach (var queue in await Wanted(cancellation))
        {
            await Declare(channel, queue, cancellation);
            yield return $"{queue} is there again";
            await Bind(from: queue + Beside, to: queue, cancellation);
            yield return $"{queue} gets what is new";
            await Empty(queue + Beside, queue, cancellation);
            await channel.QueueDeleteAsync(
                queue + Beside, ifUnused: false, ifEmpty: false, cancellationToken: cancellation);
            yield return $"{queue} is declared with its type alone";
        }
    }

    private async Task<IReadOnlyList<string>> Old(CancellationToken cancellation) =>
        [.. (await page.Queues(cancellation)).Where(queue => isOurs(queue.Name) && queue.SaysMoreThanItsType)
            .Select(queue => queue.Name)];

    private async Task IsFree(string queue, CancellationToken cancellation)
    {
        if (await channel.ConsumerCountAsync(queue, cancellation) > 0)
            throw new Failure(
                $"{queue} was declared by an earlier version and has to be declared anew, but somebody consumes it: " +
                "stop the services, and then again. No message is lost.");
    }

    /// <summary>
    /// Binds the second queue to all exchanges of the first, and unbinds the first; for a moment messages reach both.
    /// </summary>
    private async Task Bind(string from, string to, CancellationToken cancellation)
    {
        foreach (var (exchange, key) in await page.Bindings(from, cancellation))
        {
            await channel.QueueBindAsync(to, exchange, key, cancellationToken: cancellation);
            await channel.QueueUnbindAsync(from, exchange, key, cancellationToken: cancellation);
        }
    }

    private async Task Empty(string from, string to, CancellationToken cancellation)
    {
        while (await Moving.Move(channel, from, _ => to, clean: false, cancellation) > 0)
        {
        }
    }

    private static bool IsBeside(string queue) => queue.EndsWith(Beside, StringComparison.Ordinal);

    private static string Origin(string queue) => IsBeside(queue) ? queue[..^Beside.Length] : queue;
}
