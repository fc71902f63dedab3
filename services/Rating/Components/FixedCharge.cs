using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// A charge that does not depend on consumption: per bill, month or day, and optionally per unit of a contract
/// quantity, such as an ampere. A negative price is a standing rebate.
/// </summary>
public sealed class FixedCharge : PlanComponent
{
    private readonly Per _per;
    private readonly Measured? _times;
    private readonly PartMonth _partMonth;
    private readonly decimal _unusedShare;
    private readonly LineTemplate _line;

    private FixedCharge(
        ComponentHead head, decimal price, Per per, Measured? times, PartMonth partMonth, decimal unusedShare)
        : base(head)
    {
        (_per, _times, _partMonth, _unusedShare) = (per, times, partMonth, unusedShare);
        var (unit, reason) = per switch
        {
            Per.Day => (Unit.Day, new Label("每日", "for every day")),
            Per.Month => (Unit.Month, new Label("每月", "for every month")),
            _ => (Unit.Each, new Label("每张账单", "for every bill")),
        };
        _line = times is null
            ? head.Line(unit, price, reason)
            : head.Line(times.Unit, price, new(
                $"{reason.Zh}每 {times.Unit.Symbol()}", $"{reason.En} and every {times.Unit.Symbol()}"));
        Lines = [_line];
    }

    private enum Per
    {
        Bill,
        Month,
        Day,
    }

    internal override LineTemplate[] Lines { get; }

    internal override (string Member, string Message)? Obstacle(PlanDocument plan) =>
        _unusedShare != 1m && plan.Utility != Contracts.Utility.Electricity
            ? ("unusedShare", "heat has no register total that could be 0")
            : null;

    internal static FixedCharge Read(PlanObject json, ComponentHead head)
    {
        var price = json.SignedPrice("price");
        var per = json.Choice("per", ("BILL", Per.Bill), ("MONTH", Per.Month), ("DAY", Per.Day));
        Measured? times = null;
        if (json.OptionalObject("times") is { } each)
        {
            if (!each.Has("register"))
                each.Fail("register", "is missing");
            times = Measured.Read(each, "ampere", Unit.Ampere);
            each.Finish();
        }
        if (per != Per.Month && json.Has("partMonth") && !json.Failed("per"))
            json.Fail("partMonth", "is only for a charge by the month");
        return new(head, price, per, times, PartMonths.Read(json), json.OptionalNumber("unusedShare", 0m, 1m) ?? 1m);
    }

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        if (_unusedShare != 1m && bill.Usage.TotalKwh is null)
            return RatingRefusal.UseUnknown(Id);
        var share = bill.Usage.TotalKwh == 0m ? _unusedShare : 1m;
        decimal count = _per switch
        {
            Per.Day => bill.Days,
            Per.Month => bill.Usage.Months,
            _ => 1m,
        };
        var part = _per switch
        {
            Per.Day => Part.Whole,
            Per.Month => _partMonth.Of(in bill),
            _ => bill.Slice,
        };
        if (_times is null)
        {
            bill.Add(_line, count, share, part);
            return null;
        }
        if (_times.Find(in bill, out var units) is { } refusal)
            return refusal;
        if (units is { } quantity)
            bill.Add(_line, quantity, count * share, part);
        return null;
    }
}
