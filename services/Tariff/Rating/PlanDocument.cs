using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>Where a bill is rounded to fen (rules.md G-3).</summary>
public enum RoundingPoint
{
    /// <summary>Each line; the total is the sum of rounded lines.</summary>
    Line,

    /// <summary>The total; a line named <c>rounding</c> makes the rounded lines add up to it.</summary>
    Total,
}

/// <summary>
/// One version of a price plan: parsed and valid, so that it can rate a million bills without looking at JSON again.
/// It is immutable and safe to share between threads. The form is described by
/// <c>contracts/schemas/plan.schema.json</c>.
/// </summary>
public sealed class PlanDocument
{
    internal const string RoundingLine = "rounding";

    private static readonly LineTemplate RoundingTemplate = new(
        RoundingLine, new("尾差", "Rounding"),
        new("整单四舍五入到分", "the bill is rounded once, as a whole"), Unit.Yuan, 1m);

    private readonly PlanComponent[] _components;
    private VatSpan[] _vat;
    private readonly Dictionary<string, LineTemplate> _templates = [];
    private readonly int _classes;
    private readonly bool _needsArea;

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
        Rounding = json.Choice("rounding", ("LINE", RoundingPoint.Line), ("TOTAL", RoundingPoint.Total));
        Season = json.OptionalObject("season") is { } season ? Season.Read(season) : null;
        _components = json.Array("components", 50, PlanComponent.Read);
        CheckComponents(json);
        json.Finish();

