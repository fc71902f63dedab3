using Billing.Contracts;
using Billing.Platform;
using Npgsql;

namespace Billing.Tools;

/// <summary>The result of an audit.</summary>
/// <param name="Accounts">Accounts that Customer or any book knows.</param>
/// <param name="Invoices">Invoices issued.</param>
/// <param name="Events">Events and rows read.</param>
/// <param name="Differences">The number of differences.</param>
/// <param name="FenOff">The sum of their absolute values, fen.</param>
internal sealed record AuditResult(long Accounts, long Invoices, long Events, long Differences, long FenOff)
{
    /// <summary>The sums over all accounts.</summary>
    public required IReadOnlyDictionary<MoneyTerm, Money> Sums { get; init; }

    /// <summary>Kinds of stored events that this audit does not know, as <c>service name</c>.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Whether everything is known and every book agrees.</summary>
    public bool Balanced => Unknown.Count == 0 && Differences == 0;

    /// <summary>
    /// The verdict in one line. An unknown kind may have moved money, so that with one a difference would prove
    /// nothing.
    /// </summary>
    public string Verdict => this switch
    {
        { Unknown: [_, ..] } =>
            $"trial balance: cannot be told ({Accounts} accounts; unknown to this audit: {string.Join(", ", Unknown)})",
        { Balanced: true } => $"trial balance: balanced ({Accounts} accounts, 0 fen off)",
        _ => $"trial balance: BROKEN ({Accounts} accounts, {Differences} differences, {FenOff} fen off)",
    };
}

/// <summary>
/// Recomputes every account from the event streams of all services, reading the JSON as it is stored and using none of
/// the services' code, and compares it with every read model that has the same figures.
/// </summary>
internal static class Auditing
{
    private const int StreamPrefix = 8;

    /// <summary>Reads all books in parallel, in order of account.</summary>
    public static async Task<AuditResult> Run(
        Action<Discrepancy> found, Action<long>? progress, CancellationToken cancellation)
    {
        var sources = new List<Source>();
        try
        {
            foreach (var (service, sql, prefix, add) in Books())
                sources.Add(await Source.Open(service, sql, prefix, add, cancellation));
            return await Walk(sources, found, progress, cancellation) with { Unknown = await Unknown(cancellation) };
        }
        finally
        {
            foreach (var source in sources)
                await source.DisposeAsync();
        }
    }

    private static async Task<AuditResult> Walk(
        List<Source> sources, Action<Discrepancy> found, Action<long>? progress, CancellationToken cancellation)
    {
        var sums = Enum.GetValues<MoneyTerm>().ToDictionary(term => term, _ => Money.Zero);
        var result = new AuditResult(0, 0, 0, 0, 0) { Sums = sums };
        while (sources.Select(source => source.Next).OfType<string>().Min(StringComparer.Ordinal) is { } account)
        {
            var books = new AccountBooks(account);
            foreach (var source in sources)
                await source.Take(books, cancellation);
            var (differences, off) = (0L, 0L);
            foreach (var difference in books.Compare())
            {
                found(difference);
                (differences, off) = (differences + 1, off + Math.Abs(difference.Fen));
            }
            foreach (var term in Enum.GetValues<MoneyTerm>())
                sums[term] += books.Of(term);
            result = new(
                result.Accounts + 1, result.Invoices + books.Invoices, sources.Sum(source => source.Rows),
                result.Differences + differences, result.FenOff + off) { Sums = sums };
            if (result.Accounts % 1000 == 0)
                progress?.Invoke(result.Accounts);
        }
        return result;
    }

