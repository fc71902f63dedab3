using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;

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

/// <summary>What is asked of the audit trails of the services.</summary>
public sealed class AuditPeers(PeerConnections connections)
{
    /// <summary>How many entries a page shows.</summary>
    public const int PageSize = 100;

    /// <summary>The newest entries of a service that are older than one.</summary>
    /// <param name="peer">The service.</param>
    /// <param name="question">Which entries.</param>
    /// <param name="after">The entry that was shown last; null for the newest.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<Answer<AuditEntryPage>> Entries(
        Peer peer, AuditQuestion question, long? after, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(question);
        var more = after is { } id ? $"&after={id.ToString(CultureInfo.InvariantCulture)}" : "";
        return connections.Ask<AuditEntryPage>(
            peer, $"/audit-trail{question.Query()}&limit={PageSize}{more}", Right.ReadAuditTrail, cancellation);
    }

    /// <summary>All entries of a service as a CSV file, which is handed on while it comes.</summary>
    /// <param name="peer">The service.</param>
    /// <param name="question">Which entries.</param>
    /// <param name="take">Reads the file.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<Answer<string>> Export(
        Peer peer, AuditQuestion question, Func<HttpContent, Task> take, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(question);
        return connections.Fetch(
            peer, $"/audit-trail/export{question.Query()}", Right.ReadAuditTrail, take, cancellation);
    }
}
