using Microsoft.Extensions.Logging;

namespace Billing.Platform;

/// <summary>Log messages of messaging.</summary>
internal static partial class MessagingLog
{
    [LoggerMessage(LogLevel.Warning, "No messages are taken, for the database is away: {Reason}")]
    public static partial void NoMessagesTaken(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "Messages are taken again")]
    public static partial void MessagesTakenAgain(this ILogger logger);

    [LoggerMessage(LogLevel.Error, "{Queue} could not be stopped or started")]
    public static partial void QueueNotSwitched(this ILogger logger, Exception fault, Uri queue);
}
