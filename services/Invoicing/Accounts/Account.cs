using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Billing.Contracts;
using Billing.Platform;
using Billing.Rating;

namespace Billing.Invoicing;

/// <summary>A reading is named by its meter and its day.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="ReadOn">The day.</param>
[JsonConverter(typeof(ReadingNameText))]
public readonly record struct ReadingName(string Meter, DateOnly ReadOn);

/// <summary>What Invoicing has recorded about one account: what was read, billed and credited.</summary>
/// <param name="Invoices">The issued invoices.</param>
/// <param name="Credits">The credit notes, each with its net and its tax.</param>
public sealed record Account(
    ImmutableDictionary<InvoiceNo, Taxed> Invoices, ImmutableDictionary<string, CreditIssued> Credits)
{
    /// <summary>The readings that count.</summary>
    public ImmutableDictionary<ReadingName, ReadingAccepted> Readings { get; init; } =
        ImmutableDictionary<ReadingName, ReadingAccepted>.Empty;

    /// <summary>The readings that were withdrawn and not taken anew: each still has a row, which is marked.</summary>
    public ImmutableHashSet<ReadingName> Withdrawn { get; init; } = [];

    /// <summary>The withdrawals by their numbers.</summary>
    public ImmutableDictionary<string, ReadingWithdrawn> Withdrawals { get; init; } =
        ImmutableDictionary.Create<string, ReadingWithdrawn>(StringComparer.Ordinal);

    /// <summary>What each invoice was metered from.</summary>
    public ImmutableDictionary<InvoiceNo, IReadOnlyList<Used>> Usage { get; init; } =
        ImmutableDictionary<InvoiceNo, IReadOnlyList<Used>>.Empty;

    internal static readonly EventNames<AccountEvent> Names = new EventNames<AccountEvent>()
        .Add<ReadingAccepted>("reading-accepted.v1")
        .Add<ReadingWithdrawn>("reading-withdrawn.v1")
        .Add<InvoiceIssued>("invoice-issued.v1")
        .Add<CreditIssued>("credit-issued.v1");

    private static readonly Account Empty = new(
        ImmutableDictionary<InvoiceNo, Taxed>.Empty,
        ImmutableDictionary.Create<string, CreditIssued>(StringComparer.Ordinal));

    /// <summary>All account streams.</summary>
    public static readonly StreamType<Account, AccountEvent> Streams = new(
        "account", Empty, Evolve, Names, Project, Invoicing.Readings.Table, Invoicing.Invoices.Table,
        Invoicing.Credits.Table)
    {
        HasSnapshots = true,
        Identity = (_, @event) => @event switch
        {
            // A run posts invoices by SQL, with the same name (Runs/ChunkPosting.cs).
            InvoiceIssued e => $"invoice {e.Invoice}",
            CreditIssued e => $"credit note {e.Note}",
            _ => null,
        },
    };

    /// <summary>The stream of an account.</summary>
    public static StreamName<Account, AccountEvent> Stream(AccountNo account) => Streams.Named(account.Value);

    /// <summary>What is left of an invoice after its credits.</summary>
    public Taxed LeftOf(InvoiceNo invoice) => Credits.Values.Where(credit => credit.Invoice == invoice).Aggregate(
        Invoices[invoice], (left, credit) => left - new Taxed(credit.Amount, credit.Net!.Value));

    /// <summary>An invoice that rests on a reading and is not credited as a whole, or null.</summary>
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

    /// <summary>Older notes do not say what of them is tax; it follows from the invoice, as for new ones.</summary>
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

/// <summary>What a reading is for.</summary>
public enum ReadingKind
{
    /// <summary>The register when a meter is put in place: consumption counts from here.</summary>
    Initial,

    /// <summary>The ordinary reading that closes a period.</summary>
    Regular,

    /// <summary>The register when a meter is taken down: consumption counts up to here.</summary>
    Final,
}

/// <summary>Why a person should look at an accepted reading before it is billed.</summary>
public enum ReadingFlag
{
    /// <summary>A register passed its last digit (rules.md E-22).</summary>
    RolledOver,

    /// <summary>Nothing was used.</summary>
    Zero,

    /// <summary>Far more a day than this meter's own average, or than is usual while it has none.</summary>
    High,

    /// <summary>Far less a day than this meter's own average.</summary>
    Low,
}

/// <summary>
/// A register was read and found plausible; consumption follows from the reading before it (rules.md E-21).
/// </summary>
/// <param name="Account">The account.</param>
/// <param name="Meter">The meter.</param>
/// <param name="ReadOn">The day of the reading; the register is taken as it stood when that day began.</param>
/// <param name="Kind">What the reading is for.</param>
/// <param name="Total">The total register, kWh before the multiplier.</param>
/// <param name="Peak">The peak register, or null without time of use.</param>
/// <param name="Valley">The valley register, or null without time of use.</param>
/// <param name="Period">The month that is billed for the consumption.</param>
/// <param name="From">The day of the reading before, or null for an initial one.</param>
/// <param name="Months">How many months the consumption spans, at least 1: so many monthly quotas it gets.</param>
/// <param name="Kwh">The consumption, whole kWh after the multiplier; null for an initial reading.</param>
/// <param name="PeakKwh">The peak part.</param>
/// <param name="ValleyKwh">The valley part.</param>
/// <param name="Flags">What a person should look at.</param>
public sealed record ReadingAccepted(
    AccountNo Account, string Meter, DateOnly ReadOn, ReadingKind Kind, decimal Total, decimal? Peak, decimal? Valley,
    BillingPeriod Period, DateOnly? From, int Months, long? Kwh, long? PeakKwh, long? ValleyKwh,
    IReadOnlyList<ReadingFlag> Flags) : AccountEvent
{
    internal ReadingName Name => new(Meter, ReadOn);
}

/// <summary>A person took a reading back: it was never right, and whatever comes next is decided without it.</summary>
/// <param name="Withdrawal">The number of the withdrawal, given by the caller.</param>
/// <param name="Account">The account.</param>
/// <param name="Meter">The meter.</param>
/// <param name="ReadOn">The day of the reading.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who.</param>
public sealed record ReadingWithdrawn(
    string Withdrawal, AccountNo Account, string Meter, DateOnly ReadOn, string Reason, string By) : AccountEvent
{
    internal ReadingName Name => new(Meter, ReadOn);
}

/// <summary>
/// An invoice was issued. The number is the first member: a draft is the same JSON with an empty number.
/// </summary>
/// <param name="Invoice">Its number.</param>
/// <param name="Account">Who owes it.</param>
/// <param name="Utility">What for.</param>
/// <param name="Period">For when.</param>
/// <param name="Class">The account's class.</param>
/// <param name="Region">The account's region.</param>
/// <param name="Project">The account's project.</param>
/// <param name="Amount">The total with tax: exactly the sum of the lines.</param>
/// <param name="Net">The total without tax.</param>
/// <param name="Tax">The tax in the total.</param>
/// <param name="Plan">The price plan.</param>
/// <param name="Version">The version of the plan; the last one when the price changes in the period.</param>
/// <param name="Lines">The lines, in the rating library's compact form.</param>
/// <param name="Usage">The metered consumption behind the lines, per closing reading; empty for heat by area.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="DueOn">The one due date.</param>
/// <param name="Run">The billing run.</param>
public sealed record InvoiceIssued(
    InvoiceNo Invoice, AccountNo Account, Utility Utility, BillingPeriod Period, CustomerClass Class, string Region,
    string Project, Money Amount, Money Net, Money Tax, PlanCode Plan, int Version, BillLine[] Lines, Used[] Usage,
    DateOnly IssuedOn, DateOnly DueOn, string Run) : AccountEvent;

/// <summary>Consumption between two readings of a meter.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="From">The day of the earlier reading.</param>
/// <param name="To">The day of the later reading, which names the stored reading together with the meter.</param>
/// <param name="Kwh">Whole kWh.</param>
/// <param name="Peak">The peak part, left out without time of use.</param>
/// <param name="Valley">The valley part, left out without time of use.</param>
public sealed record Used(
    string Meter,
    DateOnly From,
    DateOnly To,
    long Kwh,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Peak = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Valley = null);

/// <summary>A part or the whole of an invoice is not owed after all.</summary>
/// <param name="Note">The number of the credit note; unique.</param>
/// <param name="Invoice">The invoice it corrects.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">How much less is owed, more than zero.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="Net">The amount without tax; notes from before it was recorded do not say it.</param>
/// <param name="Tax">The tax in the amount: amount − net.</param>
public sealed record CreditIssued(
    string Note, InvoiceNo Invoice, AccountNo Account, Money Amount, string Reason, DateOnly IssuedOn,
    Money? Net = null, Money? Tax = null) : AccountEvent;
