using FluentAssertions;
using Microsoft.Extensions.Time.Testing;

namespace Billing.Platform.Tests;

public sealed class OutageRestTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void An_outage_that_comes_back_at_once_rests_twice_as_long_each_time_and_half_an_hour_at_most()
    {
        var rest = new OutageRest(_clock);
        Enumerable.Range(0, 13).Select(_ => Outage(rest, TimeSpan.FromSeconds(20))).Should().Equal(
            Seconds(1), Seconds(2), Seconds(4), Seconds(8), Seconds(16), Seconds(32), Seconds(64), Seconds(128),
            Seconds(256), Seconds(512), Seconds(1024), OutageRest.Longest, OutageRest.Longest);
    }

    [Theory, InlineData(300, 4), InlineData(301, 1)]
    public void After_five_minutes_without_one_it_begins_anew(int calm, int rests)
    {
        var rest = new OutageRest(_clock);
        Outage(rest, TimeSpan.Zero);
        Outage(rest, Seconds(calm));
        Outage(rest, Seconds(calm)).Should().Be(Seconds(rests));
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private TimeSpan Outage(OutageRest rest, TimeSpan calmAfterwards)
    {
        var next = rest.Next();
        _clock.Advance(next);
        rest.End();
        _clock.Advance(calmAfterwards);
        return next;
    }
}
