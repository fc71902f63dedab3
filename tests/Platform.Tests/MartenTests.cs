using FluentAssertions;
using Marten;

namespace Billing.Platform.Tests;

/// <summary>Marten's own tools see what we see.</summary>
public sealed class MartenTests
{
    [Fact]
    public async Task Its_aggregates_are_our_states_at_every_version()
    {
        await using var process = await Process.Start();
        for (var i = 1; i <= 5; i++)
            await process.PutIn("a", $"s{i}", i);
        var (state, version) = await process.Store.Load(TestAccount.Stream("a"));

        await using var session = process.Sessions.OpenSession();
        foreach (var seen in new[]
        {
            await session.Events.AggregateStreamAsync<Aggregate<TestAccount>>("purse-a"),
            await session.Events.FetchLatest<Aggregate<TestAccount>>("purse-a"),
            (await session.Events.FetchForWriting<Aggregate<TestAccount>>("purse-a")).Aggregate,
        })
            (seen!.Id, seen.Version, seen.State.Fen, seen.State.Slips.Count).Should().Be(
                ("purse-a", version, state.Fen, state.Slips.Count));
        var earlier = await session.Events.AggregateStreamAsync<Aggregate<TestAccount>>("purse-a", version: 3);
        (earlier!.Version, earlier.State.Fen).Should().Be((3, 6));
        (await session.Events.AggregateStreamAsync<Aggregate<TestAccount>>("purse-nobody")).Should().BeNull();
    }

    [Fact]
    public async Task It_reads_what_we_wrote_with_all_that_is_known_of_it()
    {
        await using var process = await Process.Start();
        Actor.Current = new("clerk:li", "10.0.0.7", "request-1");
        await process.PutIn("a", "s1", 5);

        await using var session = process.Marten.QuerySession();
        var e = (await session.Events.FetchStreamAsync("purse-a")).Single();
        (e.Data, e.Version, e.EventTypeName, e.CausationId, e.Headers!["by"].ToString(), e.Headers["from"].ToString())
            .Should().Be((new MoneyPutIn("s1", 5), 1, "money-put-in.v1", "request-1", "clerk:li", "10.0.0.7"));
        (e.Timestamp - TimeProvider.System.GetUtcNow()).Duration().Should().BeLessThan(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Both_ways_write_the_same_event_byte_by_byte()
    {
        await using var process = await Process.Start();
        await using var other = await Process.Start(AppendTests.TestConnection(process), Way.Marten);
        Actor.Current = new("clerk:li", "10.0.0.7", "request-1");
        await process.PutIn("ours", "s\"1\"é", 5);
        await other.PutIn("martens", "s\"2\"é", 5);

        (await process.Ask<long>("""
            select count(distinct (type, mt_dotnet_type, replace(data::text, '2', '1'), headers, causation_id,
              tenant_id, is_archived, version)) from mt_events
            """)).Should().Be(1);
        (await process.Ask<long>("""
            select count(*) from mt_events where abs(extract(epoch from timestamp - now())) < 60
            """)).Should().Be(2, "nobody relies on a default of the column");
    }

    [Fact]
    public async Task A_bulk_append_from_a_query_says_when_it_was()
    {
        await using var process = await Process.Start();
        await process.Run("alter table mt_events alter column timestamp set default '2001-01-01'");
        await process.Store.Bulk([], session => session.AppendFrom(
            """
            select 'purse-q'::varchar as stream_id, 'purse'::varchar as category, event_id('slip q') as id,
              '{"slip":"q","fen":1}'::jsonb as data
            """,
            typeof(MoneyPutIn), []));

        (await process.Ask<bool>("select timestamp > now() - interval '1 minute' from mt_events")).Should().BeTrue();
    }

    [Fact]
    public async Task An_append_that_does_not_know_its_version_is_refused_before_it_writes_wrong_rows()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1", 5);
        await using var session = process.Sessions.OpenSession();
        session.Events.Append("purse-a", new MoneyPutIn("s2", 1));

        var blind = () => session.SaveChangesAsync();

        (await blind.Should().ThrowAsync<InvalidOperationException>()).WithMessage("purse-a*FetchForWriting*");
        (await process.Ask<long>("select fen from purse")).Should().Be(5);
        (await process.Ask<long>("select count(*) from mt_events where type <> 'tombstone'")).Should().Be(1);
    }

    [Fact]
    public async Task A_row_for_a_table_that_the_streams_do_not_name_is_refused()
    {
        await using var process = await Process.Start();
        var elsewhere = new Table<int>("elsewhere").Key("n", n => n);
        var type = new StreamType<TestAccount, TestAccountEvent>(
            "purse", TestAccount.Type.Fold([]), (_, e) => TestAccount.Type.Fold([e]),
            (rows, _, _, after) => rows.Upsert(elsewhere, after.Slips.Count), TestAccount.Balances);

        var execute = () => process.Store.Execute(type.Named("a"), new PutIn("s", 1));

        await execute.Should().ThrowAsync<InvalidOperationException>().WithMessage("*elsewhere*");
        (await process.Ask<long>("select count(*) from mt_events where type <> 'tombstone'")).Should().Be(0);
    }
}
