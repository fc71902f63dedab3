using System.Text.Json.Nodes;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>
/// The published schemas and the readers describe one form: what the reader accepts fits the schema, and what the
/// schema refuses the reader refuses too. What a schema cannot see is listed apart, and does fit it.
/// </summary>
public sealed class SchemaTests
{
    private static readonly string[] AllMembers = ["all-electricity", "all-heat"];

    private static readonly Dictionary<string, string> Common = new()
    {
        ["onlyFor"] = """["farm"]""", ["notFor"] = """["low-income"]""", ["taxable"] = "false",
        ["rounding"] = """{"to": 0.1, "mode": "HALF_EVEN"}""",
    };

    private readonly PublishedSchema _schema = new("plan.schema.json");

    public static TheoryData<string> Shipped => PlanDocumentTests.Shipped;

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_shipped_plan_fits_the_schema(string code) => _schema.Misfit(Plans.Json(code)).Should().BeNull();

    [Fact]
    public void Documents_with_every_member_of_the_schema_fit_it_and_are_valid()
    {
        foreach (var code in AllMembers)
        {
            _schema.Misfit(Plans.Json(code)).Should().BeNull(code);
            Plans.Shipped(code).Code.Value.Should().Be(code);
        }
        // What every component can have, and what only another document can have beside these.
        foreach (var code in AllMembers)
        {
            var document = Plans.Json(code);
            foreach (var component in document["components"]!.AsArray().Select(node => node!.AsObject()))
            {
                foreach (var (name, value) in Common)
                    component.TryAdd(name, JsonNode.Parse(value));
            }
            if (document["suspension"] is not null)
                document["suspension"] = JsonNode.Parse("""{"share": 0.3, "daysBefore": 15}""");
            _schema.Misfit(document).Should().BeNull(code);
            Plans.Parse(document.ToJsonString()).Code.Value.Should().Be(code);
        }
        _schema.Members.Should().NotBeEmpty();
        _schema.Members.Except(_schema.Seen).Should().BeEmpty("each is in one of these documents");
    }

    [Theory]
    [MemberData(nameof(PlanMistakes.InHead), MemberType = typeof(PlanMistakes))]
    [MemberData(nameof(PlanMistakes.InTerms), MemberType = typeof(PlanMistakes))]
    [MemberData(nameof(PlanMistakes.InHeat), MemberType = typeof(PlanMistakes))]
    [MemberData(nameof(ComponentMistakes.Seen), MemberType = typeof(ComponentMistakes))]
    public void A_mistake_of_form_does_not_fit_the_schema_either(string code, string place, string json, string path)
    {
        path.Should().StartWith("$");
        Misfit(code, place, json).Should().NotBeNull();
    }

    [Theory]
    [MemberData(nameof(PlanMistakes.InHeadUnseen), MemberType = typeof(PlanMistakes))]
    [MemberData(nameof(PlanMistakes.InTermsUnseen), MemberType = typeof(PlanMistakes))]
    [MemberData(nameof(PlanMistakes.InHeatUnseen), MemberType = typeof(PlanMistakes))]
    [MemberData(nameof(ComponentMistakes.Unseen), MemberType = typeof(ComponentMistakes))]
    public void Only_mistakes_between_members_or_in_the_calendar_fit_the_schema(
        string code, string place, string json, string path)
    {
        path.Should().StartWith("$");
        Misfit(code, place, json).Should().BeNull("else it belongs into the other list");
    }

    [Fact]
    public void Every_member_that_the_schema_names_is_known_to_the_reader()
    {
        var members = Names(_schema.Root);
        Unknown(Plans.Json("all-heat"), "", members).Should().BeEmpty();
        foreach (var (name, kind) in _schema.Root["$defs"]!.AsObject())
        {
            if (kind!["properties"]?["type"]?["const"] is not { } type)
                continue;
            var document = Plans.Json("all-heat");
            document["components"] = new JsonArray(new JsonObject { ["type"] = type.DeepClone() });
            Unknown(document, "components[0].", Names(kind.AsObject())).Should().BeEmpty(name);
        }
    }

    private static IEnumerable<string> Names(JsonObject schema) =>
        schema["properties"]!.AsObject().Select(property => property.Key);

    private static IEnumerable<string> Unknown(JsonObject document, string place, IEnumerable<string> members)
    {
        var target = place.Length == 0 ? document : document["components"]![0]!.AsObject();
        foreach (var member in members)
            target.TryAdd(member, JsonNode.Parse("null"));
        PlanDocument.TryParse(document.ToJsonString(), out _, out var errors).Should().BeFalse();
        return errors.Where(error => error.Message == "is not known here").Select(error => error.Path);
    }

    private string? Misfit(string code, string place, string json)
    {
        var document = Plans.Json(code);
        PlanDocumentTests.Put(document, place, json);
        return _schema.Misfit(document);
    }
}
