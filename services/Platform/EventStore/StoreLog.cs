using Microsoft.Extensions.Logging;

namespace Billing.Platform;

/// <summary>Log messages of the event store.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(LogLevel.Warning, "A command on {Stream} is tried again: {Reason}")]
    public static partial void CommandAgain(this ILogger logger, string stream, string reason);

    [LoggerMessage(LogLevel.Warning, "A bulk append of {Streams} streams is tried again: {Reason}")]
    public static partial void BulkAgain(this ILogger logger, int streams, string reason);

    [LoggerMessage(LogLevel.Warning, "A batch of {Appends} appends failed; its halves are tried by themselves")]
    public static partial void BatchHalved(this ILogger logger, Exception fault, int appends);

    [LoggerMessage(LogLevel.Error, "The snapshot of {Stream} is left aside")]
    public static partial void SnapshotAside(this ILogger logger, Exception fault, string stream);

    [LoggerMessage(LogLevel.Warning, "No snapshot of {Stream} at {Version}: {Reason}")]
    public static partial void NoSnapshot(this ILogger logger, string stream, long version, string reason);

    [LoggerMessage(LogLevel.Warning, "Notifications are interrupted: {Reason}")]
    public static partial void NotificationsInterrupted(this ILogger logger, string reason);

    [LoggerMessage(
        LogLevel.Information, "{Subscription} was set back or stands still, and begins again at {Position}")]
    public static partial void BeginsAgain(this ILogger logger, string subscription, long position);

    [LoggerMessage(LogLevel.Warning, "{Subscription} cannot go on: {Reason}")]
    public static partial void CannotGoOn(this ILogger logger, Exception? fault, string subscription, string reason);
}
