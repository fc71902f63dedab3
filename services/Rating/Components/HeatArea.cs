using Billing.Contracts;

namespace Billing.Rating;

/// <summary>Heat without a meter: area × price (rules.md H-1).</summary>
public sealed class HeatArea : PlanComponent
{
    private readonly AreaPrice _area;
    private readonly LineTemplate _fee;
    private readonly AreaExtras _extras;

    private HeatArea(ComponentHead head, AreaPrice area)
        : base(head)
    {
        _area = area;
        _fee = head.Line(Unit.M2, area.Price, area.Reason);
        _extras = new(head, area);
        Lines = [_fee, .. _extras.Lines];
    }

    internal override Utility? Utility => Contracts.Utility.Heat;

    internal override AreaPrice? Area => _area;

    internal override Prices Prices => _extras.Prices;

    internal override LineTemplate[] Lines { get; }

    internal static HeatArea Read(PlanObject json, ComponentHead head) =>
        new(head, AreaPrice.Read(json.Object("area")));

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        if (_area.Measure(in bill, out var part) is { } refusal)
            return refusal;
        if (_extras.AddSuspended(ref bill, in part))
            return null;
        bill.Add(_fee, part.AreaM2, part.Factor, part.Charged);
        _extras.AddDisconnected(ref bill, in part);
        return null;
    }
}

/// <summary>
/// Lines that every price by area can have besides its own: the share for a suspended season (rules.md 1.7), and that
/// for the days on which the supply was cut off (rules.md H-17).
/// </summary>
internal sealed class AreaExtras(ComponentHead head, AreaPrice area)
{
    private readonly LineTemplate _suspended = head.Line(
        Unit.M2, area.Price, new("报停期间基本费", "basic fee while suspended"), "suspended", new("报停", "suspended"));

    private readonly LineTemplate _disconnected = head.Line(
        Unit.M2, area.Price, new("停供期间热损失补偿", "heat loss while cut off"), "loss", new("热损失", "heat loss"));

    public LineTemplate[] Lines => [_suspended, _disconnected];

    public Prices Prices => area.LossShare is null ? Prices.Nothing : Prices.Disconnected;

    /// <summary>Adds the line for a suspended season, if it is suspended; returns whether it is.</summary>
    public bool AddSuspended(ref BillBuilder bill, in AreaPart part)
    {
        if (!bill.Usage.Interruptions.Suspended)
            return false;
        bill.Add(_suspended, part.AreaM2, part.Factor * bill.Plan.Suspension!.Share, part.Charged);
        return true;
    }

    public void AddDisconnected(ref BillBuilder bill, in AreaPart part)
    {
        if (part.Disconnected.Times > 0 && area.LossShare is { } share)
            bill.Add(_disconnected, part.AreaM2, part.Factor * share, part.Disconnected);
    }
}
