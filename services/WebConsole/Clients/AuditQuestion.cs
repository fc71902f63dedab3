using Billing.Contracts;

namespace Billing.WebConsole;

/// <summary>Which entries of the audit trail are asked for; null or empty stands for all.</summary>
/// <param name="From">The first business day, inclusive.</param>
/// <param name="To">The last business day, inclusive.</param>
/// <param name="Actor">The actor, exactly.</param>
/// <param name="Operation">The operation, exactly.</param>
/// <param name="Target">The stream or the path's values, exactly.</param>
/// <param name="Kind">The kind of entries.</param>
public sealed record AuditQuestion(
    DateOnly From, DateOnly To, string Actor, string Operation, string Target, AuditKind? Kind)
{
    /// <summary>The question as a query string, such as <c>?from=2026-11-01&amp;to=2026-11-30</c>.</summary>
    public string Query()
    {
        var query = new QueryString().Add("from", Language.Day(From)).Add("to", Language.Day(To));
        foreach (var (name, text) in new[] { ("actor", Actor), ("operation", Operation), ("target", Target) })
            query = text.Length > 0 ? query.Add(name, text) : query;
        return (Kind is { } kind ? query.Add("kind", kind.WireName()) : query).ToUriComponent();
    }
}
