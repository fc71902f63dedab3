namespace Billing.Contracts.Api;

/// <summary>
/// How far a service is behind: its relay behind its own events, its consumers behind the others' messages.
/// </summary>
/// <param name="Head">The highest event number given out.</param>
/// <param name="Relayed">The position the relay has published.</param>
/// <param name="Consumers">Each consumer's last message.</param>
public sealed record Lag(long Head, long Relayed, IReadOnlyList<ConsumerLag> Consumers);

/// <summary>How long a consumer's last message took.</summary>
/// <param name="Consumer">The consumer.</param>
/// <param name="Messages">Messages applied.</param>
/// <param name="Items">Facts in them.</param>
/// <param name="LastAt">When the last one was applied, UTC.</param>
/// <param name="LastDelayMs">From its publication to its effect, milliseconds.</param>
public sealed record ConsumerLag(string Consumer, long Messages, long Items, DateTimeOffset LastAt, double LastDelayMs);
