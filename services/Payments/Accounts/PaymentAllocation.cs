using Billing.Contracts;

namespace Billing.Payments;

/// <summary>
/// Decides which money is allocated to which invoice. Pure.
/// <para>
/// A payment pays the oldest due first (rules.md C-6), and its allocations stay: the customer has a receipt for them.
/// Advance pays invoices in the order in which they were issued, whatever the order in which they arrive: an invoice
/// that was issued earlier but arrives later takes the advance that a later one had got. So the result does not depend
/// on the order of messages, and as long as invoices arrive in the order of issue nothing is ever moved.
/// </para>
/// </summary>
public static class PaymentAllocation
{
    /// <summary>Allocates money to open invoices, oldest due first; the remainder is advance.</summary>
    public static (IReadOnlyList<Allocation> Allocations, Money Advance) OldestDueFirst(
        Money money, IEnumerable<Charge> charges)
    {
        var (allocations, rest) = (new List<Allocation>(), money);
        var open = charges.Where(charge => charge.Open > Money.Zero)
            .OrderBy(charge => charge.DueOn).ThenBy(charge => charge.Invoice.Value, StringComparer.Ordinal);
        foreach (var charge in open)
        {
            if (rest.IsZero)
                break;
            var taken = Money.Min(rest, charge.Open);
            allocations.Add(new(charge.Invoice, taken));
            rest -= taken;
        }
        return (allocations, rest);
    }

    /// <summary>The movement that allocates advance in the right order, or null when it already is.</summary>
    public static AdvanceApplied? Settle(AccountNo account, Account state)
    {
        var pool = state.Advance + Money.Sum(state.Charges.Values.Select(charge => charge.Allocated - Kept(charge)));
        if (pool.IsZero)
            return null;
        var (moves, advance) = (new List<Allocation>(), pool);
        foreach (var charge in InOrderOfIssue(state.Charges.Values))
        {
            var kept = Kept(charge);
            var poured = Money.Min(advance, Owed(charge) - kept);
            advance -= poured;
            if (kept + poured != charge.Allocated)
                moves.Add(new(charge.Invoice, kept + poured - charge.Allocated));
        }
        return moves.Count == 0 ? null : new(account, moves, advance - state.Advance);
    }

    /// <summary>
    /// The allocations that a reversal takes back: first from the invoices that the payment paid directly, then from
    /// the advance, then from invoices paid by advance, the newest first. Null when less is left because money was
    /// refunded.
    /// </summary>
    public static (IReadOnlyList<Allocation> Allocations, Money Advance)? TakeBack(Payment payment, Account state)
    {
        var (taken, rest) = (new Dictionary<InvoiceNo, Money>(), payment.Amount);
        foreach (var own in payment.Allocations)
            Take(own.Invoice, Money.Min(own.Amount, state.Charges[own.Invoice].Paid));
        var advance = Money.Min(rest, state.Advance);
        rest -= advance;
        foreach (var charge in InOrderOfIssue(state.Charges.Values).Reverse())
            Take(charge.Invoice, Money.Min(rest, charge.FromAdvance));
        return rest.IsZero ? ([.. taken.Select(part => new Allocation(part.Key, -part.Value))], -advance) : null;

        void Take(InvoiceNo invoice, Money amount)
        {
            if (amount.IsZero)
                return;
            taken[invoice] = taken.GetValueOrDefault(invoice) + amount;
            rest -= amount;
        }
    }

    private static IEnumerable<Charge> InOrderOfIssue(IEnumerable<Charge> charges) =>
        charges.OrderBy(charge => charge.IssuedOn).ThenBy(charge => charge.DueOn)
            .ThenBy(charge => charge.Invoice.Value, StringComparer.Ordinal);

    /// <summary>What payments put on the invoice and credits have not released.</summary>
    private static Money Kept(Charge charge) => Money.Min(charge.Paid, Owed(charge));

    private static Money Owed(Charge charge) => Money.Max(Money.Zero, charge.Amount - charge.Credited);
}
