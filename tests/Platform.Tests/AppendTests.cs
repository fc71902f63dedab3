using Billing.Testing;
using FluentAssertions;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>What holds for every command, whichever way it is executed.</summary>
public sealed class AppendTests
{
    [Theory, InlineData(Way.Store), InlineData(Way.Marten)]
    public async Task Events_rows_and_keys_of_a_decision_are_written_together(Way way)
    {
        await using var process = await Process.Start(way);

        var first = await process.PutIn("a", "s1", 5);
        var second = await process.PutIn("a", "s2", 7);

        first.Version.Should().Be(1);
        second.State.Fen.Should().Be(12);
        (await process.Ask<string>(
            "select string_agg(version || type || (data->>'fen'), ',' order by seq_id) from mt_events"))
            .Should().Be("1money-put-in.v15,2money-put-in.v17");
        (await process.Ask<long>("select version from mt_streams where id = 'purse-a'")).Should()
            .Be(2);
        (await process.Ask<long>("select fen from purse")).Should().Be(12);
        (await process.Ask<long>("select count(*) from slip")).Should().Be(2);
    }

    [Theory, InlineData(Way.Store), InlineData(Way.Marten)]
    public async Task The_stored_event_says_who_did_it_and_what_it_is_for_marten(Way way)
    {
        await using var process = await Process.Start(way);
        Actor.Current = new("clerk:li", "10.0.0.7", "request-1");

        await process.PutIn("a", "s1");

        (await process.Ask<string>("""
            select concat_ws('|',
              headers->>'by', headers->>'from', causation_id, mt_dotnet_type, tenant_id, is_archived)
            from mt_events
            """)).Should().Be(
                "clerk:li|10.0.0.7|request-1|Billing.Platform.Tests.MoneyPutIn, Platform.Tests|*DEFAULT*|f");
    }

    [Theory, InlineData(Way.Store), InlineData(Way.Marten)]
    public async Task An_event_that_has_a_name_has_the_id_that_follows_from_it_wherever_it_is_recorded(Way way)
    {
        await using var process = await Process.Start(way);

        await process.PutIn("a", "票 1");
        await process.PutIn("a", "s2");

        (await process.Ask<bool>("""
            select count(*) = 2 and bool_and(id = event_id('slip ' || (data->>'slip'))) from mt_events
            where type <> 'tombstone'
            """)).Should().BeTrue();
        (await process.Ask<Guid>("select event_id('slip 票 1')")).Should().Be(Ids.Named("slip 票 1"));
    }

    [Theory, InlineData(Way.Store), InlineData(Way.Marten)]
    public async Task A_refused_and_a_repeated_command_write_nothing(Way way)
    {
        await using var process = await Process.Start(way);
        await process.PutIn("a", "s1");

        (await process.PutIn("a", "s1")).Changed.Should().BeFalse();
        (await process.PutIn("a", "s2", 0)).Rejection.Should().Be(PutIn.NotPositive);

        (await process.Ask<long>("select count(*) from mt_events where type <> 'tombstone'")).Should().Be(1);
    }

    [Theory, InlineData(Way.Store), InlineData(Way.Marten)]
    public async Task A_stream_that_another_process_moved_on_is_decided_on_as_it_is_now(Way way)
    {
        await using var one = await Process.Start(way);
        await using var other = await Process.Start(TestConnection(one), way);
        await one.PutIn("a", "s1", 5);
        await other.PutIn("a", "s2", 7);

        var executed = await one.PutIn("a", "s3", 1);

        executed.Version.Should().Be(3);
        executed.State.Fen.Should().Be(13);
        (await one.PutIn("a", "s2", 7)).Changed.Should().BeFalse();
        (await one.Ask<long>("select count(*) from mt_events where type <> 'tombstone'")).Should().Be(3);
    }

    [Fact]
    public async Task A_command_that_would_change_nothing_is_decided_on_the_database_and_not_on_memory()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1", 5);
        await process.Run("delete from mt_events; delete from mt_streams; delete from slip");

        var executed = await process.PutIn("a", "s1", 5);

