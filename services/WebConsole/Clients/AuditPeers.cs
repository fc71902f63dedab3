using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.WebConsole;

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
