using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// Metered heat in two parts (两部制热价): a basic fee by area and a price for the heat used (rules.md H-9). In advance the
/// whole fee by area is billed; after the season it is settled by the meter, up to the plan's cap (rules.md H-11).
/// </summary>
public sealed class HeatTwoPart : PlanComponent
{
    private const decimal GjPerKwh = 0.0036m;

    private readonly AreaPrice _area;
    private readonly decimal _basicShare;
    private readonly bool _inGj;
    private readonly bool _corrected;
    private readonly decimal? _cap;
    private readonly LineTemplate _advance;
    private readonly LineTemplate _basic;
    private readonly LineTemplate _metered;
    private readonly LineTemplate _capped;
    private readonly AreaExtras _extras;

    private HeatTwoPart(ComponentHead head, AreaPrice area, Basic basic, Metered metered, decimal? cap)
        : base(head)
    {
        _area = area;
        _basicShare = basic.Share;
        (_inGj, _corrected, _cap) = (metered.InGj, metered.Corrected, cap);
        _advance = head.Line(Unit.M2, area.Price, area.Reason, "area", new("按面积预交", "advance by area"));
        _basic = head.Line(
            Unit.M2, basic.Price ?? area.Price,
            basic.Price is null
                ? new("面积热价 × 基本热费比例", "area price × basic share")
                : new("面积 × 基本热价", "area × basic price"),
            "basic", new("基本热费", "basic fee"));
        _metered = head.Line(
            metered.InGj ? Unit.Gj : Unit.Kwh, metered.Price,
            metered.Corrected
                ? new("用热量 × 计量热价 × 修正系数", "heat used × price × correction factor")
                : new("用热量 × 计量热价", "heat used × price"),
            "metered", new("计量热费", "metered heat"));
        _capped = head.Line(
            Unit.Yuan, 1m,
            new($"不超过按面积热费的 {cap:0.####%}", $"not more than {cap:0.####%} of the fee by area"),
            "cap", new("封顶减免", "cap"));
        _extras = new(head, area);
        Lines = [_advance, _basic, _metered, _capped, .. _extras.Lines];
    }

    internal override Utility? Utility => Contracts.Utility.Heat;

    internal override AreaPrice? Area => _area;

    internal override Prices Prices => _extras.Prices;

    internal override LineTemplate[] Lines { get; }

    internal static HeatTwoPart Read(PlanObject json, ComponentHead head) => new(
        head,
        AreaPrice.Read(json.Object("area")),
        Basic.Read(json.Object("basic")),
        Metered.Read(json.Object("metered")),
        CapOf(json));

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        if (_area.Measure(in bill, out var part) is { } refusal)
            return refusal;
        if (_extras.AddSuspended(ref bill, in part))
            return null;
        if (!bill.Usage.Settles)
        {
            bill.Add(_advance, part.AreaM2, part.Factor, part.Charged);
            _extras.AddDisconnected(ref bill, in part);
            return null;
        }
        if (Heat(in bill) is not { } heat)
            return RatingRefusal.HeatMissing;
        if (_corrected && bill.Supply.HeatFactor is null)
            return RatingRefusal.HeatFactorMissing;
        var before = bill.Exact;
        bill.Add(_basic, part.AreaM2, part.Factor * _basicShare, part.Charged);
        bill.Add(_metered, heat, _corrected ? bill.Supply.HeatFactor!.Value : 1m, Part.Whole);
        if (_cap is { } cap)
            Cap(ref bill, cap, in part, bill.Exact - before);
        _extras.AddDisconnected(ref bill, in part);
        return null;
    }

    /// <summary>
    /// Lowers basic fee and metered heat to the cap. The cap is a share of the fee by area as billed, so the fee is
    /// rounded first; where the price changes in the season there is one cap for all its days.
    /// </summary>
    private void Cap(ref BillBuilder bill, decimal cap, in AreaPart part, decimal fee)
    {
        var rounding = bill.RoundingOf(_capped) ?? Rounding.Fen;
        var before = bill.Carried(Id);
        var ceiling = before.Wanted + rounding.Apply(rounding.Apply(_area.Fee(in part)).Yuan * cap).Yuan;
        fee += before.Known;
        foreach (var next in bill.Next?.Components ?? [])
        {
            if (next is HeatTwoPart { _cap: not null } same && same.Id == Id && same.Applies(bill.Supply))
            {
                bill.Carry(Id, new(ceiling, fee));
                return;
            }
        }
        if (fee > ceiling)
            bill.BringTo(_capped, bill.Exact - fee + ceiling, bill.Exact);
    }

    /// <summary>The cap as a share of the fee by area; a number is a cap set by a city (rules.md H-11).</summary>
    private static decimal? CapOf(PlanObject json) => json.IsNumber("cap")
        ? json.Number("cap", 0.01m, 10m)
        : json.Choice<decimal?>("cap", ("NONE", null), ("CAP_100", 1m), ("CAP_110", 1.10m), ("CAP_115", 1.15m));

    /// <summary>
    /// The metered heat in the tariff's unit: converted, to six decimals, only when the meter has the other unit
    /// (rules.md H-10).
    /// </summary>
    private decimal? Heat(in BillBuilder bill)
    {
        var (kwh, gj) = (bill.Quantity("heat-kwh", Unit.Kwh), bill.Quantity("heat-gj", Unit.Gj));
        return _inGj ? gj ?? Converted(kwh * GjPerKwh) : kwh ?? Converted(gj / GjPerKwh);
    }

    private static decimal? Converted(decimal? heat) =>
        heat is { } value ? decimal.Round(value, 6, MidpointRounding.AwayFromZero) : null;

    /// <summary>
    /// The basic fee: a price of its own per m², or a share of the area price, for the same period as the area price.
    /// </summary>
    private sealed record Basic(decimal? Price, decimal Share)
    {
        public static Basic Read(PlanObject json)
        {
            var (hasPrice, hasShare) = (json.Has("price"), json.Has("share"));
            if (hasPrice && hasShare)
                json.Fail("share", "a basic fee has a price or a share, not both");
            decimal? price = hasPrice || !hasShare ? json.Price("price") : null;
            var share = hasShare ? json.Number("share", 0m, 1m) : 1m;
            json.Finish();
            return new(price, share);
        }
    }

    private sealed record Metered(decimal Price, bool InGj, bool Corrected)
    {
        public static Metered Read(PlanObject json)
        {
            var metered = new Metered(
                json.Price("price"),
                json.Choice("unit", ("KWH", false), ("GJ", true)),
                json.Flag("correctionFactor"));
            json.Finish();
            return metered;
        }
    }
}
