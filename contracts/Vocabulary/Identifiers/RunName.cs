using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>The name of a billing run, such as <c>2026-10-electricity</c>: 1 to 40 letters, digits or dashes.</summary>
[JsonConverter(typeof(IdentifierConverter<RunName>))]
public readonly record struct RunName : IIdentifier<RunName>
{
    private readonly string? _value;

    private RunName(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "1 to 40 letters, digits or dashes";

    /// <inheritdoc/>
    public static bool IsValid(string text) =>
        text is { Length: >= 1 and <= 40 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <inheritdoc/>
    public static RunName Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static RunName Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<RunName>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RunName result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
