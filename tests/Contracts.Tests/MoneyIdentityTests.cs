using FluentAssertions;
using Xunit;

namespace Billing.Contracts.Tests;

/// <summary>The equations that all books are held to.</summary>
public sealed class MoneyIdentityTests
{
    /// <summary>
    /// An account was billed 100 and 50 yuan, 20 were credited; it paid 90, of which 10 were taken back, got 5 returned
    /// and has 7 as advance.
    /// </summary>
    private static readonly Dictionary<MoneyTerm, Money> Books = new()
    {
        [MoneyTerm.Charges] = new(150_00), [MoneyTerm.Credits] = new(20_00), [MoneyTerm.Allocated] = new(68_00),
        [MoneyTerm.Open] = new(62_00), [MoneyTerm.Received] = new(90_00), [MoneyTerm.Reversed] = new(10_00),
        [MoneyTerm.Refunded] = new(5_00), [MoneyTerm.Advance] = new(7_00),
    };

    [Fact]
    public void They_are_told_in_the_words_of_the_field() => MoneyIdentity.All.Select(identity => identity.ToString())
        .Should().Equal(
            "charges − credits − allocated = open", "received − reversed − refunded = allocated + advance");

    [Fact]
    public void Books_in_order_hold_them()
    {
        foreach (var identity in MoneyIdentity.All)
            identity.Difference(term => Books[term]).Should().Be(Money.Zero, $"{identity}");
        (MoneyIdentity.Owed.Left(Of), MoneyIdentity.Owed.Right(Of)).Should().Be((new Money(62_00), new Money(62_00)));
        (MoneyIdentity.Held.Left(Of), MoneyIdentity.Held.Right(Of)).Should().Be((new Money(75_00), new Money(75_00)));

        static Money Of(MoneyTerm term) => Books[term];
    }

    [Theory]
    [InlineData(MoneyTerm.Charges, 1, 0)]
    [InlineData(MoneyTerm.Credits, -1, 0)]
    [InlineData(MoneyTerm.Allocated, -1, -1)]
    [InlineData(MoneyTerm.Open, -1, 0)]
    [InlineData(MoneyTerm.Received, 0, 1)]
    [InlineData(MoneyTerm.Reversed, 0, -1)]
    [InlineData(MoneyTerm.Refunded, 0, -1)]
    [InlineData(MoneyTerm.Advance, 0, -1)]
    public void A_fen_too_many_in_one_term_breaks_those_that_have_it(MoneyTerm wrong, long owed, long held)
    {
        Money Of(MoneyTerm term) => Books[term] + new Money(term == wrong ? 1 : 0);

        MoneyIdentity.All.Select(identity => identity.Difference(Of).Fen).Should().Equal(owed, held);
    }

    [Fact]
    public void Every_term_is_in_one() => Enum.GetValues<MoneyTerm>().Should().OnlyContain(
        term => MoneyIdentity.All.Any(identity => !identity.Difference(one => new(one == term ? 1 : 0)).IsZero));
}
