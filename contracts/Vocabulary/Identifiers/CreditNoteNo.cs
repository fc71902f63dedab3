using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>The number of a credit note, unique for ever: 1 to 40 letters, digits or dashes.</summary>
[JsonConverter(typeof(IdentifierConverter<CreditNoteNo>))]
public readonly record struct CreditNoteNo : IIdentifier<CreditNoteNo>
{
    private readonly string? _value;

    private CreditNoteNo(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "1 to 40 letters, digits or dashes";

    /// <inheritdoc/>
    public static bool IsValid(string text) =>
        text is { Length: >= 1 and <= 40 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <inheritdoc/>
    public static CreditNoteNo Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static CreditNoteNo Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<CreditNoteNo>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CreditNoteNo result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
