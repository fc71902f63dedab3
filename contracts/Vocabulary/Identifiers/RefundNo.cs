using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>
/// The number of a refund of advance, unique in its account: 1 to 64 letters, digits, dashes, dots or underscores.
/// </summary>
[JsonConverter(typeof(IdentifierConverter<RefundNo>))]
public readonly record struct RefundNo : IIdentifier<RefundNo>
{
    private readonly string? _value;

    private RefundNo(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "1 to 64 letters, digits, dashes, dots or underscores";

    /// <inheritdoc/>
    public static bool IsValid(string text) => Identifier.IsToken(text, 64);

    /// <inheritdoc/>
    public static RefundNo Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static RefundNo Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<RefundNo>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RefundNo result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
