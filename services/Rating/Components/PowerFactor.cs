using System.Text.Json;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// The power-factor adjustment (力调电费, rules.md E-14 to E-17): a percentage of other lines that increases with each
/// hundredth below the standard and decreases above it. The steps are defined in the plan.
/// </summary>
public sealed class PowerFactor : PlanComponent
{
    private readonly LineSet _of;
    private readonly Measured _active;
    private readonly Measured _reactive;
    private readonly LineTemplate[] _lines;
    private readonly decimal[] _rates;

    private PowerFactor(
        ComponentHead head, LineSet of, Measured active, Measured reactive, int standard, Step[] below, Step[] above)
        : base(head)
    {
        (_of, _active, _reactive) = (of, active, reactive);
        _rates = new decimal[101];
        _lines = new LineTemplate[101];
        for (var points = 0; points <= 100; points++)
        {
            _rates[points] = points < standard
                ? Step.Sum(below, standard - points)
                : -Step.Sum(above, points - standard);
            _lines[points] = head.Line(Unit.Yuan, _rates[points], new(
                $"功率因数 {points / 100m:0.00},标准 {standard / 100m:0.00}",
                FormattableString.Invariant($"power factor {points / 100m:0.00}, standard {standard / 100m:0.00}")),
                FormattableString.Invariant($"pf{points:000}"));
        }
        Lines = _lines;
    }

    internal override Utility? Utility => Contracts.Utility.Electricity;

    internal override LineTemplate[] Lines { get; }

    internal static PowerFactor Read(PlanObject json, ComponentHead head, IReadOnlyList<PlanComponent> above)
    {
        var standard = json.Number("standard", 0m, 1m) * 100m;
        if (standard != decimal.Truncate(standard))
            json.Fail("standard", "must have at most 2 decimals");
        return new(
            head, LineSet.Read(json, above), MeasuredOf(json, "active", "total", Unit.Kwh),
            MeasuredOf(json, "reactive", "reactive", Unit.Kvarh), (int)standard, Steps(json, "below"),
            Steps(json, "above"));
    }

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        if (_active.Find(in bill, out var active) is { } refusal)
            return refusal;
        if (_reactive.Find(in bill, out var reactive) is { } missing)
            return missing;
        // Without any energy there is no power factor, and no adjustment.
        if (Points(active ?? 0m, reactive ?? 0m) is { } points)
            bill.Add(_lines[points], bill.SumOf(_of));
        return null;
    }

    /// <summary>
    /// P ÷ √(P² + Q²) in hundredths, halves up (rules.md E-15); null when both are zero. Exact: the root only gives a
    /// first estimate, and the comparison is of squares.
    /// </summary>
    internal static int? Points(decimal active, decimal reactive)
    {
        var square = active * active + reactive * reactive;
        if (square == 0m)
            return null;
        var points = (int)Math.Round(100d * (double)active / Math.Sqrt((double)square));
        if (points < 100 && AtLeast(points + 1))
            points++;
        else if (points > 0 && !AtLeast(points))
            points--;
        return points;

        bool AtLeast(int n) => active * active * 40_000m >= (2m * n - 1m) * (2m * n - 1m) * square;
    }

    private static Measured MeasuredOf(PlanObject json, string name, string register, Unit unit)
    {
        if (json.OptionalObject(name) is not { } own)
            return Measured.Read(PlanObject.Empty, register, unit);
        var measured = Measured.Read(own, register, unit);
        own.Finish();
        return measured;
    }

    private static Step[] Steps(PlanObject json, string name)
    {
        var steps = json.Array(name, 20, Step.Read);
        for (var i = 0; i < steps.Length - 1; i++)
        {
            if (steps[i].Points is null)
                json.Fail($"{name}[{i}].points", "is missing: only the last step is open");
        }
        return steps;
    }

    /// <summary>A number of points, each at a rate; the last step may have no limit.</summary>
    private sealed record Step(int? Points, decimal Rate)
    {
        public static Step Read(JsonElement element, string path, List<PlanError> errors)
        {
            var json = new PlanObject(element, path, errors);
            var step = new Step(json.OptionalWhole("points", 1, 100), json.Number("rate", 0m, 1m));
            json.Finish();
            return step;
        }

        public static decimal Sum(Step[] steps, int points)
        {
            var sum = 0m;
            foreach (var step in steps)
            {
                var here = Math.Min(points, step.Points ?? points);
                sum += here * step.Rate;
                points -= here;
            }
            return sum;
        }
    }
}
