using System.Globalization;
using System.Text.Json.Serialization;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// One line of a bill, with every figure that made its amount: <c>amount = round(quantity × price × factor × times ÷
/// of) − less</c>, rounded once, half away from zero (rules.md G-2, G-3). Its name and its reason are in the plan
/// version: <see cref="PlanDocument.Explain"/>. Stored compactly, see <see cref="BillLineConverter"/>.
/// </summary>
/// <param name="Id">The component's id, and after a dot the part of it: <c>energy.tier2</c>, <c>heat.basic</c>.</param>
/// <param name="Quantity">The quantity.</param>
/// <param name="Unit">The unit of the quantity.</param>
/// <param name="Price">Yuan per unit; up to ten decimals.</param>
/// <param name="Amount">The amount of the line, tax included.</param>
/// <param name="Factor">A further factor: a share, a correction, a number of months; 1 when there is none.</param>
/// <param name="Times">The numerator of the part of the period, in days; 1 when the price is for the whole.</param>
/// <param name="Of">The denominator of the part of the period, in days; 1 when the price is per day or for the
/// whole.</param>
/// <param name="Less">The sum of the lines above that this line raises or lowers to a wanted sum, otherwise 0.</param>
[JsonConverter(typeof(BillLineConverter))]
public readonly record struct BillLine(
    string Id, decimal Quantity, Unit Unit, decimal Price, Money Amount, decimal Factor = 1m, int Times = 1, int Of = 1,
    Money Less = default)
{
    /// <summary>The version of the plan that made the line when a bill has several; 0 when it has one.</summary>
    public int Version { get; init; }

    /// <summary>The component that made the line: the id up to the dot.</summary>
    public string Component => Id.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? Id[..dot] : Id;

    /// <summary>
    /// The calculation in figures, for people: <c>100 m2 × 24 × 65/121 = 1289.26</c>. Computed on demand, never during
    /// rating.
    /// </summary>
    public string Formula
    {
        get
        {
            var factor = Factor == 1m ? "" : $" × {Plain(Factor)}";
            var part = (Times, Of) switch
            {
                (1, 1) => "",
                (_, 1) => $" × {Times}",
                _ => $" × {Times}/{Of}",
            };
            return !Less.IsZero
                ? $"{Plain(Quantity)} - {Less} = {Amount}"
                : $"{Plain(Quantity)} {Unit.Symbol()} × {Plain(Price)}{factor}{part} = {Amount}";
        }
    }

    /// <summary>The line's value before rounding, yuan.</summary>
    public static decimal Exact(decimal quantity, decimal price, decimal factor, int times, int of)
    {
        var exact = quantity * price;
        if (factor != 1m)
            exact *= factor;
        if (times != 1)
            exact *= times;
        return of == 1 ? exact : exact / of;
    }

    private static string Plain(decimal number) =>
        number.ToString("0.############################", CultureInfo.InvariantCulture);
}
