namespace Billing.Platform;

/// <summary>
/// The one place where wall-clock time becomes a business date, and where ids that are not natural keys come from.
/// </summary>
public static class Clock
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>Today's business date: China time, which has no daylight saving.</summary>
    public static DateOnly Today(this TimeProvider clock) => clock.GetUtcNow().BusinessDate();

    /// <summary>The business date on which something was recorded.</summary>
    public static DateOnly BusinessDate(this DateTimeOffset instant) =>
        DateOnly.FromDateTime(instant.ToOffset(China).DateTime);
}

/// <summary>Ids for stored events; everything with a natural key is named by that instead.</summary>
public static class Ids
{
    /// <summary>A time-ordered unique id.</summary>
#pragma warning disable RS0030 // This is the place the ban list points to.
    public static Guid Next() => Guid.CreateVersion7();
#pragma warning restore RS0030
}
