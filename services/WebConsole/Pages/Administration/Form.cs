using System.Globalization;
using Billing.Contracts;

namespace Billing.WebConsole;

/// <summary>What a person has entered; it is shown again when it is refused.</summary>
public sealed class Form
{
    private readonly Dictionary<string, string[]> _fields;

    /// <summary>A form with fields as they were sent.</summary>
    public Form(IFormCollection sent) => _fields = sent
        .ToDictionary(field => field.Key, field => field.Value.OfType<string>().ToArray(), StringComparer.Ordinal);

    /// <summary>A form that nobody has filled in yet.</summary>
    /// <param name="fields">What stands in it.</param>
    public Form(params (string Name, string[] Values)[] fields) =>
        _fields = fields.ToDictionary(field => field.Name, field => field.Values, StringComparer.Ordinal);

    /// <summary>The text of a field, without blanks around it; empty when there is none.</summary>
    public string this[string name] => _fields.GetValueOrDefault(name) is [var first, ..] ? first.Trim() : "";

    /// <summary>All values of a field, of boxes that are ticked.</summary>
    public IReadOnlyList<string> All(string name) => _fields.GetValueOrDefault(name) ?? [];

    /// <summary>Whether a box is ticked.</summary>
    public bool Has(string name, string value = "on") => All(name).Contains(value, StringComparer.Ordinal);

    /// <summary>The rights that are ticked; what is none is left out.</summary>
    internal IReadOnlyList<Right> Rights() =>
        [.. All("rights").Select(name => WireNames.TryParse<Right>(name, out var right) ? right : (Right?)null)
            .OfType<Right>()];

    /// <summary>The lines of a field that are not empty.</summary>
    internal string[] Lines(string name) =>
        this[name].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>A day, or null when it is none.</summary>
    internal DateOnly? Day(string name) => DateOnly.TryParseExact(
        this[name], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
