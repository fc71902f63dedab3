using System.Text.Json;

namespace Billing.Contracts.Api;

/// <summary>One entry of an account's timeline: a fact recorded by one of the services.</summary>
/// <param name="EventId">The id of the event, which is unique across services.</param>
/// <param name="At">When it was recorded, UTC.</param>
/// <param name="Source">The service that recorded it.</param>
/// <param name="Kind">The kind of fact.</param>
/// <param name="AmountFen">The amount of the fact itself, fen; null when it has none.</param>
/// <param name="Detail">The other members of the fact.</param>
public sealed record TimelineEntry(
    Guid EventId, DateTimeOffset At, string Source, string Kind, long? AmountFen, JsonElement Detail);

/// <summary>A page of an account's timeline.</summary>
/// <param name="Entries">The entries, the oldest first.</param>
/// <param name="Next">The value of <c>after</c> that asks for the next page; null on the last.</param>
public sealed record TimelinePage(IReadOnlyList<TimelineEntry> Entries, string? Next);
