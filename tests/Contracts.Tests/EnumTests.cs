using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Platform;
using FluentAssertions;
using Xunit;

namespace Billing.Contracts.Tests;

/// <summary>One rule for every enum of the contracts: on the wire it is its name, and never a number.</summary>
public sealed class EnumTests
{
    private static readonly Type[] All =
        [.. typeof(Money).Assembly.GetExportedTypes().Where(type => type.IsEnum)];

    public static TheoryData<Type> Enums => [.. All];

    [Fact]
    public void There_is_something_to_look_at() => All.Should().HaveCountGreaterThan(2);

    [Theory]
    [MemberData(nameof(Enums))]
    public void A_value_is_answered_by_its_exact_name_and_taken_by_it_and_never_by_a_number(Type type)
    {
        foreach (var value in Enum.GetValues(type).Cast<object>())
        {
            var name = NameOf(type, value);
            foreach (var way in new[] { Wire.Strict, Wire.Stored })
            {
                JsonSerializer.Serialize(value, type, way).Should().Be($"\"{name}\"");
                JsonSerializer.Deserialize($"\"{name}\"", type, way).Should().Be(value);
                Refused(type, $"{(int)value}", way);
                Refused(type, $"\"{(int)value}\"", way);
            }
        }
        Refused(type, "\"\"", Wire.Strict);
        Refused(type, "null", Wire.Strict);
    }

    /// <summary>Its own name, or the one that it is given on the wire.</summary>
    private static string NameOf(Type type, object value) =>
        type.GetField($"{value}")!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? $"{value}";

    private static void Refused(Type type, string json, JsonSerializerOptions way) =>
        FluentActions.Invoking(() => JsonSerializer.Deserialize(json, type, way)).Should().Throw<JsonException>(json);
}
