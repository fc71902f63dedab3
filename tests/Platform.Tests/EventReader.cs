using System.Runtime.CompilerServices;
using Marten;

namespace Billing.Platform.Tests;

/// <summary>Reads the global order through Marten, as its daemon does.</summary>
internal static class EventReader
{
    /// <summary>
    /// The streams of the events after <paramref name="from"/> up to and including <paramref name="to"/>, in order.
    /// </summary>
    public static async IAsyncEnumerable<(long Sequence, string Stream)> Read(
        IDocumentStore store, long from, long to, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var session = store.QuerySession();
        var events = session.Events.QueryAllRawEvents().Where(e => e.Sequence > from && e.Sequence <= to)
            .OrderBy(e => e.Sequence).ToAsyncEnumerable(cancellation);
        await foreach (var e in events)
            yield return (e.Sequence, e.StreamKey!);
    }
}
