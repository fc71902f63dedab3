namespace Billing.Platform;

/// <summary>The result of a command: its decision, and the stream's state afterwards.</summary>
/// <typeparam name="TState">The stream's state.</typeparam>
/// <typeparam name="TEvent">The stream's events.</typeparam>
/// <param name="Decision">The events appended, none when nothing had to change, or the refusal.</param>
/// <param name="State">The state after the command.</param>
/// <param name="Version">The stream's version after the command; 0 for a stream without events.</param>
public sealed record Executed<TState, TEvent>(Decision<TEvent> Decision, TState State, long Version)
{
    /// <summary>The refusal, or null.</summary>
    public Rejection? Rejection => Decision.Rejection;

    /// <summary>Whether the command appended events.</summary>
    public bool Changed => Decision.Events.Count > 0;
}
