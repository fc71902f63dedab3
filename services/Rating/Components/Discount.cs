using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// A discount for early payment (rules.md H-18): within a number of days, through certain channels, for certain
/// classes, for payment in full, for customers without arrears; each condition applies only when the plan states it.
/// </summary>
public sealed class Discount : PlanComponent
{
    private readonly LineSet _of;
    private readonly Window _days;
    private readonly string[] _channels;
    private readonly CustomerClass[] _classes;
    private readonly bool _full;
    private readonly bool _noArrears;
    private readonly LineTemplate _line;

    private Discount(ComponentHead head, LineSet of, PlanObject json)
        : base(head)
    {
        _of = of;
        var rate = json.Number("rate", 0m, 1m);
        _days = Window.Read(json.Object("paid"));
        _channels = json.OptionalTexts("channels", 20);
        _classes = json.Has("classes") ? PlanDocument.ClassesOf(json, "classes") : [];
        _full = json.Has("fullPayment") && json.Flag("fullPayment");
        _noArrears = json.Has("noArrears") && json.Flag("noArrears");
        _line = head.Line(Unit.Yuan, -rate, new(
            $"{_days.Words.Zh} 缴费优惠 {rate:0.####%}", $"paid {_days.Words.En}: {rate:0.####%} off"));
        Lines = [_line];
    }

    internal override LineTemplate[] Lines { get; }

    internal static Discount Read(PlanObject json, ComponentHead head, IReadOnlyList<PlanComponent> above) =>
        new(head, LineSet.Read(json, above), json);

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        if (bill.Usage.Payment is { } payment && Earns(payment, bill.Supply.Class))
            bill.Add(_line, bill.SumOf(_of));
        return null;
    }

    private bool Earns(EarlyPayment payment, CustomerClass payer) =>
        _days.Days(new(payment.On, payment.On)) == 1 &&
        (_channels.Length == 0 || Array.IndexOf(_channels, payment.Channel) >= 0) &&
        (_classes.Length == 0 || Array.IndexOf(_classes, payer) >= 0) &&
        (payment.Full || !_full) &&
        (!payment.Arrears || !_noArrears);
}
