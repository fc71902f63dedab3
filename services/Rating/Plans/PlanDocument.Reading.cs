using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>Parsing and validation of documents.</summary>
public sealed partial class PlanDocument
{
    /// <summary>Parses a document. Every mistake in it is reported with its path.</summary>
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
            // A lone surrogate such as \ud800 is valid JSON, and is only detected when the text is read.
            found.Add(new("$", "holds text that is not Unicode"));
        }
        return plan is not null;
    }

    /// <summary>Parses the text of a document; text that is not JSON is a mistake at <c>$</c>.</summary>
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

    /// <summary>Parses a document that was published, and therefore is valid.</summary>
    /// <exception cref="FormatException">It is not valid; the message lists every mistake.</exception>
    public static PlanDocument Parse(JsonElement json) =>
        TryParse(json, out var plan, out var errors)
            ? plan
            : throw new FormatException($"Not a valid plan document. {string.Join(" ", errors)}");

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
