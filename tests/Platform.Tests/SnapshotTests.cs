using Billing.Testing;
using FluentAssertions;

namespace Billing.Platform.Tests;

/// <summary>Long streams are not folded from the beginning, and nothing is believed that was not looked up.</summary>
public sealed class SnapshotTests
{
    private const int Long = 700;

    [Fact]
    public async Task A_process_that_does_not_know_a_long_stream_begins_at_its_snapshot()
    {
        await using var process = await LongTestAccount();
        await process.Run("""update stream_snapshot set state = jsonb_set(state, '{fen}', '1000000')""");
        var at = await process.Ask<long>("select version from stream_snapshot");
        await using var other = await Process.Start(AppendTests.TestConnection(process));

        var (state, version) = await other.Store.Load(TestAccount.Stream("a"));

        (state.Fen, version).Should().Be((1_000_000 + Long - at, Long), "it was folded from the snapshot on");
        (await other.PutIn("a", "s3")).Changed.Should().BeFalse("what is before the snapshot is known, too");
    }

    [Fact]
    public async Task A_snapshot_of_other_code_is_not_read_and_soon_replaced()
    {
        await using var process = await LongTestAccount();
        await process.Run("""
            update stream_snapshot set fold = 'an earlier version', state = '{"fen": 1, "slips": []}'
            """);
        await using var other = await Process.Start(AppendTests.TestConnection(process));

        var (state, version) = await other.Store.Load(TestAccount.Stream("a"));

        (state.Fen, version).Should().Be((Long, Long));
        await Eventually.Is(
            0L, () => process.Ask<long>("select count(*) from stream_snapshot where fold = 'an earlier version'"),
            "old snapshots");
    }

    [Fact]
    public async Task A_snapshot_of_a_history_that_was_replaced_is_not_read()
    {
        await using var process = await LongTestAccount();
        await process.Run("""
            update mt_events e set id = gen_random_uuid() from stream_snapshot s where e.version = s.version;
            update stream_snapshot set state = jsonb_set(state, '{fen}', '1000000')
            """);
        await using var other = await Process.Start(AppendTests.TestConnection(process));

        (await other.Store.Load(TestAccount.Stream("a"))).State.Fen.Should().Be(Long);
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_read_is_left_aside()
    {
        await using var process = await LongTestAccount();
        await process.Run("""update stream_snapshot set state = '{"fen": "much"}'""");
        await using var other = await Process.Start(AppendTests.TestConnection(process));

        (await other.Store.Load(TestAccount.Stream("a"))).State.Fen.Should().Be(Long);
        var bulk = await other.Store.Bulk(["purse-a"], async session => await session.Load(TestAccount.Type));
        bulk["purse-a"].Fen.Should().Be(Long);
    }

    [Fact]
    public async Task A_command_that_changes_nothing_loads_nothing_while_the_stream_has_not_moved()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1", 5);
        await process.PutIn("a", "s2", 7);
        await process.Run("delete from mt_events where version = 1");

        (await process.PutIn("a", "s1", 5)).Changed.Should().BeFalse();
        (await process.PutIn("a", "s1", 5)).State.Fen.Should().Be(12);
    }

    [Fact]
    public async Task Of_a_stream_that_moved_only_what_is_new_is_loaded()
    {
        await using var one = await Process.Start();
        await using var other = await Process.Start(AppendTests.TestConnection(one));
        await one.PutIn("a", "s1", 5);
        await one.PutIn("a", "s2", 7);
        await other.PutIn("a", "s3", 9);
        await one.Run("delete from mt_events where version = 1");

        var seen = await one.PutIn("a", "s3", 9);

        (seen.Changed, seen.State.Fen, seen.Version).Should().Be((false, 21, 3));
    }

    [Fact]
    public async Task A_database_that_was_set_back_is_read_from_the_beginning()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1", 5);
        await process.PutIn("a", "s2", 7);
        await process.Run("delete from mt_events where version = 2; update mt_streams set version = 1");

        var seen = await process.PutIn("a", "s1", 5);

        (seen.Changed, seen.State.Fen, seen.Version).Should().Be((false, 5, 1));
    }

    [Fact]
    public async Task A_history_that_was_replaced_by_another_of_the_same_length_is_noticed()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1", 5);
        await using var other = await Process.Start(AppendTests.TestConnection(process));
        await process.Run("truncate mt_streams, slip, purse cascade");
        await other.PutIn("a", "s2", 7);

        (await process.Store.Load(TestAccount.Stream("a"))).State.Fen.Should().Be(7);
        (await process.PutIn("a", "s2", 7)).State.Fen.Should().Be(7);
        (await process.PutIn("a", "s1", 0)).Rejection.Should().Be(PutIn.NotPositive);
    }

    [Fact]
    public async Task What_is_wrong_whatever_the_state_is_refused_without_the_database()
    {
        await using var process = await Process.Start();
        await process.Run("drop table mt_events cascade; drop table mt_streams cascade");

        (await process.PutIn("a", "s1", 0)).Rejection.Should().Be(PutIn.NotPositive);
    }

    [Fact]
    public void Who_sees_a_stream_in_another_way_does_not_read_its_snapshots() =>
        Snapshots.FoldOf<TestAccount>().Should().NotBe(
            Snapshots.FoldOf<MoneyPutIn>(), "one module may hold several states")
            .And.Be(Snapshots.FoldOf<TestAccount>());

    private static async Task<Process> LongTestAccount()
    {
        var process = await Process.Start();
        for (var i = 0; i < Long; i++)
            (await process.PutIn("a", $"s{i}")).Changed.Should().BeTrue();
        await Eventually.Holds(
            async () => await process.Ask<long>("select count(*) from stream_snapshot") == 1, "there is a snapshot");
        return process;
    }
}
