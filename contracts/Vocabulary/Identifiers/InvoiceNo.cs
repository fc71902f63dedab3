using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>The number of an issued invoice (账单号), unique for ever: 1 to 32 letters, digits or dashes.</summary>
[JsonConverter(typeof(IdentifierConverter<InvoiceNo>))]
public readonly record struct InvoiceNo : IIdentifier<InvoiceNo>
{
    private readonly string? _value;

    private InvoiceNo(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "1 to 32 letters, digits or dashes";

    /// <inheritdoc/>
    public static bool IsValid(string text) => Identifier.IsToken(text, 32);

    /// <inheritdoc/>
    public static InvoiceNo Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static InvoiceNo Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<InvoiceNo>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out InvoiceNo result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
