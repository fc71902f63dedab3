namespace Billing.Contracts.Api;

/// <summary>
/// How far a service lags: its relay behind its own events, its consumers behind the messages of other services.
/// </summary>
/// <param name="Head">The highest event number assigned.</param>
/// <param name="Relayed">The position up to which the relay has published.</param>
/// <param name="Consumers">The last message of each consumer.</param>
public sealed record Lag(long Head, long Relayed, IReadOnlyList<ConsumerLag> Consumers);

/// <summary>A consumer's counts, and the delay of its last message.</summary>
/// <param name="Consumer">The consumer.</param>
/// <param name="Messages">Messages applied.</param>
/// <param name="Items">Facts in them.</param>
/// <param name="LastAt">When the last one was applied, UTC.</param>
/// <param name="LastDelayMs">The delay from its publication to its effect, milliseconds.</param>
public sealed record ConsumerLag(string Consumer, long Messages, long Items, DateTimeOffset LastAt, double LastDelayMs);
