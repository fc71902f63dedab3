using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// The part of a bill that another payer owes (rules.md H-19): not a lower price but a second payer, from whom it is
/// receivable. The total and its tax stay the same; the amount due from the customer is less.
/// </summary>
public sealed class Subsidy : PlanComponent
{
    private readonly LineSet _of;
    private readonly decimal _share;
    private readonly decimal? _upToM2;
    private readonly string _payer;

    private Subsidy(ComponentHead head, LineSet of, decimal share, decimal? upToM2, string payer)
        : base(head) =>
        (_of, _share, _upToM2, _payer) = (of, share, upToM2, payer);

    /// <summary>It has no lines: it divides the total.</summary>
    internal override LineTemplate[] Lines => [];

    internal static Subsidy Read(PlanObject json, ComponentHead head, IReadOnlyList<PlanComponent> above)
    {
        if (head.OnlyFor.Length == 0)
            json.Fail("onlyFor", "is missing: say which category of households is subsidised");
        return new(
            head, LineSet.Read(json, above), json.Number("share", 0m, 1m),
            json.OptionalNumber("upToM2", 0m, 10_000_000m), json.Text("payer"));
    }

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        var (share, supply) = (_share, bill.Supply);
        if (_upToM2 is { } most && supply.AreaM2 > most)
            share *= most / supply.AreaM2;
        // All payers together owe at most the bill.
        var left = bill.Total - Money.Sum(bill.Shares?.Select(other => other.Amount) ?? []);
        var amount = Money.Min(Money.FromYuan(bill.SumOf(_of) * share), left);
        if (amount > Money.Zero)
            bill.Share(new(_payer, Id, Label, amount));
        return null;
    }
}
