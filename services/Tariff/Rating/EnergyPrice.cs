using Billing.Contracts;

namespace Billing.Rating;

/// <summary>One price for every kWh, whenever it is used.</summary>
public sealed class EnergyPrice : PlanComponent
{
    private readonly LineTemplate _line;

    private EnergyPrice(string id, Label label, decimal price)
        : base(id, label)
    {
        _line = new(id, label, new("每千瓦时同价", "one price for every kWh"), Unit.Kwh, price);
        Lines = [_line];
    }

    internal override Utility Utility => Utility.Electricity;

    internal override LineTemplate[] Lines { get; }

    internal static EnergyPrice Read(PlanObject json, string id, Label label) => new(id, label, json.Price("price"));

    internal override RatingRefusal? Rate(ref BillBuilder bill)
    {
        if (bill.Usage.TotalKwh is not { } total)
            return RatingRefusal.TotalMissing;
        bill.Add(_line, total);
        return null;
    }
}
