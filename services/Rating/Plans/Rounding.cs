using Billing.Contracts;

namespace Billing.Rating;

/// <summary>How an amount between two steps is rounded.</summary>
public enum RoundingMode
{
    /// <summary>To the nearer step, halves away from zero (四舍五入, rules.md G-2).</summary>
    HalfUp,

    /// <summary>To the nearer step, halves to the even one.</summary>
    HalfEven,

    /// <summary>Towards zero: the excess is dropped.</summary>
    Down,

    /// <summary>Away from zero.</summary>
    Up,
}

/// <summary>How an exact amount is rounded to money: to a multiple of a step, in a mode.</summary>
/// <param name="Step">The step in units of the currency, a multiple of 0.01: 0.01 is the fen, 1 the whole yuan.</param>
/// <param name="Mode">The mode.</param>
public sealed record Rounding(decimal Step, RoundingMode Mode)
{
    /// <summary>To fen, halves away from zero.</summary>
    public static readonly Rounding Fen = new(0.01m, RoundingMode.HalfUp);

    /// <summary>Whether this is the default rounding.</summary>
    public bool IsUsual => Step == 0.01m && Mode == RoundingMode.HalfUp;

    /// <summary>Rounds the amount to money.</summary>
    public Money Apply(decimal amount) => IsUsual
        ? Money.FromYuan(amount)
        : Money.FromYuan(Math.Round(amount / Step, Mode switch
        {
            RoundingMode.HalfEven => MidpointRounding.ToEven,
            RoundingMode.Down => MidpointRounding.ToZero,
            RoundingMode.Up when amount >= 0m => MidpointRounding.ToPositiveInfinity,
            RoundingMode.Up => MidpointRounding.ToNegativeInfinity,
            _ => MidpointRounding.AwayFromZero,
        }) * Step);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Mode switch
    {
        RoundingMode.HalfEven => "half to even",
        RoundingMode.Down => "down",
        RoundingMode.Up => "up",
        _ => "half up",
    }} to {Step}");

    internal static Rounding Read(PlanObject json)
    {
        var rounding = new Rounding(
            json.Number("to", 0.01m, 1000m),
            json.Choice("mode", ("HALF_UP", RoundingMode.HalfUp), ("HALF_EVEN", RoundingMode.HalfEven),
                ("DOWN", RoundingMode.Down), ("UP", RoundingMode.Up)));
        if (decimal.Round(rounding.Step, 2) != rounding.Step)
            json.Fail("to", "must be a multiple of 0.01");
        json.Finish();
        return rounding;
    }
}

/// <summary>
/// Where a bill is rounded (rules.md G-3): each line, the total, or each line and then the total once more.
/// </summary>
/// <param name="Line">How lines are rounded; null leaves them exact until the total.</param>
/// <param name="Total">How the total is rounded; null leaves it the sum of the rounded lines.</param>
public sealed record RoundingPoint(Rounding? Line, Rounding? Total)
{
    /// <summary><c>LINE</c>: each line to fen; the total is their sum.</summary>
    public static readonly RoundingPoint Lines = new(Rounding.Fen, null);

    /// <summary>
    /// <c>TOTAL</c>: the exact lines are added up and rounded once; a line <c>rounding</c> has the difference.
    /// </summary>
    public static readonly RoundingPoint Once = new(null, Rounding.Fen);

    /// <summary>The rounding of the total in words, for people.</summary>
    internal Label TotalInWords => Total is null or { IsUsual: true }
        ? new("整单四舍五入到分", "the bill is rounded once, as a whole")
        : new(
            FormattableString.Invariant($"整单{Total.Mode switch
            {
                RoundingMode.HalfEven => "四舍六入五成双",
                RoundingMode.Down => "舍去尾数",
                RoundingMode.Up => "进位",
                _ => "四舍五入",
            }},取到 {Total.Step}"),
            $"the bill is rounded once, as a whole: {Total}");

    internal static RoundingPoint Read(PlanObject json)
    {
        if (!json.IsObject("rounding"))
            return json.Choice("rounding", ("LINE", Lines), ("TOTAL", Once));
        var both = json.Object("rounding");
        var (line, total) = (both.OptionalObject("line"), both.OptionalObject("total"));
        if (line is null && total is null)
            both.Fail("line", "is missing: say how lines or the total are rounded");
        var point = new RoundingPoint(
            line is null ? null : Rounding.Read(line), total is null ? null : Rounding.Read(total));
        both.Finish();
        return point;
    }
}
