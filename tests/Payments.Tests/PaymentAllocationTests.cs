using System.Collections.Immutable;
using Billing.Contracts;
using FsCheck;
using FsCheck.Fluent;

namespace Billing.Payments.Tests;

/// <summary>
/// What holds for every sum and every set of invoices, tried on random ones; a failure prints its seed.
/// </summary>
public sealed class PaymentAllocationTests
{
    private static readonly Gen<Charge> Charges =
        from invoice in Gen.Choose(1, 1_000_000)
        from due in Gen.Choose(0, 5)
        from issued in Gen.Choose(0, 5)
        from amount in Gen.Choose(1, 1_000)
        from credited in Gen.Choose(0, amount)
        from paid in Gen.Choose(0, amount - credited)
        from applied in Gen.Choose(0, amount - credited - paid)
        select new Charge(
            InvoiceNo.Parse($"I{invoice}"), Utility.Heat, BillingPeriod.Parse("2026-2027"),
            Facts.BankDate.AddDays(issued), Facts.BankDate.AddDays(due), new(amount))
        {
            Credited = new(credited), Paid = new(paid), FromAdvance = new(applied),
        };

    private static readonly Gen<(Money Money, Charge[] Charges)> Cases =
        from charges in Charges.ArrayOf()
        from money in Gen.Choose(0, 4_000)
        select (new Money(money), charges.DistinctBy(charge => charge.Invoice).ToArray());

    [Fact]
    public void Money_is_conserved() => Check(c =>
    {
        var (allocations, advance) = PaymentAllocation.OldestDueFirst(c.Money, c.Charges);
        return Money.Sum(allocations.Select(part => part.Amount)) + advance == c.Money && advance >= Money.Zero;
    });

    [Fact]
    public void No_invoice_gets_more_than_is_open() => Check(c =>
        PaymentAllocation.OldestDueFirst(c.Money, c.Charges).Allocations.All(part =>
            part.Amount > Money.Zero
            && part.Amount <= c.Charges.Single(charge => charge.Invoice == part.Invoice).Open));

    [Fact]
    public void Nothing_is_left_over_while_something_is_owed() => Check(c =>
    {
        var open = Money.Sum(c.Charges.Select(charge => charge.Open));
        return PaymentAllocation.OldestDueFirst(c.Money, c.Charges).Advance == Money.Max(Money.Zero, c.Money - open);
    });

    [Fact]
    public void An_invoice_gets_nothing_before_all_older_ones_are_paid() => Check(c =>
    {
        var got = PaymentAllocation.OldestDueFirst(c.Money, c.Charges).Allocations
            .ToDictionary(p => p.Invoice, p => p.Amount);
        return c.Charges.All(later => !got.ContainsKey(later.Invoice) || c.Charges.All(older =>
            older.DueOn >= later.DueOn || got.GetValueOrDefault(older.Invoice) == older.Open));
    });

    [Fact]
    public void The_order_of_the_invoices_does_not_matter() => Check(c =>
    {
        var (there, back) = (
            PaymentAllocation.OldestDueFirst(c.Money, c.Charges),
            PaymentAllocation.OldestDueFirst(c.Money, c.Charges.Reverse()));
        return there.Allocations.SequenceEqual(back.Allocations) && there.Advance == back.Advance;
    });

    [Fact]
    public void Settling_twice_moves_nothing_more() => Check(c =>
    {
        var state = Account.Empty with
        {
            Advance = c.Money,
            Charges = c.Charges.ToImmutableDictionary(charge => charge.Invoice),
        };
        var move = PaymentAllocation.Settle(Facts.Mine, state);
        if (move is null)
            return state.Advance.IsZero || state.Outstanding.IsZero;
        var after = Account.Streams.Fold([.. Replay(state), move]);
        return PaymentAllocation.Settle(Facts.Mine, after) is null
            && (move.Advance + Money.Sum(move.Allocations.Select(part => part.Amount))).IsZero
            && (after.Advance.IsZero || after.Outstanding.IsZero)
            && after.Charges.Values.All(charge => charge.Open >= Money.Zero && charge.FromAdvance >= Money.Zero);
    });

    /// <summary>A history that leads to a state: payments are made at once, advance is applied afterwards.</summary>
    private static List<AccountEvent> Replay(Account state)
    {
        var history = new List<AccountEvent>();
        foreach (var charge in state.Charges.Values)
        {
            history.Add(new ChargeOpened(
                Facts.Mine, charge.Invoice, charge.Utility, charge.Period, charge.Amount, charge.IssuedOn,
                charge.DueOn));
            history.Add(new ChargeCredited(
                Facts.Mine, CreditNoteNo.Parse($"N{charge.Invoice}"), charge.Invoice, charge.Credited,
                charge.IssuedOn));
            history.Add(Facts.Received(
                $"S{charge.Invoice}", charge.Paid.Fen, 1, 0, (charge.Invoice.Value, charge.Paid.Fen)));
            history.Add(Facts.Applied(-charge.FromAdvance.Fen, (charge.Invoice.Value, charge.FromAdvance.Fen)));
        }
        var moved = Money.Sum(state.Charges.Values.Select(charge => charge.FromAdvance));
        history.Add(Facts.Received("rest", (state.Advance + moved).Fen, 1, (state.Advance + moved).Fen));
        return history;
    }

    private static void Check(Func<(Money Money, Charge[] Charges), bool> holds) =>
        Prop.ForAll(Cases.ToArbitrary(), holds).QuickCheckThrowOnFailure();
}
