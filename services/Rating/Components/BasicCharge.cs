using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// The basic charge of a two-part tariff (基本电费, rules.md E-8 to E-12): by the capacity of the transformers, by the
/// contracted or by the measured highest demand; the customer chooses among those that the plan offers.
/// </summary>
public sealed class BasicCharge : PlanComponent
{
    private readonly decimal? _capacityPrice;
    private readonly decimal? _sealedShare;
    private readonly DemandTerms? _demand;
    private readonly PartMonth _partMonth;
    private readonly string _register;
    private readonly LineTemplate _capacity;
    private readonly LineTemplate _inUse;
    private readonly LineTemplate _sealed;
    private readonly LineTemplate _billed;
    private readonly LineTemplate _excess;

    private BasicCharge(
        ComponentHead head, decimal? capacityPrice, decimal? sealedShare, DemandTerms? demand, PartMonth partMonth,
        string register)
        : base(head)
    {
        (_capacityPrice, _sealedShare, _demand, _partMonth) = (capacityPrice, sealedShare, demand, partMonth);
        _register = register;
        var (perKva, perKw) = (capacityPrice ?? 0m, demand?.Price ?? 0m);
        var byDays = new Label("变压器容量按使用天数", "transformer capacity by days of use");
        _capacity = head.Line(
            Unit.Kva, perKva, new("变压器容量 × 单价", "transformer capacity × price"), "capacity",
            new("容量", "capacity"));
        _inUse = head.Line(Unit.KvaDay, perKva, byDays, "in-use", new("运行容量", "capacity in use"));
        _sealed = head.Line(
            Unit.KvaDay, perKva, new("暂停容量按比例计收", "sealed capacity at its share"), "sealed",
            new("暂停容量", "sealed capacity"));
        _billed = head.Line(
            Unit.Kw, perKw, new("计费需量 × 单价", "billed demand × price"), "demand", new("需量", "demand"));
        _excess = head.Line(
            Unit.Kw, perKw, new("超合同需量部分加收", "demand above the contract, at its multiple"), "excess",
            new("超需量", "excess demand"));
        Lines = [_capacity, _inUse, _sealed, _billed, _excess];
    }

    internal override Utility? Utility => Contracts.Utility.Electricity;

    internal override Prices Prices => _sealedShare is null ? Prices.Nothing : Prices.Sealed;

    internal override LineTemplate[] Lines { get; }

    internal static BasicCharge Read(PlanObject json, ComponentHead head)
    {
        var register = json.Has("capacityRegister") ? json.Name("capacityRegister") : "capacity";
        decimal? price = null;
        decimal? sealedShare = null;
        if (json.OptionalObject("capacity") is { } capacity)
        {
            price = capacity.Price("price");
            sealedShare = capacity.OptionalNumber("sealedShare", 0m, 1m);
            capacity.Finish();
        }
        var demand = json.OptionalObject("demand") is { } terms ? DemandTerms.Read(terms) : null;
        if (price is null && demand is null)
            json.Fail("capacity", "is missing: a basic charge is by capacity, by demand, or by either");
        return new(head, price, sealedShare, demand, PartMonths.Read(json), register);
    }

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        var method = bill.Supply.BasicCharge
            ?? (_demand is null ? BasicChargeMethod.Capacity
                : _capacityPrice is null ? BasicChargeMethod.ContractDemand
                : null as BasicChargeMethod?);
        return method switch
        {
            null => RatingRefusal.BasicChargeNotChosen,
            BasicChargeMethod.Capacity when _capacityPrice is not null => AddCapacity(ref bill),
            not BasicChargeMethod.Capacity when _demand is not null =>
                AddDemand(ref bill, _demand, method == BasicChargeMethod.ContractDemand),
            _ => RatingRefusal.BasicChargeNotOffered,
        };
    }

    private RatingRefusal? AddCapacity(ref BillBuilder bill)
    {
        if (bill.Quantity(_register, Unit.Kva) is not { } kva)
            return bill.Missing(_register);
        var part = _partMonth.Of(in bill);
        var off = bill.Usage.Interruptions.Sealed;
        if (off.Count == 0 || _sealedShare is null)
        {
            bill.Add(_capacity, kva, bill.Usage.Months, part);
            return null;
        }
        var (sealedNow, sealedDays) = (0m, 0m);
        foreach (var one in off)
        {
            sealedNow += one.Kva;
            sealedDays += one.Kva * (one.Days.Intersect(bill.Usage.Period)?.Days ?? 0);
        }
        if (sealedNow > kva)
            return RatingRefusal.SealedExceedsCapacity;
        var of = part.Of == 1 ? bill.Usage.Period.Days : part.Of;
        bill.Add(_inUse, kva * bill.Days - sealedDays, bill.Usage.Months, new(1, of));
        if (_sealedShare is > 0m and var share)
            bill.Add(_sealed, sealedDays, share * bill.Usage.Months, new(1, of));
        return null;
    }

    private RatingRefusal? AddDemand(ref BillBuilder bill, DemandTerms terms, bool byContract)
    {
        if (terms.Count(in bill, byContract, _register, out var demand) is { } refusal)
            return refusal;
        var (part, months) = (_partMonth.Of(in bill), bill.Usage.Months);
        bill.Add(_billed, demand.Billed, demand.Factor * months, part);
        if (demand.Excess > 0m)
            bill.Add(_excess, demand.Excess, demand.Factor * terms.ExcessTimes * months, part);
        return null;
    }
}
