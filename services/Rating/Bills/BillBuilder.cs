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

    /// <summary>Whether the price is without tax; set with its plan.</summary>
    public bool TaxOnTop { get; set; }

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

/// <summary>
/// A minimum or a cap that the next version of the plan goes on with: what was wanted and what is there so far, yuan,
/// before any rounding.
/// </summary>
internal readonly record struct CarriedSum(decimal Wanted, decimal Known);

/// <summary>
/// A bill while it is made. Lives on the stack; the components add their lines in turn, and where the price changes in
/// the period, the versions of the plan one after the other.
/// </summary>
internal ref struct BillBuilder(PlanDocument plan, SupplyFacts supply, Usage usage, Span<DraftLine> lines)
{
    private readonly Span<DraftLine> _lines = lines;
    private Dictionary<string, CarriedSum>? _carried;
    private int _version;

    /// <summary>The version of the plan at work.</summary>
    public PlanDocument Plan { get; private set; } = plan;

    /// <summary>The version that bills the days after those of the one at work, or null.</summary>
    public PlanDocument? Next { get; private set; }

    public readonly SupplyFacts Supply => supply;

    /// <summary>What was used in the days of the version at work.</summary>
    public Usage Usage { get; private set; } = usage;

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
    public readonly Money Total => Plan.Rounding.Total is { } total ? total.Apply(Exact) : Sum;

    public readonly ReadOnlySpan<DraftLine> Lines => _lines[..Count];

    /// <summary>The share of its period in which the component at work applies.</summary>
    public readonly Part Slice => Part.Days(Days, (Usage.Whole ?? Usage.Period).Days);

    /// <summary>The months that the bill carries, less than one when it is for a part of them.</summary>
    public readonly decimal Months =>
        Slice is { Of: > 1 } part ? (decimal)Usage.Months * part.Times / part.Of : Usage.Months;

    /// <summary>
    /// A register for the days on which the component at work applies, or what the contract says by that name; null
    /// when it is not known.
    /// </summary>
    public readonly decimal? Quantity(string register, Unit unit)
    {
        if (Usage[register] is not { } whole)
            return supply.Quantities.TryGetValue(register, out var agreed) ? agreed : null;
        if (Usage.Whole is null && (Window is null || Days == Usage.Period.Days))
            return whole;
        return (Usage.SplitBy ?? Plan.Split).Of(
            Usage, register, unit, Window is null ? [Usage.Period] : [.. Window.Parts(Usage.Period)]);
    }

    /// <summary>Why there is no such quantity: nobody gave it, or not for the days that are asked for.</summary>
    public readonly RatingRefusal Missing(string register) =>
        Usage[register] is null ? RatingRefusal.Missing(register) : RatingRefusal.ReadingMissing;

    public void Add(LineTemplate template, decimal quantity) => Add(template, quantity, 1m, Part.Whole);

    public void Add(LineTemplate template, decimal quantity, decimal factor, Part part)
    {
        var exact = BillLine.Exact(quantity, template.Price, factor, part.Times, part.Of);
        var rounding = RoundingOf(template);
        var amount = (rounding ?? Rounding.Fen).Apply(exact);
        // A line that is rounded is worth its fen from here on; one that is not keeps what it was.
        Push(template, new(template.Id, quantity, template.Unit, template.Price, amount, factor, part.Times, part.Of),
            rounding is null ? exact : amount.Yuan);
    }

    /// <summary>How a line is rounded; null: it stays exact, and only the total is rounded.</summary>
    public readonly Rounding? RoundingOf(LineTemplate template) => template.Rounding ?? Plan.Rounding.Line;

    /// <summary>
    /// Adds a line that brings others, which come to <paramref name="known"/>, to a wanted sum. Both are what they
    /// really are, yuan; the line shows them to the fen.
    /// </summary>
    public void BringTo(LineTemplate template, decimal wanted, decimal known)
    {
        var less = Money.FromYuan(known);
        var amount = Money.FromYuan(wanted) - less;
        Push(template, new(template.Id, wanted, template.Unit, template.Price, amount, Less: less), wanted - known);
    }

    /// <summary>Makes the rounded total the sum of the bill: a line adds the difference, if there is any.</summary>
    public void Round(LineTemplate template)
    {
        var (total, sum) = (Total, Sum);
        if (total != sum)
        {
            Push(
                template, new(template.Id, total.Yuan, template.Unit, template.Price, total - sum, Less: sum),
                total.Yuan - Exact);
        }
        Exact = total.Yuan;
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

    /// <summary>
    /// Goes on with a version of the plan, whose lines say which one made them, and what was used in its days.
    /// </summary>
    public void GoOn(PlanDocument plan, Usage usage, PlanDocument? next) =>
        (Plan, Usage, Next, _version) = (plan, usage, next, plan.Version);

    /// <summary>The sum of lines of all versions, by their names.</summary>
    public readonly decimal SumByName(LineSet set)
    {
        var sum = 0m;
        foreach (ref readonly var line in Lines)
        {
            if (set.Names(line.Template.Id))
                sum += line.Exact;
        }
        return sum;
    }

    /// <summary>What earlier versions left to a component.</summary>
    public readonly CarriedSum Carried(string component) => _carried?.GetValueOrDefault(component) ?? default;

    /// <summary>Leaves the sums of a component to the next version.</summary>
    public void Carry(string component, CarriedSum sums) => (_carried ??= [])[component] = sums;

    private void Push(LineTemplate template, in BillLine line, decimal exact)
    {
        _lines[Count++] = new(_version == 0 ? line : line with { Version = _version }, template, exact);
        Sum += line.Amount;
        Exact += exact;
    }
}
