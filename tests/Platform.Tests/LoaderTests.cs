using FluentAssertions;

namespace Billing.Platform.Tests;

/// <summary>Many who ask at once cost one round trip, and each gets what it asked for.</summary>
public sealed class LoaderTests
{
    [Fact]
    public async Task Who_asks_for_the_same_stream_at_the_same_time_shares_a_round_trip()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1", 5);
        await process.PutIn("a", "s2", 7);
        await process.PutIn("b", "s3", 9);
        var first = await process.Ask<Guid>("select id from mt_events where stream_id = 'purse-a' and version = 1");
        var loader = new Loader(process.Marten);
        var same = Enumerable.Range(0, 50).Select(_ => Ask("purse-a")).ToArray();
        var other = Ask("purse-b");
        var knowing = loader.Load(new("purse-a", 1, first, ""), default);
        using var stop = new CancellationTokenSource();

        var running = loader.Run(stop.Token);
        var answers = await Task.WhenAll(same);

        answers.Should().AllSatisfy(answer => answer.Should().BeSameAs(answers[0], "it came with one round trip"));
        (answers[0].Version, answers[0].From, answers[0].Facts.Count).Should().Be((2, 0, 2));
        ((await other).Version, (await other).Facts.Count).Should().Be((1, 1));
        ((await knowing).From, (await knowing).Facts.Single().Version).Should().Be((1, 2), "it knew the first event");
        await stop.CancelAsync();
        await running;

        Task<News> Ask(string stream) => loader.Load(new(stream, 0, default, ""), default);
    }
}
