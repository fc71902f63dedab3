namespace Billing.Tools;

/// <summary>The tool cannot go on; the message says why, to the person at the keyboard.</summary>
/// <param name="message">Why.</param>
/// <param name="code">The exit code: 1, or 2 when what was given is no good.</param>
internal sealed class Failure(string message, int code = 1) : Exception(message)
{
    /// <summary>The exit code.</summary>
    public int Code { get; } = code;
}
