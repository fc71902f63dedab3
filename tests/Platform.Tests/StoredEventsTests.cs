using FluentAssertions;

namespace Billing.Platform.Tests;

/// <summary>What was stored is asked for by records, streams and positions.</summary>
public sealed class StoredEventsTests
{
    private static readonly Type[] Kinds = [typeof(MoneyPutIn)];

    [Fact]
    public async Task Events_are_read_by_stream_and_by_kind_since_a_position()
    {
        await using var process = await Process.Start();
        var events = new StoredEvents(process.Source);
        (await events.Head(), await events.Count<MoneyPutIn>()).Should().Be((0, 0));
        foreach (var (purse, slip) in new[] { ("a", "s1"), ("b", "s2"), ("a", "s3"), ("c", "s4") })
            await process.PutIn(purse, slip, 5);

        (await events.Of(TestAccount.Stream("a")).Select(e => (e.Version, ((MoneyPutIn)e.Event).Slip)).ToListAsync())
            .Should().Equal((1, "s1"), (2, "s3"));
        (await events.Since<MoneyPutIn>(2).Select(e => (e.Stream, e.Event.Slip)).ToListAsync())
            .Should().Equal(("purse-a", "s3"), ("purse-c", "s4"));
        (await events.Since<TestAccountEvent>().CountAsync()).Should().Be(4, "a family is all of its kinds");
        (await events.Head(), await events.Count<MoneyPutIn>(), await events.Count(Kinds, 1, 3)).Should().Be((4, 4, 2));
        (await events.CountByName()).Should().Equal(
            new Dictionary<string, long> { [StoredAsAttribute.NameOf(typeof(MoneyPutIn))] = 4 });
        (await process.Ask<long>($"select count(*) from {StoredEvents.Sql(Kinds)} e where stream_id = 'purse-a'"))
            .Should().Be(2);
    }

    [Fact]
    public async Task Streams_come_whole_and_one_after_the_other()
    {
        await using var process = await Process.Start();
        var events = new StoredEvents(process.Source);
        foreach (var (purse, slip) in new[] { ("a", "s1"), ("b", "s2"), ("a", "s3"), ("b", "s4") })
            await process.PutIn(purse, slip);

        (await events.Streams(TestAccount.Type, 3).Select(e => (e.Stream, e.Version)).ToListAsync())
            .Should().Equal(("purse-a", 1), ("purse-a", 2), ("purse-b", 1));
        (await events.Moved(TestAccount.Type, 3).Select(e => (e.Stream, e.Version)).ToListAsync())
            .Should().Equal([("purse-b", 1), ("purse-b", 2)], "of a stream that moved, all is needed");
    }

    [Fact]
    public async Task Positions_are_found_by_time_and_by_what_was_published()
    {
        await using var process = await Process.Start();
        var events = new StoredEvents(process.Source);
        (await events.AreAhead(), await events.Relayed()).Should().Be((false, 0));
        await process.PutIn("a", "s1");
        await process.PutIn("a", "s2");
        await process.Run("update mt_events set timestamp = '2026-11-27 10:00Z' where seq_id = 1");
        var noon = new DateTimeOffset(2026, 11, 27, 18, 0, 0, TimeSpan.FromHours(8));

        (await events.Before(noon), await events.Before(noon.AddTicks(10))).Should().Be((0, 1));
        (await events.Before(DateTimeOffset.MaxValue)).Should().Be(long.MaxValue, "nothing was recorded since");

        (await events.AreAhead()).Should().BeTrue();
        await process.Run("insert into mt_event_progression (name, last_seq_id) values ('Relay:All', 2)");
        (await events.AreAhead(), await events.Relayed()).Should().Be((false, 2));
    }
}
