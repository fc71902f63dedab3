namespace Billing.Contracts;

/// <summary>
/// Marks the amount, a <see cref="Money"/>, that an account's timeline shows for a fact. Without a mark it is the
/// member called <c>Amount</c>, if there is one.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimelineAmountAttribute : Attribute
{
    /// <summary>Whether the timeline shows the amount negated; the default is false.</summary>
    public bool Negated { get; init; }
}

/// <summary>
/// Marks a member of a fact that an account's timeline leaves out because it adds no information there. By default all
/// members are shown beside account, origin and amount.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotOnTimelineAttribute : Attribute;
