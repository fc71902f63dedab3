using Microsoft.Extensions.Logging;

namespace Billing.Platform;

/// <summary>Log messages of the host and of requests.</summary>
internal static partial class HostLog
{
    [LoggerMessage(LogLevel.Information, "The database is not there yet: {Reason}")]
    public static partial void DatabaseNotYet(this ILogger logger, string? reason);

    [LoggerMessage(LogLevel.Error, "{Difference}")]
    public static partial void SchemaDiffers(this ILogger logger, string difference);

    [LoggerMessage(LogLevel.Warning, "{What} failed and will be tried again: {Reason}")]
    public static partial void TriedAgain(this ILogger logger, string what, string reason);

    [LoggerMessage(LogLevel.Warning, "The database refused a value")]
    public static partial void ValueRefused(this ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Warning, "The database is away: {Reason}")]
    public static partial void DatabaseAway(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "The database took too long: {Reason}")]
    public static partial void DatabaseSlow(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Error, "A request failed")]
    public static partial void RequestFailed(this ILogger logger, Exception? fault);
}
