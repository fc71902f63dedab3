using System.Text.Json;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// One building block of a plan. The kinds are closed and named by <c>type</c> in the document; a new kind is a new
/// subclass here, one arm in <see cref="Read"/> and one definition in <c>plan.schema.json</c>.
/// </summary>
public abstract class PlanComponent
{
    private protected PlanComponent(string id, Label label) => (Id, Label) = (id, label);

    /// <summary>The component's id, unique in the plan; line ids begin with it.</summary>
    public string Id { get; }

    /// <summary>What the component is called on a bill.</summary>
    public Label Label { get; }

    /// <summary>Which utility the component can price.</summary>
    internal abstract Utility Utility { get; }

    /// <summary>The area price in it, or null: it needs the plan's season.</summary>
    internal virtual AreaPrice? Area => null;

    /// <summary>Every line it can make.</summary>
    internal abstract LineTemplate[] Lines { get; }

    /// <summary>Adds its lines to a bill, or says why it cannot.</summary>
    internal abstract RatingRefusal? Rate(ref BillBuilder bill);

    internal static PlanComponent Read(JsonElement element, string path, List<PlanError> errors)
    {
        var json = new PlanObject(element, path, errors);
        var id = json.Text("id");
        if (id.Length > 0 && !IsId(id))
            json.Fail("id", "must be 1 to 32 of a-z, 0-9 and dash");
        if (id == PlanDocument.RoundingLine)
            json.Fail("id", "is taken by the rounding line");
        var label = json.Label("label");
        var make = json.Choice<Func<PlanObject, string, Label, PlanComponent>>(
            "type",
            ("energy-price", EnergyPrice.Read),
            ("energy-tiers", EnergyTiers.Read),
            ("time-of-use", TimeOfUse.Read),
            ("heat-area", HeatArea.Read),
            ("heat-two-part", HeatTwoPart.Read));
        // A wrong type says nothing about the other members, so they are not complained about.
        var readable = errors.TrueForAll(error => error.Path != path + ".type");
        var component = make(readable ? json : new(JsonDocument.Parse("{}").RootElement, path, []), id, label);
        if (readable)
            json.Finish();
        return component;
    }

    private static bool IsId(string text)
    {
        var valid = text.Length <= 32;
        foreach (var c in text)
            valid &= c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-';
        return valid;
    }
}
