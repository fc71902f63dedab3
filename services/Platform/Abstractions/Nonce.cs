namespace Billing.Platform;

/// <summary>
/// A text that its sender uses once. It is written in the transaction of the first command of its request, so that the
/// same request, heard again by somebody else, does nothing; or on its own when nothing was done.
/// </summary>
/// <param name="Sender">Who uses it.</param>
/// <param name="Text">The text.</param>
/// <param name="At">When it came.</param>
public sealed record Nonce(string Sender, string Text, DateTimeOffset At)
{
    /// <summary>The nonce was used before: 409.</summary>
    public static readonly Rejection Used = Rejection.Conflict(
        "nonce-used", "This nonce was used before; sign each request anew, also when you repeat one.");
}
