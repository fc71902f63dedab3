using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>The code of a partner (代收机构) that collects payments, such as <c>icbc</c>: 1 to 20 of a-z and 0-9.</summary>
[JsonConverter(typeof(IdentifierConverter<PartnerCode>))]
public readonly record struct PartnerCode : IIdentifier<PartnerCode>
{
    private readonly string? _value;

    private PartnerCode(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "1 to 20 of a-z and 0-9";

    /// <inheritdoc/>
    public static bool IsValid(string text) =>
        text is { Length: >= 1 and <= 20 } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    /// <inheritdoc/>
    public static PartnerCode Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static PartnerCode Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<PartnerCode>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PartnerCode result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
