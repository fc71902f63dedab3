using Billing.Contracts;

namespace Billing.Tools;

/// <summary>One invoice as recorded in one book, fen.</summary>
internal readonly record struct Item(long Amount, long Credited, long Allocated)
{
    public long Open => Amount - Credited - Allocated;

    public static Item operator +(Item left, Item right) => new(
        left.Amount + right.Amount, left.Credited + right.Credited, left.Allocated + right.Allocated);
}

/// <summary>The money of one account as recorded in one book, fen.</summary>
internal record struct Held(long Received, long Reversed, long Refunded, long Advance);

/// <summary>A difference between two books, with the keys needed to look it up.</summary>
internal sealed record Discrepancy(string Account, string What, long Fen, string Where);

/// <summary>
/// The records of one account in the event streams and read models of all services, and their comparison: each invoice
/// is the same in every book, and the money identities hold.
/// </summary>
internal sealed class AccountBooks(string account)
{
    private const int Issued = 0, Charged = 1, OpenItems = 2, Receivables = 3, InvoiceTable = 4;
    private static readonly string[] Books =
    [
        "Invoicing's events", "Payments' events", "Payments' open items", "Collections' receivables",
        "Invoicing's invoices",
    ];

    private readonly Dictionary<string, Item>[] _items = [[], [], [], [], []];
    private readonly HashSet<string> _paid = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, string> _published = [];
    private readonly HashSet<Guid> _timeline = [];
    private Held _events;
    private (long Open, long Advance) _balance;
    private (long Amount, long Count) _payments;
    private (long Amount, long Count) _statement;
    private long _advanceInCollections;
    private long _movements;

    public string Account => account;

    public long Invoices => _items[Issued].Values.Count(item => item.Amount != 0);

    /// <summary>A sum from Payments' events; the open amount from its balance table.</summary>
    public Money Of(MoneyTerm term) => new(term switch
    {
        MoneyTerm.Charges => _items[Charged].Values.Sum(item => item.Amount),
        MoneyTerm.Credits => _items[Charged].Values.Sum(item => item.Credited),
        MoneyTerm.Allocated => _items[Charged].Values.Sum(item => item.Allocated),
        MoneyTerm.Open => _balance.Open,
        MoneyTerm.Received => _events.Received,
        MoneyTerm.Reversed => _events.Reversed,
        MoneyTerm.Refunded => _events.Refunded,
        MoneyTerm.Advance => _events.Advance,
        _ => throw new ArgumentOutOfRangeException(nameof(term)),
    });

    public void InvoiceIssued(string invoice, long fen) => Add(Issued, invoice, new(fen, 0, 0));

    public void CreditIssued(string invoice, long fen) => Add(Issued, invoice, new(0, fen, 0));

    public void ChargeOpened(string invoice, long fen) => Add(Charged, invoice, new(fen, 0, 0));

    public void ChargeCredited(string invoice, long fen) => Add(Charged, invoice, new(0, fen, 0));

    public void Allocation(string invoice, long fen) => Add(Charged, invoice, new(0, 0, fen));

    public void OpenItem(string invoice, Item item) => Add(OpenItems, invoice, item);

    public void Receivable(string invoice, Item item) => Add(Receivables, invoice, item);

    public void InvoiceRow(string invoice, long fen) => Add(InvoiceTable, invoice, new(fen, 0, 0));

    /// <summary>
    /// Adds a payment. One that its partner reversed and then reports in its file is received a second time.
    /// </summary>
    public void PaymentReceived(string payment, long fen, long advance)
    {
        _paid.Add(payment);
        _movements++;
        _events = _events with { Received = _events.Received + fen, Advance = _events.Advance + advance };
    }

    public void PaymentReversed(long fen, long advance)
    {
        _movements++;
        _events = _events with
        {
            Reversed = _events.Reversed + fen, Advance = _events.Advance + advance,
        };
    }

    public void AdvanceRefunded(long fen)
    {
        _movements++;
        _events = _events with
        {
            Refunded = _events.Refunded + fen, Advance = _events.Advance - fen,
        };
    }

    public void AdvanceMoved(long fen)
    {
        _movements++;
        _events = _events with { Advance = _events.Advance + fen };
    }