    private static IEnumerable<
        (string Service, string Sql, int Prefix, Action<AccountBooks, NpgsqlDataReader> Add)> Books()
    {
        // Accounts without money anywhere are in balance, but counted.
        yield return ("customer", "select account_no from accounts order by account_no", 0, (_, _) => { });
        foreach (var kinds in AuditedEvents.All.Where(kind => kind.IsRead).GroupBy(kind => kind.Service))
            yield return EventsOf(kinds.Key, [.. kinds]);
        yield return ProposalsOf("payments", Payments.RefundKind.Name);
        yield return ProposalsOf("invoicing", Invoicing.CreditKind.Name);
        yield return ("invoicing", "select account_no, invoice_no, amount_fen from invoice order by account_no", 0,
            (books, row) => books.InvoiceRow(row.GetString(1), row.GetInt64(2)));
        yield return ("invoicing", "select account_no, amount_fen from statement_entry order by account_no", 0,
            (books, row) => books.StatementEntry(row.GetInt64(1)));
        yield return ("payments", """
            select account_no, invoice_no, amount_fen, credited_fen, allocated_fen from open_charge order by account_no
            """, 0, (books, row) => books.OpenItem(row.GetString(1), ItemOf(row)));
        yield return (
            "payments", "select account_no, open_fen, advance_fen from account_balance order by account_no", 0,
            (books, row) => books.Balance(row.GetInt64(1), row.GetInt64(2)));
        yield return ("payments", """
            select account_no, amount_fen, status = 'Reversed' from payment where status <> 'Blocked'
            order by account_no
            """, 0, (books, row) => books.PaymentRow(row.GetInt64(1), row.GetBoolean(2)));
        yield return ("collections", """
            select account_no, invoice_no, coalesce(amount_fen, 0), credited_fen, allocated_fen
            from receivable order by account_no
            """, 0, (books, row) => books.Receivable(row.GetString(1), ItemOf(row)));
        yield return ("collections", "select account_no, advance_fen from account_advance order by account_no", 0,
            (books, row) => books.AdvanceInCollections(row.GetInt64(1)));
        yield return ("customer", "select account_no, event_id from account_timeline order by account_no", 0,
            (books, row) => books.OnTimeline(row.GetGuid(1)));
    }

    /// <summary>The events of a service's accounts that the audit reads.</summary>
    private static (string, string, int, Action<AccountBooks, NpgsqlDataReader>) EventsOf(
        string service, IReadOnlyList<AuditedEvent> kinds)
    {
        var named = kinds.ToDictionary(kind => kind.Name, StringComparer.Ordinal);
        return (service, $"""
            select stream_id, type, data, id from {StoredEvents.Sql(kinds.Select(kind => kind.Type))} e
            where stream_id like 'account-%' order by stream_id, version
            """,
            StreamPrefix,
            (books, row) => AuditedEvents.Enter(
                books, named[row.GetString(1)], row.GetGuid(3), row.GetFieldValue<byte[]>(2)));
    }

    /// <summary>
    /// What became of proposals about accounts, which are public; an approval is not, for what it did has an event of
    /// its own.
    /// </summary>
    private static (string, string, int, Action<AccountBooks, NpgsqlDataReader>) ProposalsOf(
        string service, string kind) => (service, $"""
        select data ->> 'account', type, id from {StoredEvents.Sql(PublicProposals)} e
        where data ->> 'kind' = '{kind}' order by 1
        """, 0, (books, row) => books.Published(row.GetGuid(2), row.GetString(1)));

    private static readonly Type[] PublicProposals =
    [
        typeof(ProposalMade), typeof(ProposalRejected), typeof(ProposalWithdrawn), typeof(ProposalExpired),
        typeof(ProposalFailed),
    ];

    /// <summary>The stored kinds that are not in <see cref="AuditedEvents"/>, as <c>service name</c>.</summary>
    private static async Task<IReadOnlyList<string>> Unknown(CancellationToken cancellation)
    {
        var unknown = new List<string>();
        foreach (var service in AuditedEvents.Services)
        {
            await using var source = NpgsqlDataSource.Create(Instance.Postgres(service));
            var stored = await new StoredEvents(source).CountByName(cancellation);
            unknown.AddRange(stored.Keys.Except(AuditedEvents.Of(service).Keys).Select(name => $"{service} {name}"));
        }
        return unknown;
    }

    private static Item ItemOf(NpgsqlDataReader row) => new(row.GetInt64(2), row.GetInt64(3), row.GetInt64(4));
}
