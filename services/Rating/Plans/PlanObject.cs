using System.Globalization;
using System.Text.Json;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// Reads a JSON object of a plan document. It collects every mistake with its path instead of stopping at the first,
/// and returns a placeholder for a wrong value, so that reading can continue; a document with mistakes is never used.
/// </summary>
internal sealed partial class PlanObject
{
    private readonly Dictionary<string, JsonElement> _members = [];
    private readonly HashSet<string> _known = [];
    private readonly List<PlanError> _errors;
    private readonly string _path;
    private readonly bool _isObject;

    public PlanObject(JsonElement element, string path, List<PlanError> errors)
    {
        (_path, _errors, _isObject) = (path, errors, element.ValueKind == JsonValueKind.Object);
        if (!_isObject)
        {
            errors.Add(new(path, "must be an object"));
            return;
        }
        foreach (var member in element.EnumerateObject())
        {
            if (!_members.TryAdd(member.Name, member.Value))
                Fail(member.Name, "is there twice");
        }
    }

    /// <summary>An object without members, for reading a missing object with optional members only.</summary>
    public static PlanObject Empty => new(JsonDocument.Parse("{}").RootElement, "$", []);

    /// <summary>
    /// Reports a mistake. Only the first one at a path is kept, and none inside something that is wrong itself.
    /// </summary>
    public void Fail(string member, string message)
    {
        if (!Failed(member))
            _errors.Add(new($"{_path}.{member}", message));
    }

    /// <summary>
    /// Whether a mistake was reported for a member, or for something around it: its value is a placeholder then and
    /// must not be checked.
    /// </summary>
    public bool Failed(string member)
    {
        var path = $"{_path}.{member}";
        return _errors.Exists(error => path.StartsWith(error.Path, StringComparison.Ordinal) &&
            (path.Length == error.Path.Length || path[error.Path.Length] is '.' or '['));
    }

    public bool Has(string name)
    {
        _known.Add(name);
        return _members.ContainsKey(name);
    }

    /// <summary>Reports every member that was not read as unknown.</summary>
    public void Finish()
    {
        foreach (var name in _members.Keys)
        {
            if (!_known.Contains(name))
                Fail(name, "is not known here");
        }
    }

    public string Text(string name)
    {
        if (Find(name, JsonValueKind.String, "a text") is not { } element)
            return "";
        var text = element.GetString()!;
        if (string.IsNullOrWhiteSpace(text) || text.Length > 400)
            Fail(name, "must be a text of 1 to 400 characters");
        return text;
    }

    public Label Label(string name)
    {
        var json = Object(name);
        var label = new Label(json.Text("zh"), json.Text("en"));
        json.Finish();
        return label;
    }

    /// <summary>A number with at most ten decimals.</summary>
    public decimal Number(string name, decimal atLeast, decimal atMost)
    {
        if (Find(name, JsonValueKind.Number, "a number") is not { } element)
            return atLeast;
        if (element.GetRawText().Length > 40 || !element.TryGetDecimal(out var number) ||
            number < atLeast || number > atMost)
            Fail(name, string.Create(CultureInfo.InvariantCulture, $"must be {atLeast} to {atMost}"));
        else if (decimal.Round(number, 10, MidpointRounding.ToZero) != number)
            Fail(name, "must not have more than 10 decimals");
        else
            return number;
        return atLeast;
    }

    public decimal? OptionalNumber(string name, decimal atLeast, decimal atMost) =>
        Has(name) ? Number(name, atLeast, atMost) : null;

    public bool IsNumber(string name) => IsKind(name, JsonValueKind.Number);

    public bool IsArray(string name) => IsKind(name, JsonValueKind.Array);

    public bool IsObject(string name) => IsKind(name, JsonValueKind.Object);

