using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>The name under which a person signs in, such as <c>zhang.wei</c>: it begins with a letter.</summary>
[JsonConverter(typeof(IdentifierConverter<UserName>))]
public readonly record struct UserName : IIdentifier<UserName>
{
    private readonly string? _value;

    private UserName(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "2 to 40 of a-z, 0-9, dots and dashes, the first a letter";

    /// <inheritdoc/>
    public static bool IsValid(string text) => Identifier.IsName(text, 40);

    /// <inheritdoc/>
    public static UserName Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static UserName Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<UserName>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out UserName result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
