using Billing.Contracts;

namespace Billing.Payments;

/// <summary>An invoice and what stands against it.</summary>
public sealed record Charge(
    InvoiceNo Invoice, Utility Utility, BillingPeriod Period, DateOnly IssuedOn, DateOnly DueOn, Money Amount)
{
    /// <summary>How much of it credit notes have taken back.</summary>
    public Money Credited { get; init; }

    /// <summary>What payments have put on it when they came; a later invoice does not take it away.</summary>
    public Money Paid { get; init; }

    /// <summary>What advance has put on it; see <see cref="PaymentAllocation.Settle"/>.</summary>
    public Money FromAdvance { get; init; }

    /// <summary>All money that stands against it.</summary>
    public Money Allocated => Paid + FromAdvance;

    /// <summary>What is still owed.</summary>
    public Money Open => Amount - Credited - Allocated;
}

/// <summary>A payment as its first answer described it.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Amount">The money received.</param>
/// <param name="Receipt">The receipt's number.</param>
/// <param name="Allocations">What it paid by itself.</param>
/// <param name="Advance">What of it became advance.</param>
/// <param name="Balance">What was owed right after it, less advance.</param>
public sealed record Payment(
    PaymentStatus Status, Money Amount, ReceiptNo? Receipt, IReadOnlyList<Allocation> Allocations, Money Advance,
    Money Balance)
{
    /// <summary>Whether the company gave it back, and not its partner.</summary>
    public bool ByCompany { get; init; }

    /// <summary>How often it came; more than once when it was taken back by mistake in between.</summary>
    public int Times { get; init; }

    public static readonly Payment Blocked = new(PaymentStatus.Blocked, Money.Zero, null, [], Money.Zero, Money.Zero);

    /// <summary>What it put on one invoice.</summary>
    public Money On(InvoiceNo invoice) =>
        Money.Sum(Allocations.Where(part => part.Invoice == invoice).Select(part => part.Amount));
}
