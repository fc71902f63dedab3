using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>The books of one account, as the audit compares them.</summary>
public sealed class AccountBooksTests
{
    [Fact]
    public void A_payment_that_its_partner_took_back_and_brought_again_is_one_row_that_is_kept()
    {
        Differences(books =>
        {
            TakenBackAndBrought(books);
            books.PaymentRow(100, reversed: false);
        }).Should().BeEmpty();
        Differences(books =>
        {
            TakenBackAndBrought(books);
            books.PaymentRow(100, reversed: true);
        }).Should().Equal("received and kept in the payment rows");
    }

    [Fact]
    public void A_payment_that_is_no_row_is_found()
    {
        Differences(books =>
        {
            books.PaymentReceived("icbc-20261127-S1", 100, 100);
            books.StatementEntry(-100);
        }).Should().Equal("received and kept in the payment rows", "payments in the payment rows");
    }

    [Fact]
    public void A_movement_that_is_not_on_the_statement_is_found()
    {
        Differences(books =>
        {
            books.PaymentReceived("icbc-20261127-S1", 100, 100);
            books.PaymentRow(100, reversed: false);
        }).Should().Equal("money on the statement", "movements on the statement");
        Differences(books =>
        {
            books.PaymentReceived("icbc-20261127-S1", 150, 150);
            books.AdvanceRefunded(50);
            books.StatementEntry(-100);
            books.PaymentRow(150, reversed: false);
        }).Should().Equal(["movements on the statement"], "the sum alone does not show it");
    }

    private static void TakenBackAndBrought(AccountBooks books)
    {
        books.PaymentReceived("icbc-20261127-S1", 100, 100);
        books.PaymentReversed(100, -100);
        books.PaymentReceived("icbc-20261127-S1", 100, 100);
        foreach (var fen in new[] { -100, 100, -100 })
            books.StatementEntry(fen);
    }

    private static IEnumerable<string> Differences(Action<AccountBooks> happens)
    {
        var books = new AccountBooks("1000000001");
        happens(books);
        books.Balance(0, 100);
        books.AdvanceInCollections(100);
        return books.Compare().Select(difference => difference.What);
    }
}
