using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// One version of a price plan: parsed and valid, so that it can rate a million bills without looking at JSON again.
/// It is immutable and safe to share between threads. The form is described by
/// <c>contracts/schemas/plan.schema.json</c>.
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

    /// <summary>The plan.</summary>
    public PlanCode Code { get; }

    /// <summary>The version of the plan, 1, 2, 3 ….</summary>
    public int Version { get; }

    /// <summary>What the plan is called.</summary>
    public Label Name { get; }

    /// <summary>Where the plan applies, such as 北京市.</summary>
    public string Region { get; }

    /// <summary>What it prices.</summary>
    public Utility Utility { get; }

    /// <summary>The classes of customers it serves, at least one.</summary>
    public IReadOnlyList<CustomerClass> CustomerClasses { get; }

    /// <summary>The number of the document that sets the prices.</summary>
    public string LegalDocument { get; }

    /// <summary>Where the figures were taken from.</summary>
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
    /// The currency of all amounts (ISO 4217). Only a plan in <see cref="InvoiceCurrency"/> bills; of any other, what
    /// is called a fen is a hundredth of its currency, for studies.
    /// </summary>
    public string Currency { get; }

    /// <summary>Whether tax comes on top of the prices; else they include it.</summary>
    public bool TaxOnTop { get; }

    /// <summary>The terms of suspending heat, or null.</summary>
    public Suspension? Suspension { get; }

    /// <summary>The terms of the late-payment penalty, or null.</summary>
    public Penalty? Penalty { get; }

    /// <summary>Whether a bill needs what was used, or charged, earlier in the year.</summary>
    public bool NeedsYearToDate { get; }

    /// <summary>How quantities are divided when a price applies to a part of the period.</summary>
    internal Split Split { get; }

    /// <summary>The heating season, or null when no component needs one.</summary>
    public Season? Season { get; }

    /// <summary>The building blocks, in the order of the lines on the bill.</summary>
    public IReadOnlyList<PlanComponent> Components => _components;

    /// <summary>Reads a document. Every mistake in it is named with its path.</summary>
    /// <param name="json">The document.</param>
    /// <param name="plan">The plan, when there are no mistakes.</param>
    /// <param name="errors">The mistakes; empty when there is a plan.</param>
    public static bool TryParse(
        JsonElement json, [NotNullWhen(true)] out PlanDocument? plan, out IReadOnlyList<PlanError> errors)
    {
        var found = new List<PlanError>();
        (plan, errors) = (null, found);
        try
        {
            var parsed = new PlanDocument(new(json, "$", found));
            plan = found.Count == 0 ? parsed : null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate such as \ud800 is good JSON, and is found to be no text only when it is read.
            found.Add(new("$", "holds text that is not Unicode"));
        }
        return plan is not null;
    }

    /// <summary>Reads the text of a document; text that is not JSON is a mistake at <c>$</c>.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out PlanDocument? plan, out IReadOnlyList<PlanError> errors)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return TryParse(json.RootElement, out plan, out errors);
        }
        catch (JsonException notJson)
        {
            (plan, errors) = (null, [new("$", $"is not JSON: {notJson.Message}")]);
            return false;
        }
    }

    /// <summary>Reads a document that was published, and therefore is valid.</summary>
    /// <exception cref="FormatException">It is not valid; the message names every mistake.</exception>
    public static PlanDocument Parse(JsonElement json) =>
        TryParse(json, out var plan, out var errors)
            ? plan
            : throw new FormatException($"Not a valid plan document. {string.Join(" ", errors)}");

    /// <summary>
    /// The same prices as if they had always been in force, and always will be: for asking what a past bill would have
    /// been. The first VAT class reaches back, the last one forward.
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

    /// <summary>The days of a billing period: a month as it is, a season as this plan defines it.</summary>
    /// <exception cref="InvalidOperationException">The period is a season and the plan has none.</exception>
    public DateRange DaysOf(BillingPeriod period) =>
        !period.IsSeason ? period.Month
        : Season is { } season ? season.BeginningIn(period.Year)
        : throw new InvalidOperationException($"Plan {Code} has no season.");

    /// <summary>What a line of a bill of this plan is called, why it is there, and its calculation.</summary>
    /// <exception cref="ArgumentException">The line is not of this plan.</exception>
    public LineExplanation Explain(BillLine line) =>
        _templates.TryGetValue(line.Id, out var template)
            ? new(template.Label, template.Reason, line.Formula, template.Rounding ?? Rounding.Line, template.Taxable)
            : throw new ArgumentException($"Plan {Code} version {Version} makes no line '{line.Id}'.", nameof(line));

    internal bool Makes(BillLine line) => _templates.ContainsKey(line.Id);

    private static PlanCode CodeOf(PlanObject json)
    {
        var text = json.Text("code");
        if (!PlanCode.TryParse(text, null, out var code) && text.Length > 0)
            json.Fail("code", $"must be {PlanCode.Form}");
        return code;
    }

    internal static readonly (string Text, CustomerClass Class)[] ClassNames = Array.ConvertAll(
        Enum.GetValues<CustomerClass>(), known => (known.ToString(), known));

    internal static CustomerClass[] ClassesOf(PlanObject json, string member = "customerClasses")
    {
        var names = ClassNames;
        var classes = json.Array(
            member, names.Length, (element, path, errors) => element.ValueKind == JsonValueKind.String
                ? element.GetString()!
                : "");
        var known = new List<CustomerClass>();
        for (var i = 0; i < classes.Length; i++)
        {
            var one = json.Choice(classes[i], $"{member}[{i}]", names);
            if (Array.IndexOf(classes, classes[i]) < i)
                json.Fail($"{member}[{i}]", "is there twice");
            if (!json.Failed($"{member}[{i}]"))
                known.Add(one);
        }
        return [.. known];
    }

    private void CheckComponents(PlanObject json)
    {
        var byArea = Array.Exists(_components, component => component.Area is not null) ||
            Enumerable.Range(0, _components.Length).Any(i => json.Failed($"components[{i}].type"));
        if (Suspension is not null && !byArea)
            json.Fail("suspension", "needs a component that prices by area: it is a share of its fee");
        for (var i = 0; i < _components.Length; i++)
        {
            var component = _components[i];
            if (component.Utility is { } priced && priced != Utility)
                json.Fail($"components[{i}].type", $"does not price {Utility}");
            if (Array.FindIndex(_components, other => other.Id == component.Id) < i)
                json.Fail($"components[{i}].id", "is there twice");
            if (component is HeatOutage or HeatTemperature && !byArea)
                json.Fail($"components[{i}].type", "needs a component that prices by area: days of its fee come back");
            if (component.Area is { } area && Season is null)
                json.Fail("season", $"is missing: components[{i}] prices by area");
            else if (component.Area is
                { Per: AreaPer.Month } or { Proration: Proration.ByMonth or Proration.ByHalfMonth } &&
                Season!.Months is null)
                json.Fail("season.months", $"is missing: components[{i}] prices by month");
        }
    }
}

/// <summary>A line of a bill in words.</summary>
/// <param name="Label">What it is called.</param>
/// <param name="Reason">Why it is there.</param>
/// <param name="Formula">Its calculation in figures.</param>
/// <param name="Rounding">How the amount was rounded; null: to fen for show, and with the total in truth.</param>
/// <param name="Taxable">Whether the tax law sees the line.</param>
public sealed record LineExplanation(
    Label Label, Label Reason, string Formula, Rounding? Rounding = null, bool Taxable = true);
