using Billing.Testing;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Billing.Platform.Tests;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task Two_instances_share_the_work_without_doing_any_of_it_twice()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        using var stop = new CancellationTokenSource();
        Collector[] instances = [new(process), new(process)];
        var running = Task.WhenAll(instances.Select(instance => instance.Run(stop.Token)));

        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => process.PutIn($"p{i}", $"s{i}")));

        await Eventually.Is(
            500L, () => process.Ask<long>("select count(distinct sequence) from seen"), "what was seen");
        await stop.CancelAsync();
        await running;
        (await process.Ask<long>("select count(*) from seen")).Should().Be(500);
        (await process.Ask<long>("select last_seq_id from mt_event_progression where name = 'Collector:All'")).Should()
            .Be(500);
    }

    [Fact]
    public async Task A_page_that_fails_is_tried_again_and_leaves_nothing_behind()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        await process.PutIn("a", "s1");
        using var stop = new CancellationTokenSource();
        var instance = new Collector(process) { FailuresLeft = 1 };
        var running = instance.Run(stop.Token);

        await Eventually.Is(1L, () => process.Ask<long>("select count(*) from seen"), "what was seen");
        await stop.CancelAsync();
        await running;
        instance.FailuresLeft.Should().Be(0);
    }

    [Fact]
    public async Task A_commit_of_another_process_wakes_the_reader()
    {
        await using var process = await Process.Start();
        await using var other = await Process.Start(AppendTests.TestConnection(process));
        await process.Run("create table seen (sequence bigint)");
        using var stop = new CancellationTokenSource();
        var running = new Collector(process).Run(stop.Token);
        await other.PutIn("warm", "up");
        await Eventually.Is(1L, () => process.Ask<long>("select count(*) from seen"), "what was seen");

        var next = process.Signal.Next;
        await other.PutIn("a", "s1");

        await next.WaitAsync(TimeSpan.FromSeconds(10));
        await stop.CancelAsync();
        await running;
    }

    private sealed class Collector(Process process)
        : Subscription(process.Source, process.Signal, "Collector", NullLogger.Instance)
    {
        public int FailuresLeft { get; set; }

        protected override async Task Handle(
            IReadOnlyList<StoredEvent> events, long from, long to, CancellationToken stopping)
        {
            await using var connection = await Source.OpenConnectionAsync(stopping);
            await using var transaction = await connection.BeginTransactionAsync(stopping);
            await using var insert = new NpgsqlCommand("insert into seen select unnest($1::bigint[])", connection)
            {
                Parameters = { new() { Value = events.Select(e => e.Sequence).ToArray() } },
            };
            await insert.ExecuteNonQueryAsync(stopping);
            await Move(connection, from, to, stopping);
            if (FailuresLeft > 0)
            {
                FailuresLeft--;
                throw new InvalidOperationException("as ordered");
            }
            await transaction.CommitAsync(stopping);
        }
    }
}
