using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>What the values of an enum are called in messages, requests, answers and stored rows.</summary>
public static class WireNames
{
    /// <summary>The name of a value of an enum of the contracts.</summary>
    public static string WireName<T>(this T value)
        where T : struct, Enum => Names<T>.All[value];

    /// <summary>The value that is called so, exactly; none by its number.</summary>
    public static bool TryParse<T>(string name, out T value)
        where T : struct, Enum => Names<T>.Values.TryGetValue(name, out value);

    /// <summary>All names, for error messages.</summary>
    public static string All<T>()
        where T : struct, Enum => string.Join(", ", Names<T>.All.Values);

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> All = Enum.GetValues<T>().ToFrozenDictionary(
            value => value,
            value => typeof(T).GetField($"{value}")!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
                ?? $"{value}");

        public static readonly FrozenDictionary<string, T> Values =
            All.ToFrozenDictionary(known => known.Value, known => known.Key, StringComparer.Ordinal);
    }
}