        executed.Version.Should().Be(1);
        executed.Changed.Should().BeTrue();
    }

    [Theory, InlineData(Way.Store), InlineData(Way.Marten)]
    public async Task A_natural_key_taken_by_another_stream_is_refused_by_name_and_leaves_nothing_behind(Way way)
    {
        await using var process = await Process.Start(way);
        await process.PutIn("a", "s1");

        var executed = await process.PutIn("b", "s1");

        executed.Rejection.Should().Be(PutIn.SlipTaken);
        (await process.Ask<long>("select count(*) from mt_streams where id <> 'mt_tombstone'")).Should().Be(1);
        (await process.Ask<long>("select count(*) from purse")).Should().Be(1);
    }

    [Theory, InlineData(Way.Store), InlineData(Way.Marten)]
    public async Task Among_many_concurrent_commands_each_gets_its_own_answer(Way way)
    {
        await using var process = await Process.Start(way);
        await process.PutIn("taken", "s-0");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => process.PutIn($"p{i}", $"s-{i}", i % 50)));

        answers.Select((a, i) => (a.Rejection?.Code, i)).Where(a => a.Code is not null).Should().BeEquivalentTo(
            new[] { ("not-positive", 0), ("not-positive", 50), ("not-positive", 100), ("not-positive", 150) });
        (await process.PutIn("other", "s-7")).Rejection.Should().Be(PutIn.SlipTaken);
        (await process.Ask<long>("select count(*) from mt_events where type <> 'tombstone'")).Should().Be(197);
        (await process.Ask<long>("select count(*) from purse where fen > 0")).Should().Be(197);
    }

    [Theory, InlineData(Way.Store), InlineData(Way.Marten)]
    public async Task Two_commands_for_one_key_at_the_same_moment_have_one_winner(Way way)
    {
        await using var process = await Process.Start(way);

        for (var round = 0; round < 20; round++)
        {
            var slip = $"s{round}";
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 8).Select(i => process.PutIn($"p{round}-{i}", slip)));
            answers.Count(a => a.Changed).Should().Be(1);
            answers.Count(a => a.Rejection == PutIn.SlipTaken).Should().Be(7);
        }
        (await process.Ask<long>("select count(*) from mt_events where type <> 'tombstone'")).Should().Be(20);
    }

    [Theory, InlineData(Way.Store), InlineData(Way.Marten)]
    public async Task Processes_that_race_on_one_stream_lose_nothing_and_double_nothing(Way way)
    {
        await using var one = await Process.Start(way);
        await using var two = await Process.Start(TestConnection(one), way);

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => UntilAccepted(i % 2 == 0 ? one : two, $"s{i}")));

        (await one.Ask<long>("select fen from purse")).Should().Be(60);
        (await one.Ask<long>("select max(version) from mt_events where type <> 'tombstone'")).Should().Be(60);
        (await one.Ask<long>("select version from mt_streams where id = 'purse-a'")).Should().Be(60);
    }

    [Theory, InlineData(Way.Store), InlineData(Way.Marten)]
    public async Task Deadlocks_between_bulk_and_single_writers_do_not_happen(Way way)
    {
        await using var one = await Process.Start(way);
        string[] streams = [.. Enumerable.Range(0, 40).Select(i => $"p{i:00}")];
        await Task.WhenAll(streams.Select(p => one.PutIn(p, $"first-{p}")));

        await Task.WhenAll(
            Bulk(one, streams, "x"),
            Bulk(one, streams.Reverse(), "y"),
            Task.WhenAll(streams.Reverse().Select((p, i) => UntilAccepted(one, $"single-{i}", p))));

        (await one.Ask<decimal>("select sum(fen) from purse")).Should().Be(160);
        (await one.Ask<long>(
            "select count(*) from mt_events e join mt_streams s on s.id = e.stream_id where e.version > s.version"))
            .Should().Be(0);
    }

    [Fact]
    public async Task A_connection_cut_right_after_the_commit_does_not_put_the_money_in_twice()
    {
        await using var direct = await Process.Start();
        await using var cutter = new ConnectionCutter(TestConnection(direct));
        await using var process = await Process.Start(cutter.ConnectionString);
        await process.PutIn("a", "warm-1");
        await process.PutIn("a", "warm-2");

        for (var i = 0; i < 5; i++)
        {
            cutter.CutAfterNextAnswerContaining("money-put-in");
            var executed = await process.PutIn("a", $"s{i}");
            executed.Rejection.Should().BeNull();
        }

        cutter.Cuts.Should().BeGreaterThan(0);
        (await direct.Ask<long>("select fen from purse")).Should().Be(7);
        (await direct.Ask<long>("select count(*) from slip")).Should().Be(7);
    }

    internal static string TestConnection(Process process) =>
        new NpgsqlConnectionStringBuilder(Backend.Admin)
        {
            Database = new NpgsqlConnectionStringBuilder(process.Connection).Database,
        }.ConnectionString;

    private static async Task UntilAccepted(Process process, string slip, string purse = "a") =>
        await Eventually.Holds(
            async () => (await process.PutIn(purse, slip)).Rejection is null, "the command is accepted");

    private static Task<int> Bulk(Process process, IEnumerable<string> purses, string mark) => process.Store.Bulk(
        purses.Select(purse => TestAccount.Stream(purse).Id),
        async session =>
        {
            var states = await session.Load(TestAccount.Type);
            foreach (var purse in purses)
            {
                var stream = TestAccount.Stream(purse);
                session.Append(stream, states[stream.Id], [new MoneyPutIn($"{mark}-{purse}", 1)]);
            }
            return session.Appended;
        });
}
