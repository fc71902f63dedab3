namespace Billing.Rating;

/// <summary>
/// The surcharge for high rooms (rules.md 1.2): in proportion to the height, or by steps above a limit. It is based on
/// a legal document of its own and has a date (rules.md H-7).
/// </summary>
internal sealed class HeightSurcharge
{
    private readonly bool _ratio;
    private readonly decimal _above;
    private readonly decimal _step;
    private readonly decimal _rate;
    private readonly StepMode _mode;
    private readonly string[] _exempt;

    private HeightSurcharge(PlanObject json)
    {
        _ratio = json.Choice("method", ("RATIO", true), ("STEP", false));
        _above = json.Number("above", 1m, 20m);
        // With an unknown method nothing else can be checked.
        if (json.Failed("method"))
            _ = json.Has("step") | json.Has("rate") | json.Has("stepMode");
        else if (!_ratio)
        {
            _step = json.Number("step", 0.01m, 10m);
            _rate = json.Number("rate", 0m, 1m);
            _mode = json.Has("stepMode")
                ? json.Choice("stepMode", ("FLOOR", StepMode.Floor), ("CEIL", StepMode.Ceil),
                    ("PROPORTIONAL", StepMode.Proportional))
                : StepMode.Floor;
        }
        _exempt = json.OptionalTexts("exemptUses", 50);
        LegalDocument = json.Text("legalDocument");
        json.Finish();
    }

    private enum StepMode
    {
        Floor,
        Ceil,
        Proportional,
    }

    /// <summary>The legal document of the surcharge.</summary>
    public string LegalDocument { get; }

    public static HeightSurcharge Read(PlanObject json) => new(json);

    /// <summary>The factor of the fee.</summary>
    public decimal Factor(SupplyFacts supply)
    {
        if (supply.HeightM is not { } height || height <= _above ||
            (supply.UseClass is { } use && Array.IndexOf(_exempt, use) >= 0))
            return 1m;
        if (_ratio)
            return height / _above;
        var steps = (height - _above) / _step;
        return 1m + _rate * (_mode switch
        {
            StepMode.Ceil => decimal.Ceiling(steps),
            StepMode.Proportional => steps,
            _ => decimal.Floor(steps),
        });
    }
}
