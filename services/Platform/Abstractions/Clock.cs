using System.Security.Cryptography;
using System.Text;

namespace Billing.Platform;

/// <summary>The one place where wall-clock time becomes a business date.</summary>
public static class Clock
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>Today's business date: China time, which has no daylight saving.</summary>
    public static DateOnly Today(this TimeProvider clock) => clock.GetUtcNow().BusinessDate();

    /// <summary>The instant at which a business date begins.</summary>
    public static DateTimeOffset Begin(this DateOnly day) =>
        new DateTimeOffset(day.ToDateTime(default), China).ToUniversalTime();

    /// <summary>The business date on which something was recorded.</summary>
    public static DateOnly BusinessDate(this DateTimeOffset instant) =>
        DateOnly.FromDateTime(instant.ToOffset(China).DateTime);
}

/// <summary>Creates ids for stored events.</summary>
public static class Ids
{
    /// <summary>A time-ordered unique id.</summary>
#pragma warning disable RS0030 // This is the one place that may call what BannedSymbols.txt bans.
    public static Guid Next() => Guid.CreateVersion7();
#pragma warning restore RS0030

    /// <summary>
    /// The id of a fact with a natural key: the first 16 bytes of the key's SHA-256. <c>event_id(text)</c> computes the
    /// same id in the database.
    /// </summary>
    public static Guid Named(string name) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16), bigEndian: true);
}
