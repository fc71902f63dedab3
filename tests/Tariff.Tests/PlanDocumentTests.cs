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
    private const string Tou = "commercial-electricity-tou";
    private const string Area = "beijing-residential-heat";
    private const string TwoPart = "beijing-residential-heat-metered";

    public static TheoryData<string> Shipped =>
        [.. Directory.GetFiles(Plans.Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file))];

    /// <summary>
    /// A shipped plan, a place in it, what to put there (nothing removes it), and where the mistake is named.
    /// </summary>
    public static TheoryData<string, string, string, string> Mistakes => new()
    {
        { Tiers, "code", "", "$.code" },
        { Tiers, "code", "\"Beijing\"", "$.code" },
        { Tiers, "version", "0", "$.version" },
        { Tiers, "version", "1.5", "$.version" },
        { Tiers, "version", "\"1\"", "$.version" },
        { Tiers, "name", "\"x\"", "$.name" },
        { Tiers, "name.zh", "", "$.name.zh" },
        { Tiers, "name.en", "\" \"", "$.name.en" },
        { Tiers, "name.fr", "\"x\"", "$.name.fr" },
        { Tiers, "region", "\"\"", "$.region" },
        { Tiers, "utility", "\"Water\"", "$.utility" },
        { Tou, "utility", "\"Heat\"", "$.components[0].type" },
        { Tiers, "customerClasses", "[]", "$.customerClasses" },
        { Tiers, "customerClasses", "[\"Residential\",\"Nobody\"]", "$.customerClasses[1]" },
        { Tiers, "customerClasses", "[\"Residential\",\"Residential\"]", "$.customerClasses[1]" },
        { Tiers, "customerClasses", "[7]", "$.customerClasses[0]" },
        { Tiers, "legalDocument", "", "$.legalDocument" },
        { Tiers, "source", "null", "$.source" },
        { Tiers, "validFrom", "\"2026-02-30\"", "$.validFrom" },
        { Tiers, "validFrom", "\"1899-12-31\"", "$.validFrom" },
        { Tiers, "validTo", "\"2019-03-31\"", "$.validTo" },
        { Tiers, "validTo", "\"soon\"", "$.validTo" },
        { Area, "vat[0].to", "\"soon\"", "$.vat[0].to" },
        { Area, "vat[1].from", "", "$.vat[1].from" },
        { Tiers, "vat", "[]", "$.vat" },
        { Tiers, "vat[0].from", "\"2019-04-02\"", "$.vat[0].from" },
        { Tiers, "vat[0].to", "\"2019-03-31\"", "$.vat[0].to" },
        { Tiers, "vat[0].to", "\"2030-12-31\"", "$.vat[0].to" },
        { Tiers, "vat[0].rate", "", "$.vat[0].rate" },
        { Tiers, "vat[0].rate", "1.01", "$.vat[0].rate" },
        { Tiers, "vat[0].treatment", "\"FREE\"", "$.vat[0].treatment" },
        { Area, "vat[0].rate", "0", "$.vat[0].rate" },
        { Area, "vat[1].from", "\"2028-03-17\"", "$.vat[1].from" },
        { Area, "vat[1].from", "\"2028-03-15\"", "$.vat[1].from" },
        { Area, "vat[0].to", "", "$.vat[1].from" },
        { Tiers, "rounding", "\"NEVER\"", "$.rounding" },
        { Tiers, "surprise", "1", "$.surprise" },
        { Tiers, "components", "{}", "$.components" },
        { Tiers, "components[0]", "3", "$.components[0]" },
        { Tiers, "components[0].type", "", "$.components[0].type" },
        { Tiers, "components[0].type", "\"magic\"", "$.components[0].type" },
        { Tiers, "components[0].id", "\"a.b\"", "$.components[0].id" },
        { Tiers, "components[0].id", "\"rounding\"", "$.components[0].id" },
        { Tiers, "components[0].label.en", "", "$.components[0].label.en" },
        { Tiers, "components[0].period", "\"WEEK\"", "$.components[0].period" },
        { Tiers, "components[0].method", "\"SUM\"", "$.components[0].method" },
        { Tiers, "components[0].method", "\"INCREMENT\"", "$.components[0].tiers[0].price" },
        { Tiers, "components[0].extras[0].perMonth", "-1", "$.components[0].extras[0].perMonth" },
        { Tiers, "components[0].tiers", "[]", "$.components[0].tiers" },
        { Tiers, "components[0].tiers[0].upTo", "0", "$.components[0].tiers[0].upTo" },
        { Tiers, "components[0].tiers[0].upTo", "", "$.components[0].tiers[0].upTo" },
        { Tiers, "components[0].tiers[1].upTo", "240", "$.components[0].tiers[1].upTo" },
        { Tiers, "components[0].tiers[2].upTo", "900", "$.components[0].tiers[2].upTo" },
        { Tiers, "components[0].tiers[1].price", "-1000000.1", "$.components[0].tiers[1].price" },
        { Tiers, "components[0].tiers[1].price", "1000000.1", "$.components[0].tiers[1].price" },
        { Tiers, "components[0].tiers[1].price", "0.12345678901", "$.components[0].tiers[1].price" },
        { Tiers, "components[0].tiers[1].price", "1e400", "$.components[0].tiers[1].price" },
        { Tiers, "components[0].tiers[1].price", "\"0.5\"", "$.components[0].tiers[1].price" },
        { Tiers, "components[0].tiers[1].colour", "1", "$.components[0].tiers[1].colour" },
        { Tou, "components[0].periods[2].period", "\"noon\"", "$.components[0].periods[2].period" },
        { Tou, "components[0].periods[2].period", "\"PEAK\"", "$.components[0].periods[2].period" },
        { Tou, "components[0].remainder", "\"NOON\"", "$.components[0].remainder" },
        { Tou, "components[0].periods", "[{\"period\":\"PEAK\",\"price\":1}]", "$.components[0].remainder" },
        { Tou, "components[0].price", "1", "$.components[0].price" },
        { Area, "season", "", "$.season" },
        { Area, "season.from", "\"02-30\"", "$.season.from" },
        { Area, "season.months", "13", "$.season.months" },
        { Area, "season.weeks", "13", "$.season.weeks" },
        { Area, "components[0].area", "", "$.components[0].area" },
        { Area, "components[0].area.per", "\"WEEK\"", "$.components[0].area.per" },
        { Area, "components[0].area.per", "\"MONTH\"", "$.season.months" },
        { Area, "components[0].area.basis", "\"RENTED\"", "$.components[0].area.basisFactor" },
        { Area, "components[0].area.basisFactor", "1.3", "$.components[0].area.basisFactor" },
        { Area, "components[0].area.proration", "\"HOUR\"", "$.components[0].area.proration" },
        { TwoPart, "components[0].basic", "{}", "$.components[0].basic.price" },
        { TwoPart, "components[0].basic.share", "0.3", "$.components[0].basic.share" },
        { TwoPart, "components[0].basic", "{\"share\":1.1}", "$.components[0].basic.share" },
        { TwoPart, "components[0].metered.unit", "\"BTU\"", "$.components[0].metered.unit" },
        { TwoPart, "components[0].metered.correctionFactor", "1", "$.components[0].metered.correctionFactor" },
        { TwoPart, "components[0].metered.correctionFactor", "", "$.components[0].metered.correctionFactor" },
        { TwoPart, "components[0].cap", "\"CAP_120\"", "$.components[0].cap" },
    };

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_shipped_plan_is_valid_and_named_like_its_file(string file)
    {
        var plan = Plans.Shipped(file);
        plan.Code.Value.Should().Be(file);
        plan.Source.Should().NotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
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
