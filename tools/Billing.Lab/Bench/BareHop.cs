using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Billing.Tools;

/// <summary>
/// The limit of <c>lag</c>: the same hop without the services' code. A row is committed, a message published with a
/// confirmation, consumed, and another row committed, with Npgsql and RabbitMQ.Client alone.
/// </summary>
internal static class BareHop
{
    public const string Name = "the same hop bare: commit, publish, consume, commit";
    private const string Queue = "bench-bare-hop";

    /// <summary>Milliseconds of each hop, from the first commit to the second.</summary>
    public static async Task<List<double>> Run(int perSecond, int seconds, CancellationToken cancellation)
    {
        await using var here = NpgsqlDataSource.Create(Instance.OwnerPostgres("payments"));
        await using var there = NpgsqlDataSource.Create(Instance.OwnerPostgres("collections"));
        foreach (var source in new[] { here, there })
        {
            await using var create = source.CreateCommand("create table if not exists bench_hop (n bigint)");
            await create.ExecuteNonQueryAsync(cancellation);
        }
        var factory = new ConnectionFactory { Uri = Instance.RabbitMq };
        await using var broker = await factory.CreateConnectionAsync(cancellation);
        await using var channel = await broker.CreateChannelAsync(
            new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            cancellation);
        await using var receiving = await broker.CreateChannelAsync(cancellationToken: cancellation);
        await receiving.QueueDeclareAsync(
            Queue, durable: true, exclusive: false, autoDelete: false,
            arguments: new Dictionary<string, object?> { ["x-queue-type"] = "quorum" },
            cancellationToken: cancellation);
        var (begun, times) = (new ConcurrentDictionary<long, long>(), new ConcurrentBag<double>());
        var consumer = new AsyncEventingBasicConsumer(receiving);
        consumer.ReceivedAsync += async (_, message) =>
        {
            var n = BitConverter.ToInt64(message.Body.Span);
            await Insert(there, n, cancellation);
            if (begun.TryRemove(n, out var since))
                times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            await receiving.BasicAckAsync(message.DeliveryTag, multiple: false, cancellation);
        };
        await receiving.BasicConsumeAsync(Queue, autoAck: false, consumer, cancellation);

        var watch = Stopwatch.StartNew();
        var sent = new List<Task>();
        for (var i = 0; i < perSecond * seconds; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / perSecond) - watch.Elapsed;
            if (due > TimeSpan.Zero)
                await Task.Delay(due, cancellation);
            var n = Stopwatch.GetTimestamp();
            sent.Add(Task.Run(async () =>
            {
                await Insert(here, n, cancellation);
                begun[n] = Stopwatch.GetTimestamp();
                await channel.BasicPublishAsync(
                    "", Queue, mandatory: true, new BasicProperties { Persistent = true }, BitConverter.GetBytes(n),
                    cancellation);
            }, cancellation));
        }
        await Task.WhenAll(sent);
        while (!begun.IsEmpty)
            await Task.Delay(10, cancellation);
        await receiving.QueueDeleteAsync(Queue, cancellationToken: cancellation);
        foreach (var source in new[] { here, there })
        {
            await using var drop = source.CreateCommand("drop table bench_hop");
            await drop.ExecuteNonQueryAsync(cancellation);
        }
        return [.. times];
    }

    private static async Task Insert(NpgsqlDataSource source, long n, CancellationToken cancellation)
    {
        await using var insert = source.CreateCommand("insert into bench_hop values ($1)");
        insert.Parameters.Add(new() { Value = n });
        await insert.ExecuteNonQueryAsync(cancellation);
    }
}
