using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>
/// One receipt of money, named by whoever collected it: <c>partner-yyyyMMdd-serial</c> for a bank (rules.md B-3). 1 to
/// 96 letters, digits, dashes, dots or underscores.
/// </summary>
[JsonConverter(typeof(IdentifierConverter<PaymentId>))]
public readonly record struct PaymentId : IIdentifier<PaymentId>
{
    private readonly string? _value;

    private PaymentId(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "1 to 96 letters, digits, dashes, dots or underscores";

    /// <inheritdoc/>
    public static bool IsValid(string text) => Identifier.IsToken(text, 96);

    /// <inheritdoc/>
    public static PaymentId Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static PaymentId Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<PaymentId>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PaymentId result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
