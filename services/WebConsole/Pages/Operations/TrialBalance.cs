using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.WebConsole;

/// <summary>
/// Compares the same money in three services (mission: not a fen may be lost). Every line is one quantity on which all
/// services that know it must agree.
/// </summary>
public static class TrialBalance
{
    /// <summary>One quantity.</summary>
    /// <param name="Zh">Its name in Chinese.</param>
    /// <param name="En">Its name in English.</param>
    /// <param name="Invoicing">The value in Invoicing; null when it does not know the quantity or did not
    /// answer.</param>
    /// <param name="Payments">The value in Payments; null in the same cases.</param>
    /// <param name="Collections">The value in Collections; null in the same cases.</param>
    /// <param name="Known">Whether every service that should know it has answered.</param>
    public sealed record Line(string Zh, string En, Money? Invoicing, Money? Payments, Money? Collections, bool Known)
    {
        /// <summary>The largest minus the smallest; zero when they agree.</summary>
        public Money Difference
        {
            get
            {
                Money[] known = [.. new[] { Invoicing, Payments, Collections }.OfType<Money>()];
                return known.Length == 0 ? Money.Zero : known.Max() - known.Min();
            }
        }
    }

    /// <summary>All lines of the trial balance.</summary>
    public sealed record Sheet(IReadOnlyList<Line> Lines)
    {
        /// <summary>Whether every value is known and all agree to the fen.</summary>
        public bool Balanced => Complete && Off.IsZero;

        /// <summary>Whether every service has answered.</summary>
        public bool Complete => Lines.All(line => line.Known);

        /// <summary>The sum of all differences.</summary>
        public Money Off => Money.Sum(Lines.Select(line => line.Difference));
    }

    /// <summary>Compares the totals; null stands for a service that did not answer.</summary>
    public static Sheet Compare(InvoicingTotals? invoicing, PaymentTotals? payments, CollectionTotals? collections)
    {
        var (i, p, c) = (invoicing, payments, collections);
        var all = i is not null && p is not null && c is not null;
        var both = p is not null && c is not null;
        return new([
            new("应收(开账)", "Charges", i?.Amount, p?.Charges, c?.Charges, all),
            new("冲减", "− Credits", i?.Credited, p?.Credits, c?.Credits, all),
            new("已销账", "− Allocated", null, p?.Allocated, c?.Allocated, both),
            Identity(MoneyIdentity.Owed, Owed(i, p), Right(MoneyIdentity.Owed, p), Right(MoneyIdentity.Owed, c), all),
            new("预收余额", "Advance", null, p?.Advance, c?.Advance, both),
            Identity(
                MoneyIdentity.Held, null, p is null ? null : MoneyIdentity.Held.Left(p.Of),
                Right(MoneyIdentity.Held, c), both),
        ]);
    }

    private static Money? Right(MoneyIdentity identity, PaymentTotals? payments) =>
        payments is null ? null : identity.Right(payments.Of);

    private static Money? Right(MoneyIdentity identity, CollectionTotals? collections) =>
        collections is null ? null : identity.Right(collections.Of);

    private static Line Identity(
        MoneyIdentity identity, Money? invoicing, Money? payments, Money? collections, bool known) =>
        new(identity.Text(Chinese), Capital(identity.ToString()), invoicing, payments, collections, known);

    /// <summary>
    /// What is owed, derived for Invoicing, which does not know payments: its charges less the allocations of Payments
    /// must be open.
    /// </summary>
    private static Money? Owed(InvoicingTotals? invoicing, PaymentTotals? payments) =>
        invoicing is null || payments is null ? null : MoneyIdentity.Owed.Left(term => term switch
        {
            MoneyTerm.Charges => invoicing.Amount,
            MoneyTerm.Credits => invoicing.Credited,
            _ => payments.Of(term),
        });

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Chinese(MoneyTerm term) => term switch
    {
        MoneyTerm.Charges => "应收",
        MoneyTerm.Credits => "冲减",
        MoneyTerm.Allocated => "销账",
        MoneyTerm.Open => "未收",
        MoneyTerm.Received => "实收",
        MoneyTerm.Reversed => "冲正",
        MoneyTerm.Refunded => "退款",
        MoneyTerm.Advance => "预收",
        _ => throw new ArgumentOutOfRangeException(nameof(term)),
    };
}
