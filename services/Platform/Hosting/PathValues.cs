using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Billing.Platform;

/// <summary>
/// The values in the path of a request, as the audit trail names what it was about. What was refused may hold anything,
/// also a telephone number where a customer's number belongs, and the trail keeps it for good: of a refusal only those
/// values are kept that have the form of what belongs there.
/// </summary>
internal sealed partial class PathValues(RouteEndpoint endpoint, RouteValueDictionary values)
{
    private const string LeftOut = "…";

    private static readonly ConcurrentDictionary<Type, Func<string, bool>> Forms = new();

    private static readonly MethodInfo Generic =
        typeof(PathValues).GetMethod(nameof(IsOf), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>All of them, separated by slashes; null when the path has none.</summary>
    public string? All() => Joined((_, _) => true);

    /// <summary>The same without those that may be a person's, in whose place an ellipsis stands.</summary>
    public string? WithoutPeople()
    {
        var handler = endpoint.Metadata.GetMetadata<MethodInfo>();
        return Joined((name, value) =>
        {
            var type = Array.Find(handler?.GetParameters() ?? [], one => one.Name == name)?.ParameterType;
            var hasItsForm = type is null || type == typeof(string) ? Plain().IsMatch(value) : FormOf(type)(value);
            return hasItsForm && !Numbers().IsMatch(value);
        });
    }

    private string? Joined(Func<string, string, bool> keeps)
    {
        string[] kept =
        [
            .. endpoint.RoutePattern.Parameters
                .Select(parameter => (parameter.Name, Value: $"{values[parameter.Name]}"))
                .Select(one => keeps(one.Name, one.Value) ? one.Value : LeftOut),
        ];
        return kept.Length == 0 ? null : string.Join('/', kept);
    }

    private static Func<string, bool> FormOf(Type type) => Forms.GetOrAdd(type, static known =>
        known.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IParsable<>))
            ? Generic.MakeGenericMethod(known).CreateDelegate<Func<string, bool>>()
            : value => Plain().IsMatch(value));

    private static bool IsOf<T>(string value)
        where T : IParsable<T> => T.TryParse(value, CultureInfo.InvariantCulture, out _);

    /// <summary>A name as programs have them.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9._:-]{1,64}$")]
    private static partial Regex Plain();

    /// <summary>A Chinese mobile number, or the number of an identity card.</summary>
    [GeneratedRegex(@"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")]
    private static partial Regex Numbers();
}
