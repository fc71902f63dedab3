using System.Text.Json;

namespace Billing.Contracts.Api;

/// <summary>One thing that happened to an account.</summary>
/// <param name="EventId">The event, wherever it is stored.</param>
/// <param name="At">When it was recorded, UTC.</param>
/// <param name="Source">The service that recorded it.</param>
/// <param name="Kind">What happened.</param>
/// <param name="AmountFen">The amount of the fact itself, fen; null when it has none.</param>
/// <param name="Detail">The rest of the fact.</param>
public sealed record TimelineEntry(
    Guid EventId, DateTimeOffset At, string Source, string Kind, long? AmountFen, JsonElement Detail);

/// <summary>A page of everything that happened to an account.</summary>
/// <param name="Entries">What happened, the oldest first.</param>
/// <param name="Next">What to ask <c>after</c> for the next page; null on the last.</param>
public sealed record TimelinePage(IReadOnlyList<TimelineEntry> Entries, string? Next);
