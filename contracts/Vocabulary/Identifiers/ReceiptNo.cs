using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>
/// The number of an official receipt (收据) for money: 1 to 32 letters, digits, dashes, dots or underscores.
/// </summary>
[JsonConverter(typeof(IdentifierConverter<ReceiptNo>))]
public readonly record struct ReceiptNo : IIdentifier<ReceiptNo>
{
    private readonly string? _value;

    private ReceiptNo(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "1 to 32 letters, digits, dashes, dots or underscores";

    /// <inheritdoc/>
    public static bool IsValid(string text) => Identifier.IsToken(text, 32);

    /// <inheritdoc/>
    public static ReceiptNo Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static ReceiptNo Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<ReceiptNo>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ReceiptNo result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
