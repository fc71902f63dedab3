using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>A residential compound or site (小区), such as 阳光花园: one line of 1 to 50 characters.</summary>
[JsonConverter(typeof(IdentifierConverter<Project>))]
public readonly record struct Project : IIdentifier<Project>
{
    private readonly string? _value;

    private Project(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "1 to 50 characters on one line";

    /// <inheritdoc/>
    public static bool IsValid(string text) => PlainText.IsValid(text, 50);

    /// <inheritdoc/>
    public static Project Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static Project Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<Project>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Project result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
