using Billing.Testing;
using FluentAssertions;
using Npgsql;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>
/// <c>rebuild</c> makes every table that follows from events, its own service's or others', because every table stands
/// with the streams or the consumers that write it. That it makes them as they were is seen in the journeys, on a city
/// that lived.
/// </summary>
public sealed class ReadModelsTests
{
    public static TheoryData<string> Services => [.. ServiceModel.All.Select(service => service.Name)];

    [Fact]
    public void Every_table_that_is_declared_stands_with_the_streams_that_write_it() => Declared.Tables
        .Should().HaveCountGreaterThan(8).And.BeSubsetOf(ServiceModel.All.SelectMany(service => service.Streams
            .SelectMany(streams => streams.Tables.Select(table => (service.Name, table.Name)))));

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Every_table_follows_from_streams_or_from_messages_or_says_that_it_is_a_record(string name)
    {
        var service = ServiceModel.All.Single(model => model.Name == name);
        await using var source = NpgsqlDataSource.Create(await Backend.NewDatabase(service.Assembly));
        await using var command = source.CreateCommand("""
            select relname, obj_description(oid) like 'Record: %' from pg_class
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname not like 'mt\_%'
            """);
        var records = new List<string>();
        var others = new List<string>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                (!reader.IsDBNull(1) && reader.GetBoolean(1) ? records : others).Add(reader.GetString(0));
        }

        records.Should().NotBeEmpty();
        others.Should().BeEquivalentTo(
            service.Streams.SelectMany(streams => streams.Tables.Select(table => table.Name))
                .Concat(service.Inbound?.Tables ?? []),
            "a table stands with its stream type or in Inbound.Map, else `comment on table … is 'Record: …'` says " +
            "why no event can bring it back");
    }
}
