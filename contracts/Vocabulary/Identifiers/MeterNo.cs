using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>The number on a meter (表号): 1 to 32 letters, digits, dashes, dots or underscores.</summary>
[JsonConverter(typeof(IdentifierConverter<MeterNo>))]
public readonly record struct MeterNo : IIdentifier<MeterNo>
{
    private readonly string? _value;

    private MeterNo(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "1 to 32 letters, digits, dashes, dots or underscores";

    /// <inheritdoc/>
    public static bool IsValid(string text) =>
        text is { Length: >= 1 and <= 32 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');

    /// <inheritdoc/>
    public static MeterNo Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static MeterNo Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<MeterNo>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out MeterNo result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
