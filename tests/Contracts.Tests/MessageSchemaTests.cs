using System.Text.Json.Nodes;

namespace Billing.Contracts.Tests;

/// <summary>
/// Every public message has a committed schema, and no change breaks what the schema promises. A message that has to
/// change more than that is a new message beside the old one.
/// </summary>
public sealed class MessageSchemaTests
{
    private static readonly string Schemas = Golden.Folder("contracts", "schemas");

    public static TheoryData<string> Messages => [.. Message.All.Select(message => message.FullName!)];

    [Fact]
    public void There_are_messages() => Message.All.Should().HaveCountGreaterThan(5);

    [Fact]
    public void Two_messages_never_have_the_same_name() =>
        Message.All.Select(message => message.Name).Should().OnlyHaveUniqueItems("a schema is found by the short name");

    [Theory, MemberData(nameof(Messages))]
    public void The_committed_schema_is_that_of_the_record(string message)
    {
        var type = typeof(Money).Assembly.GetType(message)!;
        var file = Path.Combine(Schemas, $"{type.Name}.json");
        var now = MessageSchema.Of(type);
        if (!File.Exists(file))
        {
            Golden.Updating.Should().BeTrue(
                $"{type.Name} has no schema in contracts/schemas; write it with {Golden.HowToUpdate} and commit it");
            Golden.Write(file, MessageSchema.Write(now));
            return;
        }
        var committed = File.ReadAllText(file);
        SchemaChange.Breaking(JsonNode.Parse(committed)!, now).Should().BeEmpty(
            $"messages of {type.Name} wait in queues and are read by others; leave what is published as it is and "
            + "publish a new message beside it. Only if it was never released: delete its schema and update");
        if (Golden.Updating)
            Golden.Write(file, MessageSchema.Write(now));
        else
            committed.Should().Be(
                MessageSchema.Write(now),
                $"the change of {type.Name} breaks nobody; commit it with {Golden.HowToUpdate}");
    }

    [Fact]
    public void A_published_message_does_not_disappear()
    {
        var known = Message.All.Select(message => message.Name).Concat(["plan.schema", "rating-case.schema"])
            .ToHashSet(StringComparer.Ordinal);
        Directory.GetFiles(Schemas, "*.json").Select(Path.GetFileNameWithoutExtension)
            .Where(name => !known.Contains(name!))
            .Should().BeEmpty("a message with a committed schema is still expected by others; bring it back, or delete "
            + "the schema when nobody has listened for a release");
    }
}
