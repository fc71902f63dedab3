using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>
/// A name that parses at the edge and is a plain string on the wire. <c>default</c> is the empty name and is never
/// valid.
/// </summary>
/// <typeparam name="TSelf">The identifier type itself.</typeparam>
public interface IIdentifier<TSelf> : IParsable<TSelf>
    where TSelf : struct, IIdentifier<TSelf>
{
    /// <summary>The text of the identifier.</summary>
    string Value { get; }

    /// <summary>Whether a text has the form of this identifier.</summary>
    static abstract bool IsValid(string text);

    /// <summary>Wraps a text that is known to be valid.</summary>
    static abstract TSelf Wrap(string text);

    /// <summary>What a valid text looks like, for error messages.</summary>
    static abstract string Form { get; }
}

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

/// <summary>
/// The code of a price plan (价格方案), for example <c>beijing-residential-electricity</c>: 1 to 64 of a-z, 0-9, dash.
/// </summary>
[JsonConverter(typeof(IdentifierConverter<PlanCode>))]
public readonly record struct PlanCode : IIdentifier<PlanCode>
{
    private readonly string? _value;

    private PlanCode(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "1 to 64 of a-z, 0-9 and dash";

    /// <inheritdoc/>
    public static bool IsValid(string text) =>
        text is { Length: >= 1 and <= 64 } && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    /// <inheritdoc/>
    public static PlanCode Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static PlanCode Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<PlanCode>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PlanCode result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>
/// One receipt of money, named by whoever brought it: <c>partner-yyyyMMdd-serial</c> for a bank (rules.md B-3).
/// 1 to 96 letters, digits, dashes, dots or underscores.
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

/// <summary>Parsing shared by all identifiers.</summary>
public static class Identifier
{
    /// <summary>Parses or explains.</summary>
    /// <exception cref="FormatException">The text does not have the identifier's form.</exception>
    public static T Parse<T>(string text)
        where T : struct, IIdentifier<T> =>
        TryParse<T>(text, out var result)
            ? result
            : throw new FormatException(Complaint<T>(text));

    /// <summary>Parses without complaint.</summary>
    public static bool TryParse<T>([NotNullWhen(true)] string? text, out T result)
        where T : struct, IIdentifier<T>
    {
        var valid = text is not null && T.IsValid(text);
        result = valid ? T.Wrap(text!) : default;
        return valid;
    }

    /// <summary>Why a text is no such identifier, in the words of whoever sent it.</summary>
    public static string Complaint<T>(string? text)
        where T : struct, IIdentifier<T> =>
        $"'{(text is { Length: > 40 } ? text[..40] + "…" : text)}' is not {T.Form}.";

    internal static bool IsDigits(string text, int atLeast, int atMost) =>
        text.Length >= atLeast && text.Length <= atMost && text.All(char.IsAsciiDigit);

    /// <summary>Dots alone would lead elsewhere in an address.</summary>
    internal static bool IsToken(string text, int atMost) =>
        text.Length <= atMost && text.Any(char.IsAsciiLetterOrDigit) &&
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
}

/// <summary>Identifiers travel as plain JSON strings and are validated when read.</summary>
/// <typeparam name="T">The identifier.</typeparam>
public sealed class IdentifierConverter<T> : JsonConverter<T>
    where T : struct, IIdentifier<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName)
            ? throw new JsonException($"Must be text: {T.Form}.")
        : Identifier.TryParse<T>(reader.GetString(), out var value) ? value
            : throw new JsonException(Identifier.Complaint<T>(reader.GetString()));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);

    /// <inheritdoc/>
    public override T ReadAsPropertyName(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(
        Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(value.Value);
}
