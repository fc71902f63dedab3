using System.Collections.Immutable;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>What Invoicing has recorded about one account: readings, invoices and credit notes.</summary>
/// <param name="Invoices">The issued invoices.</param>
/// <param name="Credits">The credit notes, each with its net and its tax.</param>
public sealed record Account(
    ImmutableDictionary<InvoiceNo, Taxed> Invoices, ImmutableDictionary<CreditNoteNo, CreditIssued> Credits)
{
    /// <summary>The readings that count, that is, are not withdrawn.</summary>
    public ImmutableDictionary<ReadingName, ReadingAccepted> Readings { get; init; } =
        ImmutableDictionary<ReadingName, ReadingAccepted>.Empty;

    /// <summary>The readings that were withdrawn and not taken again; each still has a row, which is marked.</summary>
    public ImmutableHashSet<ReadingName> Withdrawn { get; init; } = [];

    /// <summary>The withdrawals by their numbers.</summary>
    public ImmutableDictionary<string, ReadingWithdrawn> Withdrawals { get; init; } =
        ImmutableDictionary.Create<string, ReadingWithdrawn>(StringComparer.Ordinal);

    /// <summary>The metered consumption behind each invoice.</summary>
    public ImmutableDictionary<InvoiceNo, IReadOnlyList<Used>> Usage { get; init; } =
        ImmutableDictionary<InvoiceNo, IReadOnlyList<Used>>.Empty;

    private static readonly Account Empty = new(
        ImmutableDictionary<InvoiceNo, Taxed>.Empty,
        ImmutableDictionary<CreditNoteNo, CreditIssued>.Empty);

    /// <summary>All account streams of Invoicing.</summary>
    public static readonly StreamType<Account, AccountEvent> Streams = new(
        "account", Empty, Evolve, Project, Invoicing.Readings.Table, Invoicing.Invoices.Table,
        Invoicing.Credits.Table)
    {
        HasSnapshots = true,
        Identity = (_, @event) => @event switch
        {
            InvoiceIssued e => InvoiceIssued.Named + e.Invoice,
            CreditIssued e => $"credit note {e.Note}",
            _ => null,
        },
    };

    /// <summary>The stream of an account.</summary>
    public static StreamName<Account, AccountEvent> Stream(AccountNo account) => Streams.Named(account.Value);

    /// <summary>What is left of an invoice after its credit notes.</summary>
    public Taxed LeftOf(InvoiceNo invoice) => Credits.Values.Where(credit => credit.Invoice == invoice).Aggregate(
        Invoices[invoice], (left, credit) => left - new Taxed(credit.Amount, credit.Net!.Value));

    /// <summary>The invoice that rests on a reading and is not credited as a whole, or null.</summary>
    public InvoiceNo? BilledBy(ReadingName reading)
    {
        foreach (var (invoice, usage) in Usage)
        {
            if (usage.Any(used => used.Meter == reading.Meter
                && (used.From == reading.ReadOn || used.To == reading.ReadOn)) && !LeftOf(invoice).Amount.IsZero)
                return invoice;
        }
        return null;
    }

    /// <summary>The net and the tax that a credit takes from an invoice.</summary>
    internal Taxed PartOf(InvoiceNo invoice, Money credited) =>
        Invoices[invoice].Part(Invoices[invoice].Amount - LeftOf(invoice).Amount, credited);

    private static Account Evolve(Account state, AccountEvent @event) => @event switch
    {
        ReadingAccepted e => state with
        {
            Readings = state.Readings.SetItem(e.Name, e), Withdrawn = state.Withdrawn.Remove(e.Name),
        },
        ReadingWithdrawn e => state with
        {
            Readings = state.Readings.Remove(e.Name), Withdrawn = state.Withdrawn.Add(e.Name),
            Withdrawals = state.Withdrawals.Add(e.Withdrawal, e),
        },
        InvoiceIssued e => state with
        {
            Invoices = state.Invoices.Add(e.Invoice, new(e.Amount, e.Net)),
            Usage = state.Usage.Add(e.Invoice, e.Usage),
        },
        CreditIssued e => state with { Credits = state.Credits.Add(e.Note, WithTax(state, e)) },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} is no event of an account."),
    };

    /// <summary>
    /// Computes net and tax of older notes, which do not contain them, from the invoice, as for new ones.
    /// </summary>
    private static CreditIssued WithTax(Account state, CreditIssued credit)
    {
        if (credit is { Net: not null, Tax: not null })
            return credit;
        var part = state.PartOf(credit.Invoice, credit.Amount);
        return credit with { Net = part.Net, Tax = part.Tax };
    }

    private static void Project(Rows rows, Recorded<AccountEvent> recorded, Account before, Account after)
    {
        switch (recorded.Event)
        {
            case ReadingAccepted e when before.Withdrawn.Contains(e.Name):
                rows.Upsert(Invoicing.Readings.Table, new(e, recorded.Id, recorded.At, false));
                break;
            case ReadingAccepted e:
                rows.Insert(Invoicing.Readings.Table, new(e, recorded.Id, recorded.At, false));
                break;
            case ReadingWithdrawn e:
                rows.Upsert(Invoicing.Readings.Table, new(before.Readings[e.Name], recorded.Id, recorded.At, true));
                break;
            case InvoiceIssued e:
                rows.Insert(Invoicing.Invoices.Table, new(e, recorded.At));
                break;
            case CreditIssued e:
                rows.Insert(Invoicing.Credits.Table, new(after.Credits[e.Note], recorded.At));
                break;
        }
    }
}

/// <summary>An event of an account.</summary>
public abstract record AccountEvent
{
    private protected AccountEvent()
    {
    }
}
