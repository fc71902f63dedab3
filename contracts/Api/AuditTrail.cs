namespace Billing.Contracts.Api;

/// <summary>A page of the audit trail, the newest entry first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Next">What to pass as <c>after</c> for the older ones; null when there are none.</param>
public sealed record AuditEntryPage(IReadOnlyList<AuditTrailEntry> Entries, long? Next);

/// <summary>Who did what.</summary>
/// <param name="Id">The number of the entry; a higher one was recorded later.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Kind">Whether it was done, refused, or read.</param>
/// <param name="Actor">Who: <c>user:li</c>, <c>client:reporting</c>, <c>partner:icbc</c>, <c>service:…</c> for the
/// messages of another service, <c>system</c>, <c>anonymous</c>.</param>
/// <param name="Client">The program through which a person acted, or null.</param>
/// <param name="Address">From where: a network address, a queue, a machine.</param>
/// <param name="Correlation">The trace id, which the events of the command have, too; or null.</param>
/// <param name="Operation">The name of the operation, as its OpenAPI document has it, of the consumer, or of the
/// command.</param>
/// <param name="Right">The right that it needed, or null.</param>
/// <param name="Target">The stream of a command; else the values of the request's path.</param>
/// <param name="Outcome">The code of the refusal; <c>done</c>, or the HTTP status of what was done without an
/// event.</param>
/// <param name="Details">Counts and the like, a JSON object; or null.</param>
public sealed record AuditTrailEntry(
    long Id, DateTimeOffset At, AuditKind Kind, string Actor, string? Client, string Address, string? Correlation,
    string Operation, string? Right, string? Target, string Outcome, string? Details);
