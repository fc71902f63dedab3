using Billing.Contracts;

namespace Billing.Rating;

/// <summary>Heat without a meter: area × price (rules.md H-1).</summary>
public sealed class HeatArea : PlanComponent
{
    private readonly AreaPrice _area;

    private HeatArea(string id, Label label, AreaPrice area)
        : base(id, label)
    {
        _area = area;
        Lines = [new(id, label, area.Reason, Unit.M2, area.Price)];
    }

    internal override Utility Utility => Utility.Heat;

    internal override AreaPrice? Area => _area;

    internal override LineTemplate[] Lines { get; }

    internal static HeatArea Read(PlanObject json, string id, Label label) =>
        new(id, label, AreaPrice.Read(json.Object("area")));

    internal override RatingRefusal? Rate(ref BillBuilder bill)
    {
        if (_area.Measure(in bill, out var part) is { } refusal)
            return refusal;
        bill.Add(Lines[0], part.AreaM2, part.Months, part.Times, part.Of);
        return null;
    }
}
