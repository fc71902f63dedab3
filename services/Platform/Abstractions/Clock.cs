using System.Security.Cryptography;
using System.Text;

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

/// <summary>Ids for stored events.</summary>
public static class Ids
{
    /// <summary>A time-ordered unique id.</summary>
#pragma warning disable RS0030 // This is the place the ban list points to.
    public static Guid Next() => Guid.CreateVersion7();
#pragma warning restore RS0030

    /// <summary>
    /// The id of what has a name of its own: the first 16 bytes of its SHA-256, which <c>event_id(text)</c> gives in
    /// the database, too.
    /// </summary>
    public static Guid Named(string name) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16), bigEndian: true);
}
