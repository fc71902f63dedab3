namespace Billing.Contracts.Api;

/// <summary>
/// A figure with the date and the position it was computed for. The date decides only what is due or overdue; amounts
/// are always those at the position.
/// </summary>
/// <typeparam name="T">The figure.</typeparam>
/// <param name="Figure">The figure.</param>
/// <param name="AsOf">The business date against which due dates are compared.</param>
/// <param name="Position">The newest events that had been consumed when the figure was read.</param>
public sealed record Dated<T>(T Figure, DateOnly AsOf, ReplicaPositions Position);

/// <summary>Up to which events of the other services the replicas here reach; null before the first.</summary>
/// <param name="Invoicing">The newest event of Invoicing.</param>
/// <param name="Payments">The newest event of Payments.</param>
public sealed record ReplicaPositions(ReplicaPosition? Invoicing, ReplicaPosition? Payments);

/// <summary>The newest event of another service that has been consumed.</summary>
/// <param name="Sequence">Its place in that service's global order.</param>
/// <param name="RecordedAt">When that service stored it, UTC.</param>
public sealed record ReplicaPosition(long Sequence, DateTimeOffset RecordedAt);

/// <summary>
/// The sums that must agree with those of Invoicing and Payments: charges − credits − allocated = open. Money for
/// invoices whose message has not been consumed yet is counted separately, so that it explains a difference.
/// </summary>
/// <param name="Invoices">Invoices known.</param>
/// <param name="Charges">Sum of their amounts, fen.</param>
/// <param name="Credits">The part of them that was credited, fen.</param>
/// <param name="Allocated">The part of them that was paid, fen.</param>
/// <param name="Open">Charges − credits − allocated, fen.</param>
/// <param name="OpenInvoices">How many of them are open.</param>
/// <param name="Overdue">The part of the open amount that is overdue, fen: the arrears.</param>
/// <param name="Advance">Advance held by all accounts, fen.</param>
/// <param name="Ahead">Money allocated or credited to invoices whose message has not been consumed yet.</param>
public sealed record CollectionTotals(
    long Invoices, Money Charges, Money Credits, Money Allocated, Money Open, long OpenInvoices, Money Overdue,
    Money Advance, MoneyAhead Ahead)
{
    /// <summary>A term of the money identities, as far as Collections knows it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Collections does not know it.</exception>
    public Money Of(MoneyTerm term) => term switch
    {
        MoneyTerm.Charges => Charges,
        MoneyTerm.Credits => Credits,
        MoneyTerm.Allocated => Allocated,
        MoneyTerm.Open => Open,
        MoneyTerm.Advance => Advance,
        _ => throw new ArgumentOutOfRangeException(nameof(term)),
    };
}

/// <summary>Money for invoices whose message has not been consumed yet.</summary>
/// <param name="Invoices">How many invoices.</param>
/// <param name="Credits">The sum credited to them, fen.</param>
/// <param name="Allocated">The sum allocated to them, fen.</param>
public sealed record MoneyAhead(long Invoices, Money Credits, Money Allocated);
