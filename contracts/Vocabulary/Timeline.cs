namespace Billing.Contracts;

/// <summary>
/// The amount that an account's timeline shows for a fact, a <see cref="Money"/>. Unmarked, it is the member called
/// <c>Amount</c>, if there is one.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimelineAmountAttribute : Attribute
{
    /// <summary>Whether the timeline shows the amount with the other sign; false unless said.</summary>
    public bool Negated { get; init; }
}

/// <summary>
/// A member of a fact that an account's timeline leaves out, because it says nothing new there. Unmarked, all are
/// shown beside account, origin and amount.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotOnTimelineAttribute : Attribute;
