using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// One version of a price plan: parsed and valid, so that it can rate a million bills without parsing JSON again. It is
/// immutable and safe to share between threads. The form is described by <c>contracts/schemas/plan.schema.json</c>.
/// </summary>
public sealed partial class PlanDocument
{
    internal const string RoundingLine = "rounding";
    internal const string TaxLine = "tax";
    private static readonly DateOnly Earliest = new(1900, 1, 1);
    private static readonly DateOnly Latest = new(2999, 12, 31);

    private readonly PlanComponent[] _components;
    private VatSpan[] _vat;
    private readonly Dictionary<string, LineTemplate> _templates = [];
    private readonly int _classes;
    private readonly bool _needsArea;
    private readonly Prices _prices;
    private readonly LineTemplate _taxTemplate;
    private readonly LineTemplate _roundingTemplate;

    private PlanDocument(PlanObject json)
    {
        Code = CodeOf(json);
        Version = json.Whole("version", 1, 1_000_000);
        Name = json.Label("name");
        (Region, LegalDocument, Source) = (json.Text("region"), json.Text("legalDocument"), json.Text("source"));
        Utility = json.Choice("utility", ("Electricity", Utility.Electricity), ("Heat", Utility.Heat));
        CustomerClasses = ClassesOf(json);
        (ValidFrom, ValidTo) = (json.Day("validFrom"), json.OptionalDay("validTo"));
        if (ValidTo < ValidFrom && ValidTo != default(DateOnly))
            json.Fail("validTo", "must not be before validFrom");
        _vat = json.Array(
            "vat", 20, (element, path, errors) => VatSpan.Read(new(element, path, errors)));
        VatSpan.Check(_vat, json, ValidFrom, ValidTo);
        Currency = json.Has("currency") ? json.Text("currency") : "CNY";
        if (Currency.Length != 3 || !Currency.All(char.IsAsciiLetterUpper))
            json.Fail("currency", "must be three capital letters, such as CNY");
        TaxOnTop = json.Has("tax") && json.Choice("tax", ("INSIDE", false), ("ON_TOP", true));
        Rounding = RoundingPoint.Read(json);
        Season = json.OptionalObject("season") is { } season ? Season.Read(season) : null;
        Split = json.OptionalObject("split") is { } split ? Split.Read(split) : Split.Default;
        Suspension = json.OptionalObject("suspension") is { } suspension ? Suspension.Read(suspension) : null;
        Penalty = json.OptionalObject("penalty") is { } penalty ? Penalty.Read(penalty) : null;
        var above = new List<PlanComponent>();
        _components = json.Array("components", 50, (element, path, errors) =>
        {
            above.Add(PlanComponent.Read(element, path, errors, [.. above]));
            return above[^1];
        });
        CheckComponents(json);
        json.Finish();

        _taxTemplate = new(
            TaxLine, new("税额", "Tax"), new("价外税:不含税金额 × 税率", "tax on top: net × rate"), Unit.Yuan, 1m)
        {
            Rounding = Billing.Rating.Rounding.Fen,
        };
        _roundingTemplate = new(RoundingLine, new("尾差", "Rounding"), Rounding.TotalInWords, Unit.Yuan, 1m);
        (_templates[RoundingLine], _templates[TaxLine]) = (_roundingTemplate, _taxTemplate);
        foreach (var component in _components)
        {
            _needsArea |= component.Area is not null;
            NeedsYearToDate |= component.NeedsYearToDate;
            _prices |= component.Prices;
            foreach (var line in component.Lines)
            {
                line.TaxOnTop = TaxOnTop;
                _templates[line.Id] = line;
            }
        }
        foreach (var served in CustomerClasses)
            _classes |= 1 << (int)served;
        Obstacles = FindObstacles();
    }

    /// <summary>The plan's code.</summary>
    public PlanCode Code { get; }

    /// <summary>The version of the plan, 1, 2, 3 ….</summary>
    public int Version { get; }

    /// <summary>The name of the plan.</summary>
    public Label Name { get; }

