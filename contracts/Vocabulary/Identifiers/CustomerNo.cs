using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>A customer (客户): a person or an organisation; C followed by 6 to 14 digits.</summary>
[JsonConverter(typeof(IdentifierConverter<CustomerNo>))]
public readonly record struct CustomerNo : IIdentifier<CustomerNo>
{
    private readonly string? _value;

    private CustomerNo(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "C and 6 to 14 digits";

    /// <inheritdoc/>
    public static bool IsValid(string text) => text is ['C', .. var digits] && Identifier.IsDigits(digits, 6, 14);

    /// <inheritdoc/>
    public static CustomerNo Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static CustomerNo Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<CustomerNo>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CustomerNo result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
