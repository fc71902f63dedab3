using System.Text.Json.Nodes;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>What a billing run could not bill is named by its path, so that it is not published.</summary>
public sealed class ObstacleTests
{
    private const string Least = "{\"type\": \"minimum-charge\", \"id\": \"least\", \"amount\": 9, " + Label;
    private const string Unused = "{\"type\": \"fixed-charge\", \"id\": \"more\", " + Label
        + "\"price\": 1, \"per\": \"BILL\", \"unusedShare\": 0.5}";
    private const string Label = "\"label\": {\"zh\": \"最低\", \"en\": \"Minimum\"}, ";

    public static TheoryData<string, string, string> Obstacles => new()
    {
        { "Electricity", $"{Least} \"per\": \"YEAR\", \"of\": [\"fixed\"] }}", "$.components[1].of" },
        { "Electricity", $"{Least} \"per\": \"YEAR\"}}, {Plans.EnergyPrice(1m)}", "$.components[1].of" },
        { "Heat", $"{Least} \"per\": \"YEAR\"}}", "$.components[1].per" },
        { "Heat", Unused, "$.components[1].unusedShare" },
        { "Electricity", Tiers("peak"), "$.components[1].register" },
        { "Heat", Tiers("total"), "$.components[1].period" },
    };

    [Theory, MemberData(nameof(Obstacles))]
    public void A_component_that_a_run_cannot_bill_is_named(string utility, string component, string path) =>
        Plan(utility, component).Obstacles.Select(obstacle => obstacle.Path).Should().Equal(path);

    [Theory]
    [InlineData("JPY", "$.currency"), InlineData("HKD", "$.currency"), InlineData("CNY", null)]
    public void Only_yuan_are_billed(string currency, string? path)
    {
        var json = JsonNode.Parse(Plans.Document("Electricity", Plans.Fixed(1m), "LINE", "0.13", ""))!;
        json["currency"] = currency;
        Plans.Parse(json.ToJsonString()).Obstacles.Select(obstacle => obstacle.Path)
            .Should().Equal(path is null ? [] : [path]);
    }

    [Fact]
    public void What_a_run_can_bill_has_no_obstacle()
    {
        Plan("Electricity", $"{Least} \"per\": \"YEAR\"}}").Obstacles.Should().BeEmpty();
        Plan("Electricity", $"{Least} \"per\": \"MONTH\", \"of\": [\"fixed\"] }}").Obstacles.Should().BeEmpty();
        Plan("Electricity", Tiers("total")).Obstacles.Should().BeEmpty();
        foreach (var file in Directory.GetFiles(Plans.Folder, "*.json"))
        {
            var plan = Plans.Parse(File.ReadAllText(file));
            plan.Obstacles.Count.Should().Be(plan.Currency == "CNY" ? 0 : 1, plan.Code.Value);
        }
    }

    private static PlanDocument Plan(string utility, string component) =>
        Plans.Parse(Plans.Document(utility, $"{Plans.Fixed(1m)}, {component}", "LINE", "0.13", ""));

    private static string Tiers(string register) => Plans.Tiers([100m], [1m, 2m], period: "YEAR")
        .Replace("\"method\"", $"\"register\": \"{register}\", \"method\"", StringComparison.Ordinal);
}
