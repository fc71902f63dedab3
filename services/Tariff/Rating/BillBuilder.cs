using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// A line that a plan can make: all of it that is known before there is any usage. Made once per plan.
/// </summary>
internal sealed record LineTemplate(string Id, Label Label, Label Reason, Unit Unit, decimal Price)
{
    /// <summary>The component's id: the line's up to the dot.</summary>
    public string Component { get; } = Id.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? Id[..dot] : Id;

    /// <summary>How the line is rounded, when not as all lines of the plan; set with its component.</summary>
    public Rounding? Rounding { get; set; }

    /// <summary>Whether the tax law sees the line; set with its component.</summary>
    public bool Taxable { get; set; } = true;

    /// <summary>One template is one line of one plan.</summary>
    public bool Equals(LineTemplate? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>A line with what it came from, while the bill is made.</summary>
internal readonly record struct DraftLine(BillLine Line, LineTemplate Template, decimal Exact);

/// <summary>The part of its days for which something is charged: so many of so many.</summary>
internal readonly record struct Part(int Times, int Of)
{
    public static readonly Part Whole = new(1, 1);

    public static Part Days(int days, int of) => days == of ? Whole : new(days, of);
}

/// <summary>A bill while it is made. Lives on the stack; the components add their lines in turn.</summary>
internal ref struct BillBuilder(PlanDocument plan, SupplyFacts supply, Usage usage, Span<DraftLine> lines)
{
    private readonly Span<DraftLine> _lines = lines;

    public readonly PlanDocument Plan => plan;

    public readonly SupplyFacts Supply => supply;

    public readonly Usage Usage => usage;

    /// <summary>The window of the component at work, or null.</summary>
    public Window? Window { get; set; }

    /// <summary>The days on which the component at work applies.</summary>
    public int Days { get; set; }

    /// <summary>What others pay of the bill.</summary>
    public List<PayerShare>? Shares { get; private set; }

    public int Count { get; private set; }

    /// <summary>The sum of the lines as they are rounded.</summary>
    public Money Sum { get; private set; }

    /// <summary>The sum of the lines before any rounding to the total.</summary>
    public decimal Exact { get; private set; }

    /// <summary>What the bill would come to now: rounded where the plan says (rules.md G-3).</summary>
    public readonly Money Total => plan.Rounding.Total is { } total ? total.Apply(Exact) : Sum;

    public readonly ReadOnlySpan<DraftLine> Lines => _lines[..Count];

    /// <summary>The share of its period in which the component at work applies.</summary>
    public readonly Part Slice => Part.Days(Days, (usage.Whole ?? usage.Period).Days);

    /// <summary>The months that the bill carries, less than one when it is for a part of them.</summary>
    public readonly decimal Months =>
        Slice is { Of: > 1 } part ? (decimal)usage.Months * part.Times / part.Of : usage.Months;

    /// <summary>
    /// A register for the days on which the component at work applies, or what the contract says by that name; null
    /// when it is not known.
    /// </summary>
    public readonly decimal? Quantity(string register, Unit unit)
    {
        if (usage[register] is not { } whole)
            return supply.Quantities.TryGetValue(register, out var agreed) ? agreed : null;
        if (usage.Whole is null && (Window is null || Days == usage.Period.Days))
            return whole;
        return (usage.SplitBy ?? plan.Split).Of(
            usage, register, unit, Window is null ? [usage.Period] : [.. Window.Parts(usage.Period)]);
    }

    /// <summary>Why there is no such quantity: nobody gave it, or not for the days that are asked for.</summary>
    public readonly RatingRefusal Missing(string register) =>
        usage[register] is null ? RatingRefusal.Missing(register) : RatingRefusal.ReadingMissing;

    public void Add(LineTemplate template, decimal quantity) => Add(template, quantity, 1m, Part.Whole);

    public void Add(LineTemplate template, decimal quantity, decimal factor, Part part)
    {
        var exact = BillLine.Exact(quantity, template.Price, factor, part.Times, part.Of);
        var rounding = template.Rounding ?? plan.Rounding.Line;
        var amount = (rounding ?? Rounding.Fen).Apply(exact);
        // A line that is rounded is worth its fen from here on; one that is not keeps what it was.
        Push(template, new(template.Id, quantity, template.Unit, template.Price, amount, factor, part.Times, part.Of),
            rounding is null ? exact : amount.Yuan);
    }

    /// <summary>Adds what is missing from some lines, and from what was charged before, to a wanted amount.</summary>
    public void Raise(LineTemplate template, Money wanted, LineSet set, Money before)
    {
        var known = before;
        foreach (ref readonly var line in Lines)
        {
            if (set.Contains(line.Template))
                known += line.Line.Amount;
        }
        if (wanted > known)
            Push(template, LineUpTo(template, wanted, known), wanted.Yuan - before.Yuan - SumOf(set));
    }

    /// <summary>
    /// Brings the bill to a wanted total: the exact sum becomes it, and a line adds what is missing, if anything is.
    /// </summary>
    public void Adjust(LineTemplate template, Money wanted)
    {
        if (wanted != Sum)
            Push(template, LineUpTo(template, wanted, Sum), wanted.Yuan - Exact);
        Exact = wanted.Yuan;
    }

    /// <summary>Adds tax on top of the lines.</summary>
    public void Tax(LineTemplate template, decimal taxable, decimal rate, Money tax) =>
        Push(template, new(template.Id, taxable, template.Unit, rate, tax), tax.Yuan);

    public void Share(PayerShare share) => (Shares ??= []).Add(share);

    /// <summary>The sum of some lines above: rounded where lines are rounded, else exact.</summary>
    public readonly decimal SumOf(LineSet set)
    {
        var sum = 0m;
        foreach (ref readonly var line in Lines)
        {
            if (set.Contains(line.Template))
                sum += line.Exact;
        }
        return sum;
    }

    private static BillLine LineUpTo(LineTemplate template, Money wanted, Money known) =>
        new(template.Id, wanted.Yuan, template.Unit, template.Price, wanted - known, Less: known);

    private void Push(LineTemplate template, in BillLine line, decimal exact)
    {
        _lines[Count++] = new(line, template, exact);
        Sum += line.Amount;
        Exact += exact;
    }
}
