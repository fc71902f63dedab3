using Billing.Rebuilding;
using FluentAssertions;

namespace Billing.Platform.Tests;

public sealed class RebuildTests
{
    [Fact]
    public async Task Rebuilt_tables_are_the_live_ones_again_with_their_keys_and_indexes()
    {
        await using var process = await Process.Start();
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => process.PutIn($"p{i % 40}", $"s{i}", i + 1)));
        var before = await Picture(process);
        await process.Run("update purse set fen = fen + 1; delete from slip where slip like 's1%'");
        (await Picture(process)).Should().NotBe(before);

        var events = await Rebuild.Run(process.Source, TestAccount.Type);

        events.Should().Be(300);
        (await Picture(process)).Should().Be(before);
        (await process.Ask<string>("""
            select string_agg(indexrelid::regclass::text, ',' order by indexrelid::regclass::text)
            from pg_index where indrelid in ('purse'::regclass, 'slip'::regclass)
            """)).Should().Be("purse_pkey,slip_by_purse,slip_pkey");
        (await process.PutIn("other", "s1")).Rejection.Should().Be(PutIn.SlipTaken);
        (await Rebuild.Run(process.Source, TestAccount.Type)).Should().Be(300);
    }

    [Fact]
    public async Task Commands_that_arrive_during_a_rebuild_are_in_the_rebuilt_tables()
    {
        await using var process = await Process.Start();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => process.PutIn($"p{i % 20}", $"s{i}")));
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
                (await process.PutIn($"p{i % 30}", $"during{i}")).Rejection.Should().BeNull();
        });

        for (var i = 0; i < 5; i++)
            await Rebuild.Run(process.Source, TestAccount.Type);
        await stop.CancelAsync();
        await writing;

        (await process.Ask<bool>("select (select sum(fen) from purse) = (select count(*) from mt_events)")).Should()
            .BeTrue();
        (await process.Ask<bool>("select (select count(*) from slip) = (select count(*) from mt_events)")).Should()
            .BeTrue();
    }

    private static Task<string> Picture(Process process) => process.Ask<string>("""
        select (select string_agg(p::text, ';' order by purse) from purse p)
            || (select string_agg(s::text, ';' order by slip) from slip s)
        """);
}
