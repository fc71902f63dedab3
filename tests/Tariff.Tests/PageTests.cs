using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>The pages about plans and cases say what is so.</summary>
public sealed class PageTests
{
    private static readonly PublishedSchema PlanSchema = new("plan.schema.json");
    private static readonly PublishedSchema CaseSchema = new("rating-case.schema.json");

    [Fact]
    public void Every_component_of_the_page_is_valid()
    {
        var types = new List<string>();
        foreach (var (heading, json) in Page.Examples("README.md"))
        {
            var document = json["components"] is null ? Around(json.AsObject(), types) : json;
            PlanSchema.Misfit(document).Should().BeNull(heading);
            Plans.Parse(document.ToJsonString()).Components.Should().NotBeEmpty(heading);
        }
        types.Should().HaveCountGreaterThan(10);
    }

    [Fact]
    public void Every_recipe_is_a_valid_plan_and_a_valid_case()
    {
        foreach (var recipe in Page.Examples("recipes.md").GroupBy(example => example.Heading))
        {
            recipe.Should().HaveCount(2, recipe.Key);
            PlanSchema.Misfit(Page.Document(recipe.First().Json.AsObject())).Should().BeNull(recipe.Key);
            CaseSchema.Misfit(recipe.Last().Json).Should().BeNull(recipe.Key);
        }
    }

    [Fact]
    public void Every_case_of_the_page_is_valid()
    {
        var examples = Page.Examples("cases.md").ToList();
        examples.Should().HaveCountGreaterThan(3);
        foreach (var (heading, json) in examples)
        {
            CaseSchema.Misfit(json).Should().BeNull(heading);
            using var document = System.Text.Json.JsonDocument.Parse(json.ToJsonString());
            RatingCase.TryParse(document.RootElement, out _, out var errors).Should().BeTrue(heading);
            errors.Should().BeEmpty();
        }
    }

    /// <summary>Each member that a schema names stands on the page, and each refusal.</summary>
    [Fact]
    public void Everything_that_can_be_said_stands_on_the_pages()
    {
        Words("README.md").Should().Contain(Names(PlanSchema));
        Words("cases.md").Should().Contain(Names(CaseSchema));
        Words("cases.md").Should().Contain(RatingRefusal.All.Select(refusal => refusal.Code));
    }

    private static JsonObject Around(JsonObject component, List<string> types)
    {
        var type = (string)component["type"]!;
        types.Add(type);
        var heat = type.StartsWith("heat-", StringComparison.Ordinal);
        var above = heat
            ? Plans.HeatArea(Plans.Area(24m))
            : Plans.EnergyPrice(0.5m);
        var members = new JsonObject
        {
            ["components"] = component["of"] is null
                ? new JsonArray(component.DeepClone())
                : new JsonArray(JsonNode.Parse(above), component.DeepClone()),
        };
        if (heat)
            members["season"] = JsonNode.Parse("""{"from": "11-15", "to": "03-15"}""");
        return Page.Document(members, heat ? "Heat" : "Electricity");
    }

    private static IEnumerable<string> Names(PublishedSchema schema) => schema.Members
        .Select(path => path.Split('.')[^1].Trim('[', ']', '\'')).Distinct();

    private static HashSet<string> Words(string page) =>
        [.. Regex.Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "pages", page)), "[A-Za-z0-9-]+")
            .Select(match => match.Value)];
}
