namespace Billing.Contracts.Api;

/// <summary>One group's open receivables by age (rules.md K-5).</summary>
/// <param name="Key">The project, class or utility.</param>
/// <param name="Open">The sum of its open receivables, fen.</param>
/// <param name="Count">How many invoices are open.</param>
/// <param name="Buckets">All buckets, from young to old.</param>
public sealed record AgeingGroup(string Key, Money Open, long Count, IReadOnlyList<AgeingBucket> Buckets);

/// <summary>The open receivables of one age bucket.</summary>
/// <param name="Name">The bucket: not-due, or a range of days past the due date such as 1-30, both inclusive, up to
/// over-3-years.</param>
/// <param name="Open">The sum that is open, fen.</param>
/// <param name="Count">How many invoices are open.</param>
public sealed record AgeingBucket(string Name, Money Open, long Count);
