using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>A supply region (供区), such as 海淀区: one line of 1 to 50 characters.</summary>
[JsonConverter(typeof(IdentifierConverter<Region>))]
public readonly record struct Region : IIdentifier<Region>
{
    private readonly string? _value;

    private Region(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "1 to 50 characters on one line";

    /// <inheritdoc/>
    public static bool IsValid(string text) => PlainText.IsValid(text, 50);

    /// <inheritdoc/>
    public static Region Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static Region Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<Region>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Region result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
