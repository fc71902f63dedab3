using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// Losses of the customer's own transformer and line that the meter does not measure (rules.md E-21, E-24): a quantity
/// per month, prorated for a part of a month, and a share of the metered consumption; rounded to whole kWh.
/// </summary>
public sealed class Losses : PlanComponent
{
    private readonly Measured? _perMonth;
    private readonly PartMonth _partMonth;
    private readonly decimal _share;
    private readonly Measured _metered;
    private readonly int _decimals;
    private readonly LineTemplate _line;

    private Losses(
        ComponentHead head, Measured? perMonth, PartMonth partMonth, decimal share, Measured metered, int decimals,
        decimal price)
        : base(head)
    {
        (_perMonth, _partMonth, _share, _metered, _decimals) = (perMonth, partMonth, share, metered, decimals);
        _line = head.Line(Unit.Kwh, price, new("变压器及线路损耗电量", "energy lost in transformer and line"));
        Lines = [_line];
    }

    internal override Utility? Utility => Contracts.Utility.Electricity;

    internal override LineTemplate[] Lines { get; }

    internal static Losses Read(PlanObject json, ComponentHead head)
    {
        Measured? perMonth = null;
        if (json.OptionalObject("perMonth") is { } fixedLoss)
        {
            perMonth = Measured.Read(fixedLoss, "loss");
            fixedLoss.Finish();
        }
        var share = json.OptionalNumber("share", 0m, 1m);
        if (perMonth is null && share is null)
            json.Fail("perMonth", "is missing: losses are a quantity for a month, a share, or both");
        return new(
            head, perMonth, PartMonths.Read(json), share ?? 0m, Measured.Read(json),
            json.OptionalWhole("decimals", 0, 6) ?? 0, json.Price("price"));
    }

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        var lost = 0m;
        if (_perMonth is not null)
        {
            if (_perMonth.Find(in bill, out var month) is { } refusal)
                return refusal;
            var part = _partMonth.Of(in bill);
            lost += (month ?? 0m) * bill.Usage.Months * part.Times / part.Of;
        }
        if (_share > 0m)
        {
            if (_metered.Find(in bill, out var metered) is { } refusal)
                return refusal;
            lost += (metered ?? 0m) * _share;
        }
        bill.Add(_line, decimal.Round(lost, _decimals, MidpointRounding.AwayFromZero));
        return null;
    }
}
