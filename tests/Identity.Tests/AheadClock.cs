namespace Billing.Testing;

/// <summary>
/// A clock that is ahead of the real one. It is compiled into each project of tests about how long something is good.
/// </summary>
public sealed class AheadClock : TimeProvider
{
    /// <summary>How far.</summary>
    public TimeSpan By { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + By;
}