    /// <summary>The supply region in which the plan applies, such as 北京市.</summary>
    public string Region { get; }

    /// <summary>The utility it prices.</summary>
    public Utility Utility { get; }

    /// <summary>The customer classes it applies to, at least one.</summary>
    public IReadOnlyList<CustomerClass> CustomerClasses { get; }

    /// <summary>The number of the document that sets the prices.</summary>
    public string LegalDocument { get; }

    /// <summary>The publication from which the figures were taken.</summary>
    public string Source { get; }

    /// <summary>First day of validity, inclusive.</summary>
    public DateOnly ValidFrom { get; private set; }

    /// <summary>Last day of validity, inclusive, or null while open.</summary>
    public DateOnly? ValidTo { get; private set; }

    /// <summary>The VAT classes, in order of their days; they cover the whole validity.</summary>
    public IReadOnlyList<VatSpan> Vat => _vat;

    /// <summary>Where bills are rounded.</summary>
    public RoundingPoint Rounding { get; }

    /// <summary>
    /// The currency of all amounts (ISO 4217). Only a plan in <see cref="InvoiceCurrency"/> can be billed; in any
    /// other, for studies, what is called a fen is a hundredth of its currency.
    /// </summary>
    public string Currency { get; }

    /// <summary>Whether tax is added to the prices; otherwise they include it.</summary>
    public bool TaxOnTop { get; }

    /// <summary>The terms of suspending heat, or null.</summary>
    public Suspension? Suspension { get; }

    /// <summary>The terms of the late-payment penalty, or null.</summary>
    public Penalty? Penalty { get; }

    /// <summary>Whether a bill needs the consumption or charges before in the year.</summary>
    public bool NeedsYearToDate { get; }

    /// <summary>How quantities are divided when a price applies to a part of the period.</summary>
    internal Split Split { get; }

    /// <summary>The heating season, or null when no component needs one.</summary>
    public Season? Season { get; }

    /// <summary>The components, in the order of the lines on the bill.</summary>
    public IReadOnlyList<PlanComponent> Components => _components;

    /// <summary>
    /// The same prices without limits of validity, for rating past periods. The first VAT class is extended back, the
    /// last one forward.
    /// </summary>
    public PlanDocument Timeless()
    {
        var timeless = (PlanDocument)MemberwiseClone();
        (timeless.ValidFrom, timeless.ValidTo) = (Earliest, null);
        timeless._vat = [.. _vat];
        timeless._vat[0] = _vat[0] with { From = DateOnly.MinValue };
        timeless._vat[^1] = timeless._vat[^1] with { To = null };
        return timeless;
    }

    /// <summary>The days of a billing period: those of the month, or of the season as this plan defines it.</summary>
    /// <exception cref="InvalidOperationException">The period is a season and the plan has none.</exception>
    public DateRange DaysOf(BillingPeriod period) =>
        !period.IsSeason ? period.Month
        : Season is { } season ? season.BeginningIn(period.Year)
        : throw new InvalidOperationException($"Plan {Code} has no season.");

    /// <summary>The name, the reason and the calculation of a line of a bill of this plan.</summary>
    /// <exception cref="ArgumentException">The line is not of this plan.</exception>
    public LineExplanation Explain(BillLine line) =>
        _templates.TryGetValue(line.Id, out var template)
            ? new(template.Label, template.Reason, line.Formula, template.Rounding ?? Rounding.Line, template.Taxable)
            : throw new ArgumentException($"Plan {Code} version {Version} makes no line '{line.Id}'.", nameof(line));

    internal bool Makes(BillLine line) => _templates.ContainsKey(line.Id);
}

/// <summary>A line of a bill in words.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Reason">Why the bill has this line.</param>
/// <param name="Formula">Its calculation in figures.</param>
/// <param name="Rounding">How the amount was rounded; null: rounded to fen for display only, and in the total.</param>
/// <param name="Taxable">Whether the line is subject to VAT.</param>
public sealed record LineExplanation(
    Label Label, Label Reason, string Formula, Rounding? Rounding = null, bool Taxable = true);
