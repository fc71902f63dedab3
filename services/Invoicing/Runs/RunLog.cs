using Billing.Contracts;

namespace Billing.Invoicing;

/// <summary>Log messages of billing runs.</summary>
internal static partial class RunLog
{
    [LoggerMessage(LogLevel.Error, "Run {Run} cannot be completed: {Reason}")]
    public static partial void CannotBeCompleted(this ILogger logger, RunName run, string reason);

    [LoggerMessage(LogLevel.Error, "Run {Run} is posted but does not add up")]
    public static partial void DoesNotAddUp(this ILogger logger, RunName run);

    [LoggerMessage(LogLevel.Information, "{Chunks} chunks of run {Run} were sent again")]
    public static partial void SentAgain(this ILogger logger, int chunks, RunName run);

    [LoggerMessage(LogLevel.Error, "{Work} failed")]
    public static partial void WorkFailed(this ILogger logger, Exception fault, object work);

    [LoggerMessage(LogLevel.Error, "Account {Account} could not be drafted")]
    public static partial void NotDrafted(this ILogger logger, Exception fault, AccountNo account);
}
