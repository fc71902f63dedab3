using System.Globalization;
using System.Text.RegularExpressions;
using Billing.Contracts;
using Billing.Rating;

namespace Billing.Tariffs.Tests;

/// <summary>
/// A second way to the same fen: it takes what a customer is shown, the formulas as text, and computes them with
/// nothing of the engine but the way of rounding that the explanation names.
/// </summary>
internal static partial class Recomputation
{
    /// <summary>Total and tax of a bill, from its explanations.</summary>
    public static (Money Total, Money Tax) Of(PlanDocument plan, Bill bill)
    {
        var (total, taxOnTop, outside) = (0L, 0L, 0L);
        foreach (var line in bill.Lines)
        {
            var words = plan.Explain(line);
            var fen = Fen(words.Formula, words.Rounding);
            total += fen;
            if (line.Id == "tax")
                taxOnTop = fen;
            if (!words.Taxable)
                outside += fen;
        }
        if (plan.TaxOnTop)
            return (new(total), new(taxOnTop));
        var taxed = total - outside;
        var net = Round(taxed / (1m + (bill.Vat.Rate ?? 0m)) / 100m, null);
        return (new(total), new(taxed - net));
    }

    private static long Fen(string formula, Rounding? rounding)
    {
        if (Difference().Match(formula) is { Success: true } difference)
            return Round(Number(difference.Groups["wanted"].Value), null) - Fen(difference, "less");
        var product = Product().Match(formula);
        if (!product.Success)
            throw new FormatException($"'{formula}' is not understood.");
        var exact = Number(product.Groups["quantity"].Value);
        foreach (Capture factor in product.Groups["factor"].Captures)
        {
            var parts = factor.Value.Split('/');
            exact *= Number(parts[0]);
            if (parts.Length == 2)
                exact /= Number(parts[1]);
        }
        var fen = Round(exact, rounding);
        return fen == Fen(product, "amount")
            ? fen
            : throw new FormatException($"'{formula}' comes to {fen} fen.");
    }

    private static long Round(decimal yuan, Rounding? rounding)
    {
        var step = rounding?.Step ?? 0.01m;
        var (sign, steps) = (Math.Sign(yuan), Math.Abs(yuan) / step);
        var (below, over) = (Math.Floor(steps), steps - Math.Floor(steps));
        var up = (rounding?.Mode ?? RoundingMode.HalfUp) switch
        {
            RoundingMode.Down => false,
            RoundingMode.Up => over > 0m,
            RoundingMode.HalfEven => over > 0.5m || (over == 0.5m && below % 2m == 1m),
            _ => over >= 0.5m,
        };
        return (long)(sign * (below + (up ? 1m : 0m)) * step * 100m);
    }

    private static long Fen(Match match, string group) => (long)(Number(match.Groups[group].Value) * 100m);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<quantity>-?[\d.]+) \S+(?: × (?<factor>-?[\d.]+(?:/\d+)?))+ = (?<amount>-?[\d.]+)$")]
    private static partial Regex Product();

    [GeneratedRegex(@"^(?<wanted>-?[\d.]+) - (?<less>-?[\d.]+) = (?<amount>-?[\d.]+)$")]
    private static partial Regex Difference();
}
