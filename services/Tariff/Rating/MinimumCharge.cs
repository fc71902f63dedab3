using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// What a bill comes to at least. For a year it is settled with the last bill of the year, against all bills of it.
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

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        if (_per == Per.Year && !bill.Usage.ClosesYear)
            return null;
        if (_per == Per.Year && bill.Usage.YearToDateCharges is null)
            return RatingRefusal.YearMissing;
        var wanted = _amount * _per switch
        {
            Per.Month => bill.Months,
            Per.Day => bill.Days,
            Per.Year => 1m,
            _ => (decimal)bill.Slice.Times / bill.Slice.Of,
        };
        if (_times is not null)
        {
            if (_times.Find(in bill, out var units) is { } refusal)
                return refusal;
            wanted *= units ?? 0m;
        }
        var before = _per == Per.Year ? bill.Usage.YearToDateCharges!.Value : Money.Zero;
        bill.Raise(_line, (_line.Rounding ?? bill.Plan.Rounding.Line ?? Rounding.Fen).Apply(wanted), _of, before);
        return null;
    }
}
