using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>A contract account (户号): 6 to 14 digits. It names the account's stream in every service.</summary>
[JsonConverter(typeof(IdentifierConverter<AccountNo>))]
public readonly record struct AccountNo : IIdentifier<AccountNo>, IComparable<AccountNo>
{
    private readonly string? _value;

    private AccountNo(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "6 to 14 digits";

    /// <inheritdoc/>
    public static bool IsValid(string text) => Identifier.IsDigits(text, 6, 14);

    /// <inheritdoc/>
    public static AccountNo Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static AccountNo Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<AccountNo>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AccountNo result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public int CompareTo(AccountNo other) => string.CompareOrdinal(Value, other.Value);

    /// <summary>Orders by text.</summary>
    public static bool operator <(AccountNo left, AccountNo right) => left.CompareTo(right) < 0;

    /// <summary>Orders by text.</summary>
    public static bool operator >(AccountNo left, AccountNo right) => left.CompareTo(right) > 0;

    /// <summary>Orders by text.</summary>
    public static bool operator <=(AccountNo left, AccountNo right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by text.</summary>
    public static bool operator >=(AccountNo left, AccountNo right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => Value;
}
