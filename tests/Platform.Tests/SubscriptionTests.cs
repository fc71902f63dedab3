using Billing.Testing;
using FluentAssertions;
using Marten;

namespace Billing.Platform.Tests;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task Two_instances_share_the_work_without_doing_any_of_it_twice()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        SubscriptionHost[] instances = [await process.Follow(new Collector()), await process.Follow(new Collector())];

        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => process.PutIn($"p{i}", $"s{i}")));

        await Eventually.Is(
            500L, () => process.Ask<long>("select count(distinct sequence) from seen"), "what was seen");
        await Task.WhenAll(instances.Select(instance => instance.StopAsync(default)));
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
        var collector = new Collector { FailuresLeft = 1 };
        using var instance = await process.Follow(collector);

        await Eventually.Is(1L, () => process.Ask<long>("select count(*) from seen"), "what was seen");
        await instance.StopAsync(default);
        collector.FailuresLeft.Should().BeNegative();
    }

    [Fact]
    public async Task A_commit_of_another_process_wakes_the_reader()
    {
        await using var process = await Process.Start();
        await using var other = await Process.Start(AppendTests.TestConnection(process));
        await process.Run("create table seen (sequence bigint)");
        using var instance = await process.Follow(new Collector());
        await other.PutIn("warm", "up");
        await Eventually.Is(1L, () => process.Ask<long>("select count(*) from seen"), "what was seen");

        var next = process.Signal.Next;
        await other.PutIn("a", "s1");

        await next.WaitAsync(TimeSpan.FromSeconds(10));
        await instance.StopAsync(default);
    }

    private sealed class Collector() : Subscription("Collector")
    {
        public int FailuresLeft { get; set; }

        protected override Task Handle(
            IReadOnlyList<StoredEvent> events, IDocumentOperations page, CancellationToken stopping)
        {
            page.QueueSqlCommand(
                "insert into seen select unnest(?::bigint[])", events.Select(e => e.Sequence).ToArray());
            return FailuresLeft-- > 0 ? throw new InvalidOperationException("as ordered") : Task.CompletedTask;
        }
    }
}
