namespace Billing.Rating;

/// <summary>A percentage of other lines: a surcharge of a city, or a rebate when it is negative.</summary>
public sealed class Percentage : PlanComponent
{
    private readonly LineSet _of;
    private readonly LineTemplate _line;

    private Percentage(ComponentHead head, LineSet of, decimal rate)
        : base(head)
    {
        _of = of;
        _line = head.Line(Unit.Yuan, rate, new($"按比例计:{of.Words}", $"a share of {of.Words}"));
        Lines = [_line];
    }

    internal override LineTemplate[] Lines { get; }

    internal static Percentage Read(PlanObject json, ComponentHead head, IReadOnlyList<PlanComponent> above) =>
        new(head, LineSet.Read(json, above), json.Number("rate", -1m, 10m));

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        bill.Add(_line, bill.SumOf(_of));
        return null;
    }
}
