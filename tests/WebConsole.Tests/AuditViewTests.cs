using Billing.Contracts;
using Billing.Contracts.Api;
using FsCheck;
using FsCheck.Fluent;

namespace Billing.WebConsole.Tests;

/// <summary>Several trails in one list, page by page: nothing is lost and nothing is shown twice.</summary>
public sealed class AuditViewTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 4, 0, 0, TimeSpan.Zero);

    /// <summary>Of each service, when its entries happened, in seconds and in the order of recording.</summary>
    private static readonly Gen<int[][]> Trails =
        from services in Gen.Choose(1, 6)
        from trails in Gen.Choose(0, 20).ArrayOf().ArrayOf(services)
        select trails;

    [Fact] public void Page_after_page_shows_every_entry_once() => Prop.ForAll(Trails.ToArbitrary(), trails =>
    {
        var all = trails.Select((seconds, peer) => seconds.Select((second, i) => Entry(i + 1, second))
            .Reverse().ToList()).ToList();
        var (shown, after, pages) = (new List<AuditRow>(), (string?)null, 0);
        do
        {
            var ends = AuditView.Read(after);
            var view = AuditView.Of(
                [.. all.Select((trail, peer) => ((Peer)peer, Asked(trail, ends, (Peer)peer)))], ends, 4);
            shown.AddRange(view.Rows);
            after = view.Next;
            pages++.Should().BeLessThan(200, "each page goes on");
        }
        while (after is not null);

        shown.Should().OnlyHaveUniqueItems().And.HaveCount(all.Sum(trail => trail.Count));
    }).QuickCheckThrowOnFailure();

    [Fact] public void The_newest_of_all_services_come_first()
    {
        var view = AuditView.Of(
            [
                (Peer.Customer, new([Entry(9, 30), Entry(8, 10)], Next: 8)),
                (Peer.Identity, new([Entry(5, 20), Entry(4, 5)], Next: null)),
            ],
            new Dictionary<Peer, long>(), 3);

        view.Rows.Select(row => (row.Peer, row.Entry.Id)).Should()
            .Equal((Peer.Customer, 9), (Peer.Identity, 5), (Peer.Customer, 8));
        view.Next.Should().Be("Customer-8.Identity-5");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Nobody-5")]
    [InlineData("Customer--5")]
    [InlineData("0-5")]
    [InlineData("Customer-99999999999999999999")]
    public void An_end_that_is_none_is_left_out(string? text) => AuditView.Read(text).Should().BeEmpty();

    private static AuditEntryPage Asked(List<AuditTrailEntry> trail, IReadOnlyDictionary<Peer, long> ends, Peer peer)
    {
        const int most = 4;
        var older = trail.Where(entry => entry.Id < ends.GetValueOrDefault(peer, long.MaxValue)).ToList();
        return new([.. older.Take(most)], older.Count > most ? older[most - 1].Id : null);
    }

    private static AuditTrailEntry Entry(long id, int second) => new(
        id, Noon.AddSeconds(second), AuditKind.Command, "user:li", null, "127.0.0.1", null, "OpenAccount", null, null,
        "done", null);
}
