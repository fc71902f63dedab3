using System.Collections.Immutable;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>A reading that was accepted earlier.</summary>
/// <param name="ReadOn">The day.</param>
/// <param name="Kind">The kind of reading.</param>
/// <param name="Total">The total register.</param>
/// <param name="Peak">The peak register, or null.</param>
/// <param name="Valley">The valley register, or null.</param>
/// <param name="Period">The month it was billed in.</param>
/// <param name="From">The day of the previous reading, or null.</param>
/// <param name="Kwh">Its consumption, or null for an initial reading.</param>
public sealed record PastReading(
    DateOnly ReadOn, ReadingKind Kind, decimal Total, decimal? Peak, decimal? Valley, BillingPeriod Period,
    DateOnly? From, long? Kwh);

/// <summary>The facts on which a decision about a reading of one account rests.</summary>
public abstract record MeterBook
{
    /// <summary>There is no account with an electricity supply under this number.</summary>
    public sealed record Unknown : MeterBook;

    /// <summary>The account's meters and their readings.</summary>
    /// <param name="OpenedOn">First day of the contract.</param>
    /// <param name="Class">The customer class, which decides the usual consumption when a meter has no history.</param>
    /// <param name="Meters">The meters that are or were in place, in order of their days.</param>
    /// <param name="BilledThrough">The last month that has an electricity invoice, or null.</param>
    /// <param name="BeingPosted">Months whose invoices are being posted now.</param>
    /// <param name="Past">Accepted readings per meter, newest first: the last few, and the one of the day
    /// concerned.</param>
    /// <param name="Limits">The limits from which a consumption is flagged.</param>
    public sealed record Open(
        DateOnly OpenedOn,
        CustomerClass Class,
        IReadOnlyList<MeterStay> Meters,
        BillingPeriod? BilledThrough,
        IReadOnlySet<BillingPeriod> BeingPosted,
        ImmutableDictionary<MeterNo, ImmutableList<PastReading>> Past,
        ReadingLimits Limits) : MeterBook
    {
        /// <summary>Readings among those concerned that were withdrawn and not taken again.</summary>
        public ImmutableHashSet<ReadingName> Withdrawn { get; init; } = [];
    }

    /// <summary>The number of readings from which a meter's own average is computed.</summary>
    public const int Remembered = 6;

    /// <summary>
    /// The same streams as <see cref="Account"/>, folded to meters. A batch builds the state from the reading table
    /// instead of folding whole histories, and folds only the events it adds.
    /// </summary>
    public static readonly StreamType<MeterBook, AccountEvent> Streams = new(
        Account.Streams.Category, new Unknown(), Evolve);

    internal static MeterBook Evolve(MeterBook state, AccountEvent @event) => (state, @event) switch
    {
        (Open open, ReadingAccepted e) => open with
        {
            Past = open.Past.SetItem(e.Meter, open.Past.GetValueOrDefault(e.Meter, []).Insert(0, PastOf(e))),
            Withdrawn = open.Withdrawn.Remove(e.Name),
        },
        (Open open, ReadingWithdrawn e) => open with
        {
            Past = open.Past.SetItem(
                e.Meter, open.Past.GetValueOrDefault(e.Meter, []).RemoveAll(past => past.ReadOn == e.ReadOn)),
            Withdrawn = open.Withdrawn.Add(e.Name),
        },
        (Open open, InvoiceIssued { Utility: Utility.Electricity } e) => open with { BilledThrough = e.Period },
        _ => state,
    };

    private static PastReading PastOf(ReadingAccepted e) =>
        new(e.ReadOn, e.Kind, e.Total, e.Peak, e.Valley, e.Period, e.From, e.Kwh);
}
