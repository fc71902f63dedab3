namespace Billing.Contracts.Api;

/// <summary>
/// The money of one bank day that one partner brought. What went back counts on the day on which it went back, so a day
/// that is over does not change any more.
/// </summary>
/// <param name="Day">The partner's business date.</param>
/// <param name="Partner">The partner.</param>
/// <param name="Channel">How it came.</param>
/// <param name="Received">All that came on the day, fen, also what went back later.</param>
/// <param name="Reversed">What went back on the day, fen, whenever it had come.</param>
/// <param name="Net">Received less reversed, fen; negative when more went back than came.</param>
/// <param name="Count">Payments received less payments reversed.</param>
public sealed record CashOfDay(
    DateOnly Day, PartnerCode Partner, Channel Channel, Money Received, Money Reversed, Money Net, int Count);

/// <summary>
/// All money of Payments, from one state of its database. Whatever happened, every <see cref="MoneyIdentity"/> holds.
/// </summary>
/// <param name="Invoices">How many invoices are known.</param>
/// <param name="Charges">What they were issued for, fen.</param>
/// <param name="Credits">What credit notes took back, fen.</param>
/// <param name="Allocated">Money that stands against invoices, fen.</param>
/// <param name="Open">What is still owed, fen.</param>
/// <param name="Advance">Money that stands against no invoice, fen.</param>
/// <param name="Payments">How many payments came, also those that went back.</param>
/// <param name="Received">What they brought, fen.</param>
/// <param name="Reversed">What went back to partners, fen.</param>
/// <param name="Refunded">What went back to customers, fen.</param>
public sealed record PaymentTotals(
    long Invoices, Money Charges, Money Credits, Money Allocated, Money Open, Money Advance,
    long Payments, Money Received, Money Reversed, Money Refunded)
{
    /// <summary>A sum by its term; all of them are known here.</summary>
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
