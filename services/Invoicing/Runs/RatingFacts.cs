using Billing.Contracts;
using Billing.Rating;

namespace Billing.Invoicing;

/// <summary>
/// How what is known of an account becomes the facts that a plan rates. Runs, what-ifs and quotes all ask here, so that
/// they cannot disagree.
/// </summary>
internal static class RatingFacts
{
    /// <summary>Whether a plan asks what was used in the calendar year before the period.</summary>
    public static bool NeedYear(PlanDocument plan) => plan.NeedsYearToDate;

    /// <summary>The facts of the supply. A household opened in mid-year has a part of the year's quota.</summary>
    public static SupplyFacts Supply(
        CustomerClass @class, DateOnly openedOn, decimal areaM2, decimal? heightM, string? use) =>
        new(@class) { QuotaSince = openedOn, AreaM2 = areaM2, HeightM = heightM, UseClass = use };

    /// <summary>
    /// Heat begins with the contract: a flat opened in mid-season has fewer heated days (rules.md H-13).
    /// </summary>
    public static Usage Heat(DateRange days, DateOnly openedOn) =>
        new(openedOn > days.First ? new(openedOn, days.Last) : days);

    /// <summary>What the meters say.</summary>
    public static Usage Electricity(DateRange days, Metered metered, decimal? yearToDateKwh) => new(days)
    {
        TotalKwh = metered.Kwh,
        PeakKwh = metered.HasTimeOfUse ? metered.Peak : null,
        ValleyKwh = metered.HasTimeOfUse ? metered.Valley : null,
        Months = metered.Months,
        YearToDateKwh = yearToDateKwh,
    };
}

/// <summary>
/// The consumption of a period, added up over its closing readings. There is time of use only when every one has it;
/// readings that span several months bring as many monthly quotas.
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
