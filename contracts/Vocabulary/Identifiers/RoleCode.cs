using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>The code of a role, such as <c>run-operator</c>.</summary>
[JsonConverter(typeof(IdentifierConverter<RoleCode>))]
public readonly record struct RoleCode : IIdentifier<RoleCode>
{
    private readonly string? _value;

    private RoleCode(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "2 to 40 of a-z, 0-9, dots and dashes, the first a letter";

    /// <inheritdoc/>
    public static bool IsValid(string text) => Identifier.IsName(text, 40);

    /// <inheritdoc/>
    public static RoleCode Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static RoleCode Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<RoleCode>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RoleCode result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