        _templates[RoundingLine] = RoundingTemplate;
        foreach (var component in _components)
        {
            _needsArea |= component.Area is not null;
            foreach (var line in component.Lines)
                _templates[line.Id] = line;
        }
        foreach (var served in CustomerClasses)
            _classes |= 1 << (int)served;
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
        (timeless.ValidFrom, timeless.ValidTo) = (default, null);
        timeless._vat = [.. _vat];
        timeless._vat[0] = _vat[0] with { From = default };
        timeless._vat[^1] = timeless._vat[^1] with { To = null };
        return timeless;
    }

    /// <summary>The days of a billing period: a month as it is, a season as this plan defines it.</summary>
    /// <exception cref="InvalidOperationException">The period is a season and the plan has none.</exception>
    public DateRange DaysOf(BillingPeriod period) =>
        !period.IsSeason ? period.Month
        : Season is { } season ? season.BeginningIn(period.Year)
        : throw new InvalidOperationException($"Plan {Code} has no season.");

    /// <summary>
    /// What a supply owes. Total and deterministic: it answers a bill or a refusal, and never throws.
    /// </summary>
    /// <param name="supply">Facts about the supply.</param>
    /// <param name="usage">What was supplied and when.</param>
    public Rated Rate(SupplyFacts supply, Usage usage)
    {
        ArgumentNullException.ThrowIfNull(supply);
        ArgumentNullException.ThrowIfNull(usage);
        if (Refuse(supply, usage) is { } refused)
            return refused;
        if (VatOn(usage.TaxPoint ?? usage.Period.Last) is not { } vat)
            return RatingRefusal.NoVatClass;
        // The longest bill has every line once; the bill keeps a copy of just the lines it got.
        var lines = ArrayPool<BillLine>.Shared.Rent(_templates.Count);
        try
        {
            var bill = new BillBuilder(this, supply, usage, lines);
            foreach (var component in _components)
            {
                if (component.Rate(ref bill) is { } refusal)
                    return refusal;
            }
            bill.Adjust(RoundingTemplate, bill.Total);
            var net = vat.NetOf(bill.Sum);
            return new Bill(
                lines.AsSpan(0, bill.Count).ToArray(), bill.Sum, net, bill.Sum - net, vat, usage.Prepaid);
        }
        finally
        {
            ArrayPool<BillLine>.Shared.Return(lines);
        }
    }

    /// <summary>What a line of a bill of this plan is called, why it is there, and its calculation.</summary>
    /// <exception cref="ArgumentException">The line is not of this plan.</exception>
    public LineExplanation Explain(BillLine line) =>
        _templates.TryGetValue(line.Id, out var template)
            ? new(template.Label, template.Reason, line.Formula)
            : throw new ArgumentException($"Plan {Code} version {Version} makes no line '{line.Id}'.", nameof(line));

    private RatingRefusal? Refuse(SupplyFacts supply, Usage usage) =>
        (_classes & (1 << (int)supply.Class)) == 0 ? RatingRefusal.ClassNotServed
        : usage.Period.First < ValidFrom || usage.Period.Last > (ValidTo ?? LastDay) ? RatingRefusal.OutsideValidity
        : !InRange(supply.AreaM2) || supply.AreaM2 > 10_000_000m ||
            !InRange(usage.TotalKwh) || !InRange(usage.PeakKwh) || !InRange(usage.ValleyKwh) ||
            !InRange(usage.HeatKwh) || !InRange(usage.HeatGj) ||
            usage.Months is < 1 or > 24 ? RatingRefusal.QuantityOutOfRange
        : supply.HeatFactor is <= 0m or > 10m || supply.HeatFactor.Scale > 10 ? RatingRefusal.FactorOutOfRange
        : usage.Prepaid < Money.Zero ? RatingRefusal.PrepaidNegative
        : _needsArea && supply.AreaM2 == 0m ? RatingRefusal.AreaMissing
        : null;

    /// <summary>Bounds that keep every product of valid figures far inside 64 bits of fen.</summary>
    private static bool InRange(decimal? quantity) =>
        quantity is not { } value || (value >= 0m && value <= 10_000_000_000m && value.Scale <= 6);

    private static DateOnly LastDay => new(2999, 12, 31);

    private VatClass? VatOn(DateOnly day)
    {
        foreach (var span in _vat)
        {
            if (day >= span.From && (span.To is null || day <= span.To))
                return span.Class;
        }
        return null;
    }

    private static PlanCode CodeOf(PlanObject json)
    {
        var text = json.Text("code");
        if (!PlanCode.TryParse(text, null, out var code) && text.Length > 0)
            json.Fail("code", $"must be {PlanCode.Form}");
        return code;
    }

    private static CustomerClass[] ClassesOf(PlanObject json)
    {
        var names = Array.ConvertAll(
            Enum.GetValues<CustomerClass>(), known => (known.ToString(), known));
        var classes = json.Array(
            "customerClasses", names.Length, (element, path, errors) => element.ValueKind == JsonValueKind.String
                ? element.GetString()!
                : "");
        var result = new CustomerClass[classes.Length];
        for (var i = 0; i < classes.Length; i++)
        {
            result[i] = json.Choice(classes[i], $"customerClasses[{i}]", names);
            if (Array.IndexOf(classes, classes[i]) < i)
                json.Fail($"customerClasses[{i}]", "is there twice");
        }
        return result;
    }

    private void CheckComponents(PlanObject json)
    {
        for (var i = 0; i < _components.Length; i++)
        {
            var component = _components[i];
            if (component.Utility != Utility)
                json.Fail($"components[{i}].type", $"does not price {Utility}");
            if (Array.FindIndex(_components, other => other.Id == component.Id) < i)
                json.Fail($"components[{i}].id", "is there twice");
            if (component.Area is { } area && Season is null)
                json.Fail("season", $"is missing: components[{i}] prices by area");
            else if (component.Area is { Per: AreaPer.Month } && Season!.Months is null)
                json.Fail("season.months", $"is missing: components[{i}] prices by month");
        }
    }
}

/// <summary>A line of a bill in words.</summary>
/// <param name="Label">What it is called.</param>
/// <param name="Reason">Why it is there.</param>
/// <param name="Formula">Its calculation in figures.</param>
public sealed record LineExplanation(Label Label, Label Reason, string Formula);
