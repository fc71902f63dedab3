using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>The names of enum values in messages, requests, answers and stored rows.</summary>
public static class WireNames
{
    /// <summary>The wire name of a value of an enum of the contracts.</summary>
    public static string WireName<T>(this T value)
        where T : struct, Enum => Names<T>.All[value];

    /// <summary>Parses a wire name exactly; a number is not accepted.</summary>
    public static bool TryParse<T>(string name, out T value)
        where T : struct, Enum => Names<T>.Values.TryGetValue(name, out value);

    /// <summary>All wire names of an enum, for error messages.</summary>
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
