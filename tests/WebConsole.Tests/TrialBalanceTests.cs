using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.WebConsole.Tests;

public sealed class TrialBalanceTests
{
    static readonly InvoicingTotals Invoicing = new(
        3, new(1_000), Net: new(900), Tax: new(100), Credits: 1, Credited: new(100), CreditedNet: new(90),
        CreditedTax: new(10), OutputTax: new(90));
    static readonly PaymentTotals Payments = new(
        3, new(1_000), new(100), new(600), new(300), new(50),
        Payments: 4, Received: new(700), Reversed: new(30), Refunded: new(20));
    static readonly CollectionTotals Collections =
        new(
            3, new(1_000), new(100), new(600), new(300), OpenInvoices: 2, Overdue: new(200), Advance: new(50),
            new(0, Money.Zero, Money.Zero));

    public static TheoryData<string> Quantities => ["charges", "credits", "allocated", "open", "advance", "received"];

    [Fact] public void Books_that_agree_are_balanced() =>
        TrialBalance.Compare(Invoicing, Payments, Collections).Balanced.Should().BeTrue();

    [Theory, MemberData(nameof(Quantities))] public void One_fen_in_one_place_is_seen(string quantity)
    {
        var payments = quantity switch
        {
            "charges" => Payments with { Charges = new(1_001) },
            "credits" => Payments with { Credits = new(99) },
            "allocated" => Payments with { Allocated = new(601) },
            "open" => Payments with { Open = new(301) },
            "advance" => Payments with { Advance = new(51) },
            _ => Payments with { Received = new(701) },
        };
        var sheet = TrialBalance.Compare(Invoicing, payments, Collections);

        sheet.Complete.Should().BeTrue();
        sheet.Balanced.Should().BeFalse();
        sheet.Off.Should().BeGreaterThan(Money.Zero);
    }

    [Fact] public void Differences_that_cancel_out_are_still_differences()
    {
        var sheet = TrialBalance.Compare(
            Invoicing, Payments with { Charges = new(1_001), Credits = new(99) }, Collections);

        sheet.Off.Should().Be(new Money(2));
    }

    [Fact] public void Without_an_answer_from_everybody_nothing_is_called_balanced()
    {
        TrialBalance.Compare(null, Payments, Collections).Balanced.Should().BeFalse();
        TrialBalance.Compare(Invoicing, null, Collections).Balanced.Should().BeFalse();
        TrialBalance.Compare(Invoicing, Payments, null).Balanced.Should().BeFalse();
        TrialBalance.Compare(null, null, null).Complete.Should().BeFalse();
    }
}
