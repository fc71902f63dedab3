using System.Diagnostics;
using Billing.Contracts;

namespace Billing.Platform;

/// <summary>
/// One row of the audit trail. It never holds personal data; texts from outside are cut and cleaned, because a row that
/// cannot be stored would be an act without a record.
/// </summary>
internal sealed record AuditEntry(
    DateTimeOffset At, AuditKind Kind, string Actor, string? Client, string Address, string? Correlation,
    string Operation, string? Permission, string? Target, string Outcome, string? Details = null)
{
    public const string Done = "done";

    private const int Longest = 200;

    public static readonly Table<AuditEntry> Table = new Table<AuditEntry>("audit_trail")
        .Column("at", row => row.At).Column("kind", row => row.Kind.WireName()).Column("actor", row => row.Actor)
        .Column("client", row => row.Client).Column("address", row => row.Address)
        .Column("correlation", row => row.Correlation).Column("operation", row => row.Operation)
        .Column("permission", row => row.Permission).Column("target", row => row.Target)
        .Column("outcome", row => row.Outcome).JsonColumn("details", row => row.Details);

    /// <summary>What the present flow does, by its actor.</summary>
    /// <param name="kind">Whether it was done, refused or read.</param>
    /// <param name="at">When.</param>
    /// <param name="otherwise">The name of the operation in work that nobody asked for.</param>
    /// <param name="target">What it was about; by default what the operation says.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="details">A JSON object, or null.</param>
    public static AuditEntry Of(
        AuditKind kind, DateTimeOffset at, string otherwise, string? target = null, string outcome = Done,
        string? details = null)
    {
        var (operation, actor) = (AuditedOperation.Current, Billing.Platform.Actor.Current);
        return new(
            at, kind, Plain(actor.By)!, Plain(operation?.Client), Plain(actor.From)!,
            Activity.Current?.TraceId.ToString(), operation?.Name ?? otherwise, operation?.Permission,
            Plain(target ?? operation?.Target), outcome, details);
    }

    /// <summary>A text that can be stored: without control characters and halves of characters, and short.</summary>
    internal static string? Plain(string? text)
    {
        if (text is null || text.Length <= Longest && !IsHostile(text))
            return text;
        return string.Concat(text.Take(Longest).Select(character => IsHostile([character]) ? '�' : character));
    }

    private static bool IsHostile(ReadOnlySpan<char> text) => text.ContainsAnyInRange('\0', '\u001f')
        || text.ContainsAnyInRange('\u007f', '\u009f') || text.ContainsAnyInRange('\ud800', '\udfff');
}
