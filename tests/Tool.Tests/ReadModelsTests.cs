using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>
/// <c>rebuild</c> makes every table that is written with events, because every table stands with the streams that write
/// it. That it makes them as they were is seen in the journeys, on a city that lived.
/// </summary>
public sealed class ReadModelsTests
{
    [Fact]
    public void Every_table_that_is_declared_stands_with_the_streams_that_write_it() => Declared.Tables
        .Should().HaveCountGreaterThan(8).And.BeEquivalentTo(ServiceModel.All.SelectMany(service => service.Streams
            .SelectMany(streams => streams.Tables.Select(table => (service.Name, table.Name)))));
}
