using Billing.Contracts;

namespace Billing.Rating;

/// <summary>The consumption and charges of the calendar year before a period; null is unknown.</summary>
/// <param name="Kwh">The consumption, kWh.</param>
/// <param name="Charges">The charges, tax included.</param>
/// <param name="Net">The charges, without tax.</param>
/// <param name="Lines">The sums of single lines of the bills.</param>
internal sealed record YearToDate(
    decimal? Kwh, Money? Charges, Money? Net, IReadOnlyDictionary<string, Money>? Lines)
{
    /// <summary>The beginning of a year: everything is zero.</summary>
    public static readonly YearToDate Begun = new(0m, Money.Zero, Money.Zero, new Dictionary<string, Money>());

    /// <summary>Everything is unknown.</summary>
    public static readonly YearToDate Unknown = new(null, null, null, null);

    /// <summary>The values given in a usage.</summary>
    public static YearToDate Of(Usage usage) => new(
        usage.YearToDateKwh, usage.YearToDateCharges, usage.YearToDateNet, usage.YearToDateLines);

    /// <summary>Reads <c>yearToDate</c>.</summary>
    public static YearToDate Read(PlanObject json)
    {
        var year = new YearToDate(
            json.OptionalNumber("kwh", 0m, 10_000_000_000m), json.Has("charges") ? json.Money("charges") : null,
            json.Has("net") ? json.Money("net") : null, json.OptionalObject("lines")?.Amounts());
        json.Finish();
        return year;
    }

    /// <summary>A usage with these values; values given in the usage itself have priority.</summary>
    public Usage Before(Usage usage) => usage with
    {
        YearToDateKwh = usage.YearToDateKwh ?? Kwh,
        YearToDateCharges = usage.YearToDateCharges ?? Charges,
        YearToDateNet = usage.YearToDateNet ?? Net,
        YearToDateLines = usage.YearToDateLines ?? Lines,
    };

    /// <summary>The values after a usage; unknown when it was not billed.</summary>
    public static YearToDate After(Usage usage, Bill? bill)
    {
        if (bill is null)
            return Unknown;
        var before = Of(usage);
        return new(
            before.Kwh + usage.TotalKwh, before.Charges + bill.Total, before.Net + bill.Net,
            before.Lines is null ? null : Sum(before.Lines, bill.Lines));
    }

    private static Dictionary<string, Money> Sum(IReadOnlyDictionary<string, Money> before, BillLine[] lines)
    {
        var sum = new Dictionary<string, Money>(before, StringComparer.Ordinal);
        foreach (var line in lines)
            sum[line.Id] = sum.GetValueOrDefault(line.Id) + line.Amount;
        return sum;
    }
}