    public string[] Texts(string name, int atMost) => Array(name, atMost, (element, path, errors) =>
    {
        if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: <= 100 } text &&
            !string.IsNullOrWhiteSpace(text))
            return text;
        errors.Add(new(path, "must be a text of 1 to 100 characters"));
        return "";
    });

    public string[] OptionalTexts(string name, int atMost) => Has(name) ? Texts(name, atMost) : [];

    public T[] OptionalArray<T>(string name, int atMost, Func<JsonElement, string, List<PlanError>, T> read) =>
        Has(name) ? Array(name, atMost, read) : [];

    public int Whole(string name, int atLeast, int atMost)
    {
        if (Find(name, JsonValueKind.Number, "a number") is not { } element)
            return atLeast;
        if (element.TryGetInt32(out var number) && number >= atLeast && number <= atMost)
            return number;
        Fail(name, $"must be a whole number, {atLeast} to {atMost}");
        return atLeast;
    }

    public int? OptionalWhole(string name, int atLeast, int atMost) =>
        Has(name) ? Whole(name, atLeast, atMost) : null;

    public bool Flag(string name)
    {
        _known.Add(name);
        if (!_members.TryGetValue(name, out var element))
            return Missing(name);
        if (element.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            Fail(name, "must be true or false");
        return element.ValueKind == JsonValueKind.True;
    }

    public T Choice<T>(string name, params ReadOnlySpan<(string Text, T Value)> choices) =>
        Find(name, JsonValueKind.String, "a text") is { } element
            ? Choice(element.GetString()!, name, choices)
            : choices[0].Value;

    public T Choice<T>(string text, string name, params ReadOnlySpan<(string Text, T Value)> choices)
    {
        foreach (var (known, value) in choices)
        {
            if (known == text)
                return value;
        }
        var texts = new List<string>();
        foreach (var (known, _) in choices)
            texts.Add(known);
        Fail(name, $"must be one of {string.Join(", ", texts)}");
        return choices[0].Value;
    }

    /// <summary>
    /// A day between 1900 and 2999, so that adjacent seasons always exist. The placeholder for a wrong one is
    /// <c>default</c>, for which checks between days must report nothing.
    /// </summary>
    public DateOnly Day(string name)
    {
        if (Find(name, JsonValueKind.String, "a day like 2026-01-31") is not { } element)
            return default;
        if (DateOnly.TryParseExact(element.GetString(), "yyyy-MM-dd", out var day) && day.Year is >= 1900 and <= 2999)
            return day;
        Fail(name, "must be a day like 2026-01-31, from 1900 to 2999");
        return default;
    }

    public DateOnly? OptionalDay(string name) => Has(name) ? Day(name) : null;

    public PlanObject Object(string name)
    {
        _known.Add(name);
        if (_members.TryGetValue(name, out var element))
            return new(element, $"{_path}.{name}", _errors);
        Missing(name);
        return new(this, name);
    }

    public PlanObject? OptionalObject(string name) => Has(name) ? Object(name) : null;

    /// <summary>An array read element by element.</summary>
    public T[] Array<T>(string name, int atMost, Func<JsonElement, string, List<PlanError>, T> read)
    {
        if (Find(name, JsonValueKind.Array, "an array") is not { } element)
            return [];
        if (element.GetArrayLength() is 0 || element.GetArrayLength() > atMost)
        {
            Fail(name, $"must have 1 to {atMost} elements");
            return [];
        }
        var items = new T[element.GetArrayLength()];
        for (var i = 0; i < items.Length; i++)
            items[i] = read(element[i], $"{_path}.{name}[{i}]", _errors);
        return items;
    }

    /// <summary>A missing object: it has no members and reports no mistakes.</summary>
    private PlanObject(PlanObject parent, string name) =>
        (_path, _errors, _isObject) = ($"{parent._path}.{name}", parent._errors, false);

    private JsonElement? Find(string name, JsonValueKind kind, string wanted)
    {
        _known.Add(name);
        if (!_members.TryGetValue(name, out var element))
        {
            Missing(name);
            return null;
        }
        if (element.ValueKind == kind)
            return element;
        Fail(name, $"must be {wanted}");
        return null;
    }

    private bool IsKind(string name, JsonValueKind kind) =>
        _members.TryGetValue(name, out var element) && element.ValueKind == kind;

    private bool Missing(string name)
    {
        if (_isObject)
            Fail(name, "is missing");
        return false;
    }
}
