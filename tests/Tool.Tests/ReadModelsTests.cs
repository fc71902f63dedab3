using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>
/// <c>rebuild</c> knows every table that is written with events. That it makes them as they were is seen in the
/// journeys, on a city that lived.
/// </summary>
public sealed class ReadModelsTests
{
    private const string Where = "ReadModels in tools/Billing.Tool/Bench/RebuildCommand.cs";

    [Fact]
    public void There_is_something_to_look_at() => Declared.Tables.Should().HaveCountGreaterThan(8);

    [Fact]
    public void Every_table_that_is_written_with_events_is_rebuilt() => Declared.Tables.Should().BeSubsetOf(
        Rebuilt, $"name these in {Where}, with the streams whose projector writes them; else a rebuild fails or leaves "
        + "them as they were");

    [Fact]
    public void Nothing_is_rebuilt_that_no_service_declares() => Rebuilt.Should().OnlyHaveUniqueItems().And.BeSubsetOf(
        Declared.Tables, $"no Table<> has this name: correct {Where}");

    [Fact]
    public void Every_family_of_streams_that_has_rows_is_rebuilt() => Declared.ReadModels.Should().BeEquivalentTo(
        ReadModels.All.Select(model => new DeclaredReadModel(model.Service, model.Category)),
        $"a stream type with a projector has an entry in {Where}");

    private static IEnumerable<(string Service, string Table)> Rebuilt =>
        ReadModels.All.SelectMany(model => model.Tables.Select(table => (model.Service, table)));
}
