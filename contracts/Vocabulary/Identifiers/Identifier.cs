using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>
/// A name that is parsed at the edge and is a plain string on the wire. <c>default</c> is the empty name, which is
/// never valid.
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

/// <summary>Parsing shared by all identifiers.</summary>
public static class Identifier
{
    /// <summary>Parses a text.</summary>
    /// <exception cref="FormatException">The text does not have the identifier's form.</exception>
    public static T Parse<T>(string text)
        where T : struct, IIdentifier<T> =>
        TryParse<T>(text, out var result)
            ? result
            : throw new FormatException(Complaint<T>(text));

    /// <summary>Parses a text; false, without an exception, when it does not have the identifier's form.</summary>
    public static bool TryParse<T>([NotNullWhen(true)] string? text, out T result)
        where T : struct, IIdentifier<T>
    {
        var valid = text is not null && T.IsValid(text);
        result = valid ? T.Wrap(text!) : default;
        return valid;
    }

    /// <summary>The error message for a text that is no such identifier, quoting the text as it was sent.</summary>
    public static string Complaint<T>(string? text)
        where T : struct, IIdentifier<T> =>
        $"'{(text is { Length: > 40 } ? text[..40] + "…" : text)}' is not {T.Form}.";

    /// <summary>Whether a type is an identifier.</summary>
    public static bool IsOne(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.IsValueType && type.GetInterfaces().Any(face => face.IsGenericType
            && face.GetGenericTypeDefinition() == typeof(IIdentifier<>));
    }

    internal static bool IsDigits(string text, int atLeast, int atMost) =>
        text.Length >= atLeast && text.Length <= atMost && text.All(char.IsAsciiDigit);

    /// <summary>
    /// Whether a text is 2 to <paramref name="atMost"/> of a-z, 0-9, dots and dashes, the first a letter and the last
    /// none of the latter two.
    /// </summary>
    internal static bool IsName(string text, int atMost) =>
        text.Length >= 2 && text.Length <= atMost && char.IsAsciiLetterLower(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')
        && text[^1] is not ('.' or '-');

    /// <summary>Whether a text is 1 to <paramref name="atMost"/> letters, digits, dashes, dots or underscores; only
    /// dots would be a relative segment in a path and is refused.</summary>
    internal static bool IsToken(string text, int atMost) =>
        text.Length <= atMost && text.Any(char.IsAsciiLetterOrDigit) &&
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
}

/// <summary>Identifiers travel as plain JSON strings and are validated when read.</summary>
/// <typeparam name="T">The identifier.</typeparam>
public class IdentifierConverter<T> : JsonConverter<T>
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
