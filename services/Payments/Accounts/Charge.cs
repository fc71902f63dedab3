using Billing.Contracts;

namespace Billing.Payments;

/// <summary>An invoice and the money allocated to it.</summary>
public sealed record Charge(
    InvoiceNo Invoice, Utility Utility, BillingPeriod Period, DateOnly IssuedOn, DateOnly DueOn, Money Amount)
{
    /// <summary>The sum of its credit notes.</summary>
    public Money Credited { get; init; }

    /// <summary>What payments put on it when they were received; a later invoice does not take it away.</summary>
    public Money Paid { get; init; }

    /// <summary>What advance put on it; see <see cref="PaymentAllocation.Settle"/>.</summary>
    public Money FromAdvance { get; init; }

    /// <summary>All money allocated to it.</summary>
    public Money Allocated => Paid + FromAdvance;

    /// <summary>What is still owed.</summary>
    public Money Open => Amount - Credited - Allocated;
}

/// <summary>A payment as its first answer described it.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Amount">The amount received.</param>
/// <param name="Receipt">The receipt's number.</param>
/// <param name="Allocations">Its own allocations.</param>
/// <param name="Advance">The part of it that became advance.</param>
/// <param name="Balance">What was owed right after it, less advance.</param>
public sealed record Payment(
    PaymentStatus Status, Money Amount, ReceiptNo? Receipt, IReadOnlyList<Allocation> Allocations, Money Advance,
    Money Balance)
{
    /// <summary>Whether the company reversed it, not its partner.</summary>
    public bool ByCompany { get; init; }

    /// <summary>How often it was received; more than once when it was reversed by mistake in between.</summary>
    public int Times { get; init; }

    public static readonly Payment Blocked = new(PaymentStatus.Blocked, Money.Zero, null, [], Money.Zero, Money.Zero);

    /// <summary>What it allocated to one invoice.</summary>
    public Money On(InvoiceNo invoice) =>
        Money.Sum(Allocations.Where(part => part.Invoice == invoice).Select(part => part.Amount));
}
