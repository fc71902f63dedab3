using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.WebConsole;

/// <summary>An entry of one service's audit trail.</summary>
/// <param name="Peer">The service.</param>
/// <param name="Entry">The entry.</param>
public sealed record AuditRow(Peer Peer, AuditTrailEntry Entry);

/// <summary>The newest entries of several services as one list, and what to ask for the older ones.</summary>
/// <param name="Rows">The entries, the newest first.</param>
/// <param name="Next">Where each service's part ended; null when no service has older entries.</param>
public sealed record AuditView(IReadOnlyList<AuditRow> Rows, string? Next)
{
    /// <summary>
    /// Takes the newest entries of all pages. Each service's entries stay in their order; those that found no room are
    /// the first that the next page shows.
    /// </summary>
    /// <param name="pages">A page of each service that answered.</param>
    /// <param name="after">Where each service's part ended on the page before.</param>
    /// <param name="most">How many entries are shown, at least 1.</param>
    public static AuditView Of(
        IReadOnlyList<(Peer Peer, AuditEntryPage Page)> pages, IReadOnlyDictionary<Peer, long> after, int most)
    {
        ArgumentNullException.ThrowIfNull(pages);
        var rows = pages.SelectMany(one => one.Page.Entries.Select(entry => new AuditRow(one.Peer, entry)))
            .OrderByDescending(row => row.Entry.At).ThenBy(row => row.Peer).ThenByDescending(row => row.Entry.Id)
            .ToList();
        var shown = rows.Take(most).ToList();
        var ends = new Dictionary<Peer, long>(after);
        foreach (var row in shown)
            ends[row.Peer] = Math.Min(row.Entry.Id, ends.GetValueOrDefault(row.Peer, long.MaxValue));
        // Clocks differ a little: what a service recorded earlier and shows later would be lost behind its cursor.
        shown = [.. rows.Where(row => ends.TryGetValue(row.Peer, out var end) && row.Entry.Id >= end)];
        var more = rows.Count > shown.Count || pages.Any(one => one.Page.Next is not null);
        return new(shown, more ? Written(ends) : null);
    }

    /// <summary>Where each service's part ended, as it stands in an address: <c>Customer-120.Tariff-33</c>.</summary>
    public static string Written(IReadOnlyDictionary<Peer, long> ends) =>
        string.Join('.', ends.OrderBy(end => end.Key).Select(end => string.Create(
            CultureInfo.InvariantCulture, $"{end.Key}-{end.Value}")));

    /// <summary>Reads what <see cref="Written"/> wrote; what is none of it is left out.</summary>
    public static IReadOnlyDictionary<Peer, long> Read(string? text)
    {
        var ends = new Dictionary<Peer, long>();
        foreach (var part in (text ?? "").Split('.'))
        {
            if (part.Split('-') is [var name, var number] && WireNames.TryParse<Peer>(name, out var peer)
                && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                ends[peer] = id;
        }
        return ends;
    }
}