    /// <summary>Adds an entry of the statement of account: negative for money received.</summary>
    public void StatementEntry(long fen) => _statement = (_statement.Amount + fen, _statement.Count + 1);

    public void Balance(long open, long advance) => _balance = (_balance.Open + open, _balance.Advance + advance);

    public void PaymentRow(long fen, bool reversed) =>
        _payments = (_payments.Amount + (reversed ? 0 : fen), _payments.Count + 1);

    public void AdvanceInCollections(long fen) => _advanceInCollections += fen;

    public void Published(Guid id, string what) => _published.Add(id, what);

    public void OnTimeline(Guid id) => _timeline.Add(id);

    /// <summary>All differences; none when the account is balanced.</summary>
    public IEnumerable<Discrepancy> Compare()
    {
        foreach (var book in new[] { Charged, OpenItems, Receivables })
        {
            foreach (var difference in Against(book))
                yield return difference;
        }
        foreach (var (invoice, item) in _items[Issued].Where(entry => entry.Value.Amount != 0))
        {
            if (_items[InvoiceTable].GetValueOrDefault(invoice).Amount is var row && row != item.Amount)
                yield return new(
                    account, $"invoice {invoice}: {Books[InvoiceTable]}", row - item.Amount, Books[Issued]);
            if (_items[Charged].GetValueOrDefault(invoice).Open is var open && open < 0)
                yield return new(account, $"invoice {invoice} is paid beyond what is owed", open, Books[Charged]);
        }
        foreach (var identity in MoneyIdentity.All)
        {
            if (identity.Difference(Of) is { IsZero: false } off)
                yield return new(account, $"{identity} does not hold", off.Fen, $"{Books[Charged]}, account_balance");
        }
        foreach (var (what, left, right, where) in new[]
        {
            ("advance in the balance", _balance.Advance, _events.Advance, "account_balance"),
            ("advance in Collections", _advanceInCollections, _events.Advance, "account_advance"),
            ("received and kept in the payment rows", _payments.Amount, _events.Received - _events.Reversed, "payment"),
            ("payments in the payment rows", _payments.Count, _paid.Count, "payment"),
            ("money on the statement", _statement.Amount, _events.Reversed + _events.Refunded - _events.Received,
                "statement_entry"),
            ("movements on the statement", _statement.Count, _movements, "statement_entry"),
        })
        {
            if (left != right)
                yield return new(account, what, left - right, where);
        }
        if (_events.Advance < 0)
            yield return new(account, "advance is negative", _events.Advance, Books[Charged]);
        foreach (var difference in Timeline())
            yield return difference;
    }

    private IEnumerable<Discrepancy> Against(int book)
    {
        // Allocations are compared with Payments' events; charges and credits with Invoicing's.
        var truth = book == Charged ? Issued : Charged;
        foreach (var invoice in _items[truth].Keys.Union(_items[book].Keys))
        {
            var (left, right) = (_items[book].GetValueOrDefault(invoice), _items[truth].GetValueOrDefault(invoice));
            if (left.Amount != right.Amount)
                yield return new(account, $"invoice {invoice}: amount", left.Amount - right.Amount, Pair(book, truth));
            if (left.Credited != right.Credited)
                yield return new(
                    account, $"invoice {invoice}: credited", left.Credited - right.Credited, Pair(book, truth));
            if (book != Charged && left.Allocated != right.Allocated)
                yield return new(
                    account, $"invoice {invoice}: allocated", left.Allocated - right.Allocated, Pair(book, truth));
        }
    }

    private IEnumerable<Discrepancy> Timeline()
    {
        foreach (var (id, what) in _published.Where(fact => !_timeline.Contains(fact.Key)))
            yield return new(account, $"event {id} ({what}) is not on the timeline", 0, "account_timeline");
        foreach (var id in _timeline.Where(id => !_published.ContainsKey(id)))
            yield return new(account, $"event {id} is on the timeline but in no stream", 0, "account_timeline");
    }

    private static string Pair(int book, int truth) => $"{Books[book]} ≠ {Books[truth]}";

    private void Add(int book, string invoice, Item item) =>
        _items[book][invoice] = _items[book].GetValueOrDefault(invoice) + item;
}
