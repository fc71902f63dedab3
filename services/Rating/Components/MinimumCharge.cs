using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// The minimum of the sum of some lines: compared with the amounts exactly as they count in the bill, so that it never
/// lowers a bill and never leaves it below. Where the price changes in the period there is one minimum, settled with
/// the last of its days. A minimum for a year is settled with the last bill of the year, against the same lines of all
/// bills of it.
/// </summary>
public sealed class MinimumCharge : PlanComponent
{
    private readonly LineSet _of;
    private readonly decimal _amount;
    private readonly Per _per;
    private readonly Measured? _times;
    private readonly LineTemplate _line;

    private MinimumCharge(ComponentHead head, LineSet of, decimal amount, Per per, Measured? times)
        : base(head)
    {
        (_of, _amount, _per, _times) = (of, amount, per, times);
        var (zh, en) = per switch
        {
            Per.Year => ("年", "the year's bills"),
            Per.Day => ("日", "the bill, by days,"),
            Per.Month => ("月", "the bill, by months,"),
            _ => ("单", "the bill"),
        };
        _line = head.Line(Unit.Yuan, 1m, new($"每{zh}最低收费", $"what {en} comes to at least"));
        Lines = [_line];
    }

    private enum Per
    {
        Bill,
        Month,
        Day,
        Year,
    }

    internal override LineTemplate[] Lines { get; }

    internal override bool NeedsYearToDate => _per == Per.Year;

    internal static MinimumCharge Read(PlanObject json, ComponentHead head, IReadOnlyList<PlanComponent> above)
    {
        var of = LineSet.Read(json, above);
        var amount = json.Number("amount", 0m, 1_000_000_000m);
        var per = json.Choice(
            "per", ("BILL", Per.Bill), ("MONTH", Per.Month), ("DAY", Per.Day), ("YEAR", Per.Year));
        Measured? times = null;
        if (json.OptionalObject("times") is { } each)
        {
            times = Measured.Read(each, "capacity", Unit.Kva);
            each.Finish();
        }
        return new(head, of, amount, per, times);
    }

    internal override (string Member, string Message)? Obstacle(PlanDocument plan) =>
        _per != Per.Year ? null
        : plan.Utility != Contracts.Utility.Electricity ? ("per", "no bill closes a year of heat; it has seasons")
        : !IsOfWholeBill(plan) ? ("of", "a run knows what the bills of the year came to, not their single lines")
        : null;

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        if (_per == Per.Year && !bill.Usage.ClosesYear)
            return null;
        var (wanted, known) = (_amount, bill.SumOf(_of));
        if (_times is not null)
        {
            if (_times.Find(in bill, out var units) is { } refusal)
                return refusal;
            wanted *= units ?? 0m;
        }
        var of = 1;
        if (_per == Per.Year)
        {
            if (Year(in bill, out known) is { } unknown)
                return unknown;
        }
        else
        {
            (wanted, of) = Times(wanted, in bill);
            var before = bill.Carried(Id);
            (wanted, known) = (wanted + before.Wanted, known + before.Known);
            if (GoesOn(in bill))
            {
                bill.Carry(Id, new(wanted, known));
                return null;
            }
        }
        // All parts of a period have the same number of days as denominator, so that they add up to the whole amount
        // exactly.
        wanted /= of;
        if (bill.RoundingOf(_line) is { } rounding)
            wanted = rounding.Apply(wanted).Yuan;
        if (wanted > known)
            bill.BringTo(_line, wanted, known);
        return null;
    }

    /// <summary>
    /// Whether it applies to everything on a bill: then the totals of the year's earlier bills are needed, otherwise
    /// those of their lines.
    /// </summary>
    private bool IsOfWholeBill(PlanDocument plan) => _of.IsAll &&
        plan.Components.SkipWhile(component => component != this).Skip(1).All(below => below.Lines.Length == 0);

    /// <summary>The amount for the current months or days, as a fraction.</summary>
    private (decimal Wanted, int Of) Times(decimal amount, in BillBuilder bill)
    {
        var part = bill.Slice;
        return _per switch
        {
            Per.Day => (amount * bill.Days, 1),
            Per.Month => (amount * bill.Usage.Months * part.Times, part.Of),
            _ => (amount * part.Times, part.Of),
        };
    }

    /// <summary>Whether the next version of the plan has the same minimum, which then settles this one, too.</summary>
    private bool GoesOn(in BillBuilder bill)
    {
        if (bill.Next is not { } next)
            return false;
        foreach (var component in next.Components)
        {
            if (component is MinimumCharge same && same.Id == Id)
                return same._per == _per && same.Applies(bill.Supply);
        }
        return false;
    }

    /// <summary>
    /// The charges of the year so far, this bill included: whole bills, or single lines of them. When prices are
    /// without tax, charges without tax are compared.
    /// </summary>
    private RatingRefusal? Year(in BillBuilder bill, out decimal known)
    {
        known = 0m;
        var usage = bill.Usage;
        if (!IsOfWholeBill(bill.Plan))
        {
            if (usage.YearToDateLines is not { } before)
                return RatingRefusal.YearMissingFor(Id, "lines");
            known = bill.SumByName(_of);
            foreach (var (line, amount) in before)
                known += _of.Names(line) ? amount.Yuan : 0m;
            return null;
        }
        if ((bill.Plan.TaxOnTop ? usage.YearToDateNet : usage.YearToDateCharges) is not { } charged)
            return bill.Plan.TaxOnTop ? RatingRefusal.YearMissingFor(Id, "net") : RatingRefusal.YearMissing;
        known = charged.Yuan + bill.Exact;
        return null;
    }
}
