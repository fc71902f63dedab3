using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Platform;
using FluentAssertions;

namespace Billing.Testing;

/// <summary>
/// The snapshot law: a state stored as a snapshot after any event of a history equals the state folded from the events,
/// and folding continues from it in the same way.
/// </summary>
public static class SnapshotLaw
{
    /// <summary>
    /// Stores the state after every event of a history, and folds the next event onto the stored state.
    /// </summary>
    public static void Holds<TState, TEvent>(StreamType<TState, TEvent> type, IEnumerable<TEvent> history)
        where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(history);
        type.HasSnapshots.Should().BeTrue($"the streams of {type.Category} grow");
        var (folded, kept) = (type.Fold([]), Kept(type.Fold([])));
        foreach (var e in history)
        {
            (folded, kept) = (type.Fold(folded, [e]), Kept(type.Fold(kept, [e])));
            JsonNode.DeepEquals(Written(kept), Written(folded)).Should().BeTrue($"{e} is folded onto a snapshot");
        }
        Written(kept)!.AsObject().Select(member => member.Key).Should().Contain(
            MembersOf(kept!.GetType()), "what is not written is lost");
    }

    /// <summary>A state as it is read back from a snapshot.</summary>
    public static TState Kept<TState>(TState state) =>
        JsonSerializer.Deserialize<TState>(JsonSerializer.Serialize(state, Wire.Stored), Wire.Stored)!;

    /// <summary>The members of a state that must be in a snapshot: the properties that have a field.</summary>
    private static IEnumerable<string> MembersOf(Type state) => state
        .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Select(field => JsonNamingPolicy.CamelCase.ConvertName(field.Name.TrimStart('<').Split('>')[0]));

    private static JsonNode? Written<TState>(TState state) => JsonSerializer.SerializeToNode(state, Wire.Stored);
}
