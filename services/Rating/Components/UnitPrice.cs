namespace Billing.Rating;

/// <summary>
/// One price for every unit of a register: a kWh, a kW of demand per month, a kvarh. A negative price is a credit, such
/// as for energy fed into the grid.
/// </summary>
public sealed class UnitPrice : PlanComponent
{
    private readonly Measured _measured;
    private readonly PartMonth _partMonth;
    private readonly LineTemplate _line;

    private UnitPrice(ComponentHead head, Measured measured, PartMonth partMonth, decimal price)
        : base(head)
    {
        (_measured, _partMonth) = (measured, partMonth);
        var unit = measured.Unit.Symbol();
        _line = head.Line(
            measured.Unit, price, measured.Unit.AddsUp() || measured.Unit == Unit.Each
                ? new($"每 {unit} 同价({measured.Register})", $"one price for every {unit} of {measured.Register}")
                : new($"每 {unit} 每月单价({measured.Register})", $"price per {unit} of {measured.Register}"));
        Lines = [_line];
    }

    internal override LineTemplate[] Lines { get; }

    internal static UnitPrice Read(PlanObject json, ComponentHead head)
    {
        var measured = Measured.Read(json);
        if (measured.Unit.AddsUp() && json.Has("partMonth") && !json.Failed("unit"))
            json.Fail("partMonth", "is only for what is priced by the month: kW, kVA, A");
        return new(head, measured, PartMonths.Read(json), json.SignedPrice("price"));
    }

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        if (_measured.Find(in bill, out var found) is { } refusal)
            return refusal;
        if (found is { } quantity)
        {
            var part = _measured.Unit.AddsUp() ? Part.Whole : _partMonth.Of(in bill);
            bill.Add(_line, quantity, _measured.MonthsOf(in bill), part);
        }
        return null;
    }
}
