using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Platform;

namespace Billing.Contracts.Tests;

/// <summary>
/// Events are for ever: what was written once must be readable in every later version, with nothing lost. Each kind of
/// event has a golden copy, written when it was new and never changed afterwards; a new shape gets a new name.
/// </summary>
public sealed class StoredEventTests
{
    private static readonly JsonSerializerOptions Indented = new(Wire.Stored) { WriteIndented = true, IndentSize = 2 };

    public static TheoryData<string> Kinds => [.. StoredEvents.All.Select(kind => $"{kind.Service}/{kind.Name}")];

    public static TheoryData<string> Copies => [.. Directory.Exists(StoredEvents.Golden)
        ? Directory.GetFiles(StoredEvents.Golden, "*.json", SearchOption.AllDirectories)
            .Select(file => Path.ChangeExtension(Path.GetRelativePath(StoredEvents.Golden, file), null))
        : []];

    [Fact]
    public void There_are_events_in_every_service_that_decides() =>
        StoredEvents.All.Select(kind => kind.Service).Distinct().Should()
            .Contain(["Collections", "Customer", "Invoicing", "Payments"]);

    [Theory, MemberData(nameof(Kinds))]
    public void Every_event_has_a_golden_copy(string name)
    {
        var kind = StoredEvents.All.Single(kind => $"{kind.Service}/{kind.Name}" == name);
        if (!File.Exists(kind.File) && Golden.Updating)
        {
            var json = JsonSerializer.Serialize(Sample.Of(kind.Type), kind.Type, Indented);
            Golden.Write(kind.File, json + "\n");
        }
        File.Exists(kind.File).Should().BeTrue(
            $"{name} is stored for ever and needs a golden copy; write it with {Golden.HowToUpdate} and look at it");
    }

    [Theory, MemberData(nameof(Copies))]
    public void A_golden_copy_is_read_and_nothing_of_it_is_lost(string name)
    {
        var kind = StoredEvents.All.SingleOrDefault(kind => $"{kind.Service}/{kind.Name}" == name);
        kind.Should().NotBeNull(
            $"databases hold events called {name}: keep the name in the stream's EventNames, if only to read it");
        var stored = File.ReadAllText(kind!.File);
        string again;
        try
        {
            again = StoredEvents.RoundTrip(kind, stored);
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException(
                $"{name} as it was stored cannot be read any more ({e.Message}). Leave the record as it was, give what "
                + "is new a default value, or store the new shape under a new name; never edit the golden copy.", e);
        }
        Lost(JsonNode.Parse(stored), JsonNode.Parse(again), "").Should().BeEmpty(
            $"what is stored in {name} must still mean the same; a new shape gets a new name, the golden copy stays");
    }

    /// <summary>What the first has and the second has not, or has otherwise; the second may have more.</summary>
    private static IEnumerable<string> Lost(JsonNode? stored, JsonNode? again, string path) => (stored, again) switch
    {
        (JsonObject a, JsonObject b) => a.SelectMany(member => b.ContainsKey(member.Key)
            ? Lost(member.Value, b[member.Key], $"{path}.{member.Key}")
            : [$"{path}.{member.Key}"]),
        (JsonArray a, JsonArray b) when a.Count == b.Count =>
            a.Zip(b).SelectMany((pair, i) => Lost(pair.First, pair.Second, $"{path}[{i}]")),
        _ => JsonNode.DeepEquals(stored, again)
            ? []
            : [$"{path} was {stored?.ToJsonString()}, is {again?.ToJsonString()}"],
    };
}
