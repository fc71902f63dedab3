using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>The code of a program that calls under its own name, such as <c>reporting</c>.</summary>
[JsonConverter(typeof(IdentifierConverter<ClientCode>))]
public readonly record struct ClientCode : IIdentifier<ClientCode>
{
    private readonly string? _value;

    private ClientCode(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "2 to 40 of a-z, 0-9, dots and dashes, the first a letter";

    /// <inheritdoc/>
    public static bool IsValid(string text) => Identifier.IsName(text, 40);

    /// <inheritdoc/>
    public static ClientCode Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static ClientCode Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<ClientCode>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ClientCode result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
