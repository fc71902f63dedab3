using Microsoft.Extensions.Logging;

namespace Billing.Platform;

/// <summary>Log messages of the audit trail.</summary>
internal static partial class AuditTrailLog
{
    [LoggerMessage(LogLevel.Warning, "Refusals cannot be recorded and wait: {Reason}")]
    public static partial void RefusalsWait(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "{Refusals} refusals were recorded together, for too many waited")]
    public static partial void RefusalsCountedTogether(this ILogger logger, long refusals);

    [LoggerMessage(LogLevel.Critical, "{Refusals} refusals could not be recorded before the service stopped: {Reason}")]
    public static partial void RefusalsLost(this ILogger logger, int refusals, string reason);

    [LoggerMessage(
        LogLevel.Critical,
        "The audit trail of {Service} for {Day} contradicts itself: its digest was {Known}, and now it is {Said}")]
    public static partial void DigestsDiffer(
        this ILogger logger, string service, DateOnly day, string known, string said);
}
