namespace Billing.Contracts.Api;

/// <summary>
/// The money that one partner collected on one bank day. A reversal counts on the day on which it was made, so the
/// totals of a past day do not change.
/// </summary>
/// <param name="Day">The partner's business date.</param>
/// <param name="Partner">The partner.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Received">All payments of the day, fen, including those reversed later.</param>
/// <param name="Reversed">All reversals of the day, fen, whichever day the payments had been received.</param>
/// <param name="Net">Received less reversed, fen; negative when more was reversed than received.</param>
/// <param name="Count">Payments received less payments reversed.</param>
public sealed record CashOfDay(
    DateOnly Day, PartnerCode Partner, Channel Channel, Money Received, Money Reversed, Money Net, int Count);

/// <summary>
/// The totals of all money in Payments, read in one snapshot of its database. Every <see cref="MoneyIdentity"/> holds
/// over them.
/// </summary>
/// <param name="Invoices">How many invoices are known.</param>
/// <param name="Charges">The sum of their amounts, fen.</param>
/// <param name="Credits">The sum of the credit notes, fen.</param>
/// <param name="Allocated">Money allocated to invoices, fen.</param>
/// <param name="Open">What is still owed, fen.</param>
/// <param name="Advance">Money held that is allocated to no invoice, fen.</param>
/// <param name="Payments">How many payments were received, including those reversed.</param>
/// <param name="Received">Their sum, fen.</param>
/// <param name="Reversed">The sum of the reversals, fen.</param>
/// <param name="Refunded">The sum of the refunds to customers, fen.</param>
public sealed record PaymentTotals(
    long Invoices, Money Charges, Money Credits, Money Allocated, Money Open, Money Advance,
    long Payments, Money Received, Money Reversed, Money Refunded)
{
    /// <summary>The sum for a term; every term is defined here.</summary>
    public Money Of(MoneyTerm term) => term switch
    {
        MoneyTerm.Charges => Charges,
        MoneyTerm.Credits => Credits,
        MoneyTerm.Allocated => Allocated,
        MoneyTerm.Open => Open,
        MoneyTerm.Received => Received,
        MoneyTerm.Reversed => Reversed,
        MoneyTerm.Refunded => Refunded,
        MoneyTerm.Advance => Advance,
        _ => throw new ArgumentOutOfRangeException(nameof(term)),
    };
}
