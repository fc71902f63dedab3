using Billing.Contracts;
using Billing.Rating;

namespace Billing.Invoicing;

/// <summary>
/// Converts what is known of an account to the facts that a plan rates. Runs, what-ifs and quotes all use it, so that
/// they cannot differ.
/// </summary>
internal static class RatingFacts
{
    /// <summary>The facts of the supply. A household opened during the year has a part of the year's quota.</summary>
    public static SupplyFacts Supply(
        CustomerClass @class, DateOnly openedOn, decimal areaM2, decimal? heightM, string? use) =>
        new(@class) { QuotaSince = openedOn, AreaM2 = areaM2, HeightM = heightM, UseClass = use };

    /// <summary>
    /// The usage of heat. It begins with the contract: a flat opened during the season has fewer heated days (rules.md
    /// H-13).
    /// </summary>
    public static Usage Heat(DateRange days, DateOnly openedOn) =>
        new(openedOn > days.First ? new(openedOn, days.Last) : days);

    /// <summary>The usage of electricity, from the readings.</summary>
    public static Usage Electricity(DateRange days, Metered metered, YearSoFar year) => new(days)
    {
        TotalKwh = metered.Kwh,
        PeakKwh = metered.HasTimeOfUse ? metered.Peak : null,
        ValleyKwh = metered.HasTimeOfUse ? metered.Valley : null,
        Months = metered.Months,
        YearToDateKwh = year.Kwh,
        YearToDateCharges = year.Charges?.Total,
        YearToDateNet = year.Charges?.Net,
        ClosesYear = year.Closes,
    };

    /// <summary>
    /// The consumption before, between and after the days on which the price changes, when the meters were read on
    /// them: register values are those at the beginning of the day of a reading. Empty when a change lies between two
    /// readings.
    /// </summary>
    /// <param name="days">The period.</param>
    /// <param name="changes">The first days of the new prices, in order.</param>
    /// <param name="closings">The period's closing readings.</param>
    public static IReadOnlyList<Usage> Parts(
        DateRange days, IReadOnlyList<DateOnly> changes, IReadOnlyList<PeriodReading> closings)
    {
        if (closings.Any(closing => changes.Any(day => closing.From < day && day < closing.ReadOn)))
            return [];
        var pieces = new Metered[changes.Count + 1];
        var timeOfUse = true;
        foreach (var closing in closings)
        {
            pieces[changes.Count(day => day < closing.ReadOn)].Add(
                closing.Kwh, closing.Peak, closing.Valley, closing.Months);
            timeOfUse &= closing.Peak is not null;
        }
        return [.. pieces.Select((piece, at) => new Usage(new(
            at == 0 ? days.First : changes[at - 1],
            at == changes.Count ? days.Last : changes[at].AddDays(-1)))
        {
            TotalKwh = piece.Kwh, PeakKwh = timeOfUse ? piece.Peak : null, ValleyKwh = timeOfUse ? piece.Valley : null,
        })];
    }

    /// <summary>
    /// Whether a bill is the account's last one in the calendar year: December's, or that of the month in which the
    /// last meter was taken down.
    /// </summary>
    /// <param name="period">The billing period, a month.</param>
    /// <param name="readings">Its readings, in order of meter and day.</param>
    public static bool ClosesYear(BillingPeriod period, IReadOnlyList<PeriodReading> readings) =>
        !period.IsSeason && (period.Month.First.Month == 12 || (readings.Count > 0 && readings
            .GroupBy(reading => reading.Meter)
            .All(meter => meter.Last().Kind == ReadingKind.Final)));
}

/// <summary>
/// The consumption and charges before in the calendar year, for tiers and minimums that count by the year.
/// </summary>
/// <param name="Kwh">The consumption; null when no plan needs it.</param>
/// <param name="Charges">The charges; null when no plan needs them.</param>
/// <param name="Closes">Whether this is the last bill of the year.</param>
internal readonly record struct YearSoFar(decimal? Kwh, Charged? Charges, bool Closes);

/// <summary>The sum of invoices after their credits.</summary>
/// <param name="Total">With tax.</param>
/// <param name="Net">Without tax.</param>
public readonly record struct Charged(Money Total, Money Net)
{
    /// <summary>The amount of an invoice <c>i</c> after the credits of <see cref="CreditsSql"/>, fen.</summary>
    internal const string TotalSql = "i.amount_fen - coalesce(credited.fen, 0)";

    /// <inheritdoc cref="TotalSql"/>
    internal const string NetSql = "i.net_fen - coalesce(credited.net_fen, 0)";

    /// <summary>The credits of an invoice <c>i</c>.</summary>
    internal const string CreditsSql = """
        left join lateral (
          select sum(c.amount_fen) as fen, sum(c.net_fen) as net_fen from credit c
          where c.account_no = i.account_no and c.invoice_no = i.invoice_no) credited on true
        """;

    /// <summary>Adds two sums.</summary>
    public static Charged operator +(Charged left, Charged right) =>
        new(left.Total + right.Total, left.Net + right.Net);
}

/// <summary>
/// The consumption of a period, added up over its closing readings. It has peak and valley parts only when every
/// reading has them; readings that span several months bring as many monthly quotas.
/// </summary>
internal struct Metered
{
    private bool _single;
    private int _months;

    public int Readings { get; private set; }

    public long Kwh { get; private set; }

    public long Peak { get; private set; }

    public long Valley { get; private set; }

    public readonly int Months => Math.Max(1, _months);

    public readonly bool HasTimeOfUse => !_single;

    public void Add(long kwh, long? peak, long? valley, int months)
    {
        Readings++;
        Kwh += kwh;
        Peak += peak ?? 0;
        Valley += valley ?? 0;
        _single |= peak is null;
        _months = Math.Max(_months, months);
    }
}
