namespace Billing.Tools;

/// <summary>Ends the command; the message tells the operator why.</summary>
/// <param name="message">The reason.</param>
/// <param name="code">The exit code: 1, or 2 when the input is invalid.</param>
internal sealed class Failure(string message, int code = 1) : Exception(message)
{
    /// <summary>The exit code.</summary>
    public int Code { get; } = code;
}
