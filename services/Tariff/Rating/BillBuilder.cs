using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// A line that a plan can make: all of it that is known before there is any usage. Made once per plan.
/// </summary>
internal sealed record LineTemplate(string Id, Label Label, Label Reason, Unit Unit, decimal Price);

/// <summary>A bill while it is made. Lives on the stack; the components add their lines in turn.</summary>
internal ref struct BillBuilder(PlanDocument plan, SupplyFacts supply, Usage usage, Span<BillLine> lines)
{
    private readonly Span<BillLine> _lines = lines;

    public readonly PlanDocument Plan => plan;

    public readonly SupplyFacts Supply => supply;

    public readonly Usage Usage => usage;

    public int Count { get; private set; }

    /// <summary>The sum of the lines as they are rounded.</summary>
    public Money Sum { get; private set; }

    /// <summary>The sum of the lines before any rounding, yuan.</summary>
    public decimal Exact { get; private set; }

    /// <summary>What the bill would come to now: rounded where the plan says (rules.md G-3).</summary>
    public readonly Money Total => plan.Rounding == RoundingPoint.Line ? Sum : Money.FromYuan(Exact);

    public void Add(LineTemplate template, decimal quantity) => Add(template, quantity, 1m, 1, 1);

    public void Add(LineTemplate template, decimal quantity, decimal factor, int times, int of)
    {
        var exact = BillLine.Exact(quantity, template.Price, factor, times, of);
        var amount = Money.FromYuan(exact);
        Push(new(template.Id, quantity, template.Unit, template.Price, amount, factor, times, of), exact);
    }

    /// <summary>
    /// Brings the bill to a wanted total: the exact sum becomes it, and a line adds what is missing, if anything is.
    /// </summary>
    public void Adjust(LineTemplate template, Money wanted)
    {
        var missing = wanted - Sum;
        if (!missing.IsZero)
            Push(new(template.Id, wanted.Yuan, template.Unit, template.Price, missing, Less: Sum), missing.Yuan);
        Exact = wanted.Yuan;
    }

    private void Push(in BillLine line, decimal exact)
    {
        _lines[Count++] = line;
        Sum += line.Amount;
        Exact += exact;
    }
}
