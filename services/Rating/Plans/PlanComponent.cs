using System.Text.Json;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// One component of a plan. The kinds are closed and named by <c>type</c> in the document; a new kind is a new subclass
/// here, one arm in <see cref="Read"/> and one definition in <c>plan.schema.json</c>.
/// </summary>
public abstract class PlanComponent
{
    private readonly Window? _window;
    private readonly string[] _onlyFor;
    private readonly string[] _notFor;

    private protected PlanComponent(ComponentHead head)
    {
        (Id, Label) = (head.Id, head.Label);
        (_window, _onlyFor, _notFor) = (head.Window, head.OnlyFor, head.NotFor);
    }

    /// <summary>The component's id, unique in the plan; line ids begin with it.</summary>
    public string Id { get; }

    /// <summary>The name of the component on a bill.</summary>
    public Label Label { get; }

    /// <summary>The utility that the component can price, or null when it can price any.</summary>
    internal virtual Utility? Utility => null;

    /// <summary>Its area price, or null; an area price needs the plan's season.</summary>
    internal virtual AreaPrice? Area => null;

    /// <summary>Whether it needs the consumption or charges before in the year.</summary>
    internal virtual bool NeedsYearToDate => false;

    /// <summary>The interruptions it prices.</summary>
    internal virtual Prices Prices => Prices.Nothing;

    /// <summary>Every line it can make.</summary>
    internal abstract LineTemplate[] Lines { get; }

    /// <summary>The member of it that a billing run cannot bill, and why; null when it can.</summary>
    internal virtual (string Member, string Message)? Obstacle(PlanDocument plan) => null;

    /// <summary>Adds its lines to a bill when it applies, or returns why it cannot.</summary>
    internal RatingRefusal? Rate(ref BillBuilder bill)
    {
        if (!Applies(bill.Supply))
            return null;
        var period = bill.Usage.Period;
        (bill.Window, bill.Days) = (_window, _window?.Days(period) ?? period.Days);
        return bill.Days == 0 ? null : Add(ref bill);
    }

    /// <summary>Adds its lines to a bill, or returns why it cannot.</summary>
    private protected abstract RatingRefusal? Add(ref BillBuilder bill);

    internal static PlanComponent Read(
        JsonElement element, string path, List<PlanError> errors, IReadOnlyList<PlanComponent> above)
    {
        var json = new PlanObject(element, path, errors);
        var head = ComponentHead.Read(json);
        var make = json.Choice<Func<PlanObject, ComponentHead, PlanComponent>>(
            "type",
            ("unit-price", UnitPrice.Read),
            ("tiers", Tiers.Read),
            ("time-of-use", TimeOfUse.Read),
            ("fixed-charge", FixedCharge.Read),
            ("minimum-charge", (body, known) => MinimumCharge.Read(body, known, above)),
            ("percentage", (body, known) => Percentage.Read(body, known, above)),
            ("basic-charge", BasicCharge.Read),
            ("power-factor", (body, known) => PowerFactor.Read(body, known, above)),
            ("losses", Losses.Read),
            ("heat-area", HeatArea.Read),
            ("heat-two-part", HeatTwoPart.Read),
            ("heat-outage", (body, known) => HeatOutage.Read(body, known, above)),
            ("heat-temperature", (body, known) => HeatTemperature.Read(body, known, above)),
            ("discount", (body, known) => Discount.Read(body, known, above)),
            ("subsidy", (body, known) => Subsidy.Read(body, known, above)));
        // With an unknown type the other members cannot be checked, so no mistakes are reported for them.
        var readable = errors.TrueForAll(error => error.Path != path + ".type");
        var component = make(readable ? json : new(JsonDocument.Parse("{}").RootElement, path, []), head);
        if (readable)
            json.Finish();
        foreach (var line in component.Lines)
            (line.Rounding, line.Taxable) = (head.Rounding, head.Taxable);
        if (head.Window is not null && component is not (UnitPrice or Tiers or TimeOfUse or FixedCharge))
            json.Fail("window", "is only for unit-price, tiers, time-of-use and fixed-charge");
        return component;
    }

    /// <summary>Whether it applies to a supply of these categories.</summary>
    internal bool Applies(SupplyFacts supply)
    {
        foreach (var category in _notFor)
        {
            if (supply.Is(category))
                return false;
        }
        foreach (var category in _onlyFor)
        {
            if (supply.Is(category))
                return true;
        }
        return _onlyFor.Length == 0;
    }
}

/// <summary>The kinds of interruptions that a component can price.</summary>
[Flags]
internal enum Prices
{
    Nothing = 0,
    Disconnected = 1,
    Outages = 2,
    Cold = 4,
    Sealed = 8,
}

/// <summary>The members common to all components.</summary>
/// <param name="Id">The id.</param>
/// <param name="Label">The name on the bill.</param>
/// <param name="Window">The days on which it applies; null for always.</param>
/// <param name="OnlyFor">Categories of supplies it applies to; none means all.</param>
/// <param name="NotFor">Categories it does not apply to.</param>
/// <param name="Rounding">The rounding of its lines when it differs from the plan's.</param>
/// <param name="Taxable">Whether it is subject to VAT.</param>
internal sealed record ComponentHead(
    string Id, Label Label, Window? Window, string[] OnlyFor, string[] NotFor, Rounding? Rounding, bool Taxable)
{
    public static ComponentHead Read(PlanObject json)
    {
        var id = json.Text("id");
        if (id.Length > 0 && !IsId(id))
            json.Fail("id", "must be 1 to 32 of a-z, 0-9 and dash");
        if (id is PlanDocument.RoundingLine or PlanDocument.TaxLine)
            json.Fail("id", "is taken by a line of every plan");
        return new(
            id,
            json.Label("label"),
            json.OptionalObject("window") is { } window ? Window.Read(window) : null,
            json.OptionalTexts("onlyFor", 20),
            json.OptionalTexts("notFor", 20),
            json.OptionalObject("rounding") is { } rounding ? Rounding.Read(rounding) : null,
            !json.Has("taxable") || json.Flag("taxable"));
    }

    /// <summary>A line of the component: its only one, or the part of it that has a name.</summary>
    public LineTemplate Line(Unit unit, decimal price, Label reason, string? part = null, Label? partLabel = null) =>
        new(
            part is null ? Id : $"{Id}.{part}", partLabel is null ? Label : Label.With(partLabel.Zh, partLabel.En),
            Window is null ? reason : reason.With(Window.Words.Zh, Window.Words.En), unit, price);

    private static bool IsId(string text)
    {
        var valid = text.Length <= 32;
        foreach (var c in text)
            valid &= c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-';
        return valid;
    }
}
