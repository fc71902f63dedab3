using FluentAssertions;

namespace Billing.Platform.Tests;

/// <summary>What messages are called: the same for the same events, and anew after a restore.</summary>
public sealed class PublicationTests
{
    private static readonly OutboundMap Outbound = new OutboundMap().Pack<MoneyPutIn, PutInFact, PutInFacts>(
        (e, origin) => new(e.Slip, e.Fen, origin), items => new(items));

    private static readonly Guid One = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Two = Guid.Parse("00000000-0000-0000-0000-000000000002");

    [Fact]
    public void A_fact_that_was_recorded_again_after_a_restore_comes_in_another_message()
    {
        var restored = new Epochs([(1, 100)]);

        IdOf(Epochs.None, (7, One)).Should().Be(One, "it is named by its event");
        IdOf(restored, (7, One)).Should().Be(One, "it was recorded before");
        var again = IdOf(restored, (101, One));
        again.Should().NotBe(One, "an inbox may know it, of a row that was taken away");
        again.Should().Be(IdOf(restored, (101, One)), "published again it is recognised");
        again.Should().NotBe(IdOf(new Epochs([(1, 50), (2, 100)]), (101, One)));

        IdOf(restored, (7, One), (8, Two)).Should().Be(IdOf(Epochs.None, (7, One), (8, Two)));
        IdOf(restored, (101, One), (102, Two)).Should().NotBe(IdOf(Epochs.None, (7, One), (8, Two)));
    }

    private static Guid IdOf(Epochs epochs, params (long Sequence, Guid Id)[] events) => Outbound.Messages(
        events.Select(e => new StoredEvent(
            e.Sequence, e.Id, "purse-p", 1, "money-put-in.v1", new MoneyPutIn("s", 1), default, null)),
        epochs).Single().Id;
}
