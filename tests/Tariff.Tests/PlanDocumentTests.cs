using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

public sealed class PlanDocumentTests
{
    private const string Tiers = "beijing-residential-electricity";
    private const string TwoPart = "beijing-residential-heat-metered";

    public static TheoryData<string> Shipped =>
        [.. Directory.GetFiles(Plans.Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_shipped_plan_is_valid_and_named_like_its_file(string file)
    {
        var plan = Plans.Shipped(file);
        plan.Code.Value.Should().Be(file);
        plan.Source.Should().NotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(PlanMistakes.InHead), MemberType = typeof(PlanMistakes))]
    [MemberData(nameof(PlanMistakes.InHeadUnseen), MemberType = typeof(PlanMistakes))]
    [MemberData(nameof(PlanMistakes.InTerms), MemberType = typeof(PlanMistakes))]
    [MemberData(nameof(PlanMistakes.InTermsUnseen), MemberType = typeof(PlanMistakes))]
    [MemberData(nameof(PlanMistakes.InHeat), MemberType = typeof(PlanMistakes))]
    [MemberData(nameof(PlanMistakes.InHeatUnseen), MemberType = typeof(PlanMistakes))]
    [MemberData(nameof(ComponentMistakes.Seen), MemberType = typeof(ComponentMistakes))]
    [MemberData(nameof(ComponentMistakes.Unseen), MemberType = typeof(ComponentMistakes))]
    public void A_mistake_is_named_by_its_path_alone(string code, string place, string json, string path)
    {
        var document = Plans.Json(code);
        Put(document, place, json);
        PlanDocument.TryParse(document.ToJsonString(), out var plan, out var errors).Should().BeFalse();
        plan.Should().BeNull();
        errors.Select(error => error.Path).Should().Equal(path);
    }

    [Fact]
    public void Every_mistake_of_a_document_is_named()
    {
        PlanDocument.TryParse("{}", out _, out var errors).Should().BeFalse();
        errors.Select(error => error.Path).Should().Equal(
            "$.code", "$.version", "$.name", "$.region", "$.legalDocument", "$.source", "$.utility",
            "$.customerClasses", "$.validFrom", "$.vat", "$.rounding", "$.components");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"code\": \"\\ud800\"}")]
    public void What_is_no_document_at_all_is_refused_at_the_root(string text)
    {
        PlanDocument.TryParse(text, out _, out var errors).Should().BeFalse();
        errors.Select(error => error.Path).Should().Contain("$");
    }

    [Fact]
    public void A_member_or_component_that_is_there_twice_is_refused()
    {
        PlanDocument.TryParse(Plans.Text(Tiers).Replace("{\n  \"code\"", "{\n  \"version\": 1, \"code\"",
            StringComparison.Ordinal), out _, out var errors).Should().BeFalse();
        errors.Select(error => error.Path).Should().Equal("$.version");

        var twice = Plans.Document(
            "Electricity", Plans.EnergyPrice(1m) + "," + Plans.EnergyPrice(2m), "LINE", "0.13", "");
        PlanDocument.TryParse(twice, out _, out errors).Should().BeFalse();
        errors.Select(error => error.Path).Should().Equal("$.components[1].id");
    }

    [Fact]
    public void A_published_document_that_is_not_valid_is_a_broken_program()
    {
        using var json = JsonDocument.Parse("{}");
        FluentActions.Invoking(() => PlanDocument.Parse(json.RootElement)).Should()
            .Throw<FormatException>().WithMessage("*$.code: is missing*");
        using var good = JsonDocument.Parse(Plans.Text(Tiers));
        PlanDocument.Parse(good.RootElement).Code.Should().Be(PlanCode.Parse(Tiers));
    }

    [Fact]
    public void Everything_in_the_head_of_a_document_is_read()
    {
        var document = Plans.Json(TwoPart);
        (document["version"], document["validTo"]) = (3, "2029-12-31");
        document["vat"]![1]!["to"] = "2029-12-31";
        var plan = Plans.Parse(document.ToJsonString());
        (plan.Version, plan.Region, plan.Utility, plan.LegalDocument, plan.ValidFrom, plan.ValidTo, plan.Rounding)
            .Should().Be((3, "北京市", Utility.Heat, "京政容发〔2010〕98号", new DateOnly(2019, 4, 1),
                new DateOnly(2029, 12, 31), RoundingPoint.Lines));
        plan.Name.Should().Be(new Label("北京居民供热(两部制)", "Beijing residential heat in two parts"));
        plan.CustomerClasses.Should().Equal(CustomerClass.Residential);
        plan.Season.Should().Be(new Season(new(11, 15), new(3, 15), null));
        plan.Vat.Should().HaveCount(2);
        plan.Components.Select(component => (component.GetType(), component.Id)).Should().Equal(
            (typeof(HeatTwoPart), "heat"), (typeof(HeatTemperature), "cold"));
    }

    internal static void Put(JsonObject document, string place, string json)
    {
        JsonNode node = document;
        var steps = place.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal)
            .Split('.');
        foreach (var step in steps[..^1])
            node = int.TryParse(step, out var index) ? node[index]! : node[step]!;
        if (int.TryParse(steps[^1], out var last))
            node[last] = JsonNode.Parse(json);
        else if (json.Length == 0)
            node.AsObject().Remove(steps[^1]);
        else
            node[steps[^1]] = JsonNode.Parse(json);
    }
}
