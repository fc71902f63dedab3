using Billing.Contracts;

namespace Billing.Rating;

/// <summary>A line that a plan can make: the parts of it that do not depend on usage. Made once per plan.</summary>
internal sealed record LineTemplate(string Id, Label Label, Label Reason, Unit Unit, decimal Price)
{
    /// <summary>The component's id: the line's id up to the dot.</summary>
    public string Component { get; } = Id.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? Id[..dot] : Id;

    /// <summary>The rounding of the line when it differs from the plan's; set with its component.</summary>
    public Rounding? Rounding { get; set; }

    /// <summary>Whether the line is subject to VAT; set with its component.</summary>
    public bool Taxable { get; set; } = true;

    /// <summary>Whether the price is without tax; set with its plan.</summary>
    public bool TaxOnTop { get; set; }

    /// <summary>Templates are compared by reference: each is one line of one plan.</summary>
    public bool Equals(LineTemplate? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>A line with its template and its exact amount, while the bill is being made.</summary>
internal readonly record struct DraftLine(BillLine Line, LineTemplate Template, decimal Exact);

/// <summary>The part of a period for which something is charged, as a fraction.</summary>
internal readonly record struct Part(int Times, int Of)
{
    public static readonly Part Whole = new(1, 1);

    public static Part Days(int days, int of) => days == of ? Whole : new(days, of);
}

/// <summary>
/// The sums of a minimum or a cap that the next version of the plan continues: the wanted sum and the sum so far, yuan,
/// before any rounding.
/// </summary>
internal readonly record struct CarriedSum(decimal Wanted, decimal Known);

/// <summary>
/// A bill while it is being made. A ref struct on the stack; the components add their lines in turn, and where the
/// price changes in the period, the versions of the plan one after the other.
/// </summary>
internal ref struct BillBuilder(PlanDocument plan, SupplyFacts supply, Usage usage, Span<DraftLine> lines)
{
    private readonly Span<DraftLine> _lines = lines;
    private Dictionary<string, CarriedSum>? _carried;
    private int _version;

    /// <summary>The current version of the plan.</summary>
    public PlanDocument Plan { get; private set; } = plan;

    /// <summary>The version that bills the days after those of the current one, or null.</summary>
    public PlanDocument? Next { get; private set; }

    public readonly SupplyFacts Supply => supply;

    /// <summary>The usage in the days of the current version.</summary>
    public Usage Usage { get; private set; } = usage;

    /// <summary>The window of the current component, or null.</summary>
    public Window? Window { get; set; }

    /// <summary>The number of days on which the current component applies.</summary>
    public int Days { get; set; }

    /// <summary>The parts of the bill that other payers owe.</summary>
    public List<PayerShare>? Shares { get; private set; }

    public int Count { get; private set; }

    /// <summary>The sum of the lines as rounded.</summary>
    public Money Sum { get; private set; }

    /// <summary>The sum of the lines before the total is rounded.</summary>
    public decimal Exact { get; private set; }

    /// <summary>The total so far, rounded as the plan says (rules.md G-3).</summary>
    public readonly Money Total => Plan.Rounding.Total is { } total ? total.Apply(Exact) : Sum;

    public readonly ReadOnlySpan<DraftLine> Lines => _lines[..Count];

    /// <summary>The part of its period in which the current component applies.</summary>
    public readonly Part Slice => Part.Days(Days, (Usage.Whole ?? Usage.Period).Days);

    /// <summary>The number of months billed; less than one when the bill is for a part of a month.</summary>
    public readonly decimal Months =>
        Slice is { Of: > 1 } part ? (decimal)Usage.Months * part.Times / part.Of : Usage.Months;

    /// <summary>
    /// The value of a register for the days on which the current component applies, or a quantity of the contract by
    /// that name; null when it is not known.
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

    /// <summary>The refusal for an unknown quantity: it was not given, or not for the days concerned.</summary>
    public readonly RatingRefusal Missing(string register) =>
        Usage[register] is null ? RatingRefusal.Missing(register) : RatingRefusal.ReadingMissing;

    public void Add(LineTemplate template, decimal quantity) => Add(template, quantity, 1m, Part.Whole);

    public void Add(LineTemplate template, decimal quantity, decimal factor, Part part)
    {
        var exact = BillLine.Exact(quantity, template.Price, factor, part.Times, part.Of);
        var rounding = RoundingOf(template);
        var amount = (rounding ?? Rounding.Fen).Apply(exact);
        // A rounded line counts with its fen from here on; an unrounded one keeps its exact amount.
        Push(template, new(template.Id, quantity, template.Unit, template.Price, amount, factor, part.Times, part.Of),
            rounding is null ? exact : amount.Yuan);
    }

    /// <summary>The rounding of a line; null when it stays exact and only the total is rounded.</summary>
    public readonly Rounding? RoundingOf(LineTemplate template) => template.Rounding ?? Plan.Rounding.Line;

    /// <summary>
    /// Adds a line that raises or lowers others, which sum to <paramref name="known"/>, to a wanted sum. Both are
    /// exact, in yuan; the line shows them to the fen.
    /// </summary>
    public void BringTo(LineTemplate template, decimal wanted, decimal known)
    {
        var less = Money.FromYuan(known);
        var amount = Money.FromYuan(wanted) - less;
        Push(template, new(template.Id, wanted, template.Unit, template.Price, amount, Less: less), wanted - known);
    }

    /// <summary>Rounds the total: adds a line with the difference, if there is one.</summary>
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

    /// <summary>
    /// The sum of some lines above: of the rounded amounts where lines are rounded, else of the exact ones.
    /// </summary>
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
    /// Continues with another version of the plan, whose number its lines carry, and the usage in its days.
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

    /// <summary>The sums that earlier versions passed on to a component.</summary>
    public readonly CarriedSum Carried(string component) => _carried?.GetValueOrDefault(component) ?? default;

    /// <summary>Passes the sums of a component on to the next version.</summary>
    public void Carry(string component, CarriedSum sums) => (_carried ??= [])[component] = sums;

    private void Push(LineTemplate template, in BillLine line, decimal exact)
    {
        _lines[Count++] = new(_version == 0 ? line : line with { Version = _version }, template, exact);
        Sum += line.Amount;
        Exact += exact;
    }
}
