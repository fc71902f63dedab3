using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>Cases as they are written in JSON: what is read, what is refused, and what is carried.</summary>
public sealed class RatingCaseTests
{
    private const string Usage = "$.cases[0].usage";

    private readonly PublishedSchema _schema = new("rating-case.schema.json");

    /// <summary>A place in the document of all cases, what to put there, and where the mistake is named.</summary>
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "cases", "{}", "$.cases" },
        { "cases", "[]", "$.cases" },
        { "cases[0]", "7", "$.cases[0]" },
        { "plan", "{}", "$.plan" },
        { "cases[0].id", "\"\"", "$.cases[0].id" },
        { "cases[0].note", "\"x\"", "$.cases[0].note" },
        { "cases[0].usage", "", "$.cases[0].usage" },
        { "cases[0].supply", "", "$.cases[0].supply" },
        { "cases[0].suspension", "{\"season\":2025,\"appliedOn\":\"2025-09-30\"}", "$.cases[0].usage" },
        { "cases[2].supply", "{\"class\":\"Public\"}", "$.cases[2].supply" },
        { "cases[0].supply.class", "\"Private\"", "$.cases[0].supply.class" },
        { "cases[0].supply.class", "", "$.cases[0].supply.class" },
        { "cases[0].supply.areaM2", "-1", "$.cases[0].supply.areaM2" },
        { "cases[0].supply.heatFactor", "0", "$.cases[0].supply.heatFactor" },
        { "cases[0].supply.heightM", "\"3 m\"", "$.cases[0].supply.heightM" },
        { "cases[0].supply.useClass", "1", "$.cases[0].supply.useClass" },
        { "cases[0].supply.largeHousehold", "\"yes\"", "$.cases[0].supply.largeHousehold" },
        { "cases[0].supply.categories", "\"low-income\"", "$.cases[0].supply.categories" },
        { "cases[0].supply.categories[0]", "1", "$.cases[0].supply.categories[0]" },
        { "cases[0].supply.basicCharge", "\"DEMAND\"", "$.cases[0].supply.basicCharge" },
        { "cases[0].supply.quantities", "500", "$.cases[0].supply.quantities" },
        { "cases[0].supply.quantities.capacity", "\"500\"", "$.cases[0].supply.quantities.capacity" },
        { "cases[0].supply.quotaSince", "\"July\"", "$.cases[0].supply.quotaSince" },
        { "cases[0].supply.area", "1", "$.cases[0].supply.area" },
        { "cases[0].usage", "5", Usage },
        { "cases[1].usage", "[]", "$.cases[1].usage" },
        { "cases[1].usage[1]", "5", "$.cases[1].usage[1]" },
        { "cases[1].usage[1].to", "", "$.cases[1].usage[1].to" },
        { "cases[0].usage.from", "", $"{Usage}.from" },
        { "cases[0].usage.to", "\"2025-10\"", $"{Usage}.to" },
        { "cases[0].usage.cycle", "\"2025-10\"", $"{Usage}.cycle" },
        { "cases[0].usage.cycle.days", "31", $"{Usage}.cycle.days" },
        { "cases[0].usage.months", "0", $"{Usage}.months" },
        { "cases[0].usage.months", "1.5", $"{Usage}.months" },
        { "cases[0].usage.registers", "100", $"{Usage}.registers" },
        { "cases[0].usage.registers.total", "-1", $"{Usage}.registers.total" },
        { "cases[0].usage.registers.total", "\"100\"", $"{Usage}.registers.total" },
        { "cases[0].usage.registers.Total", "100", $"{Usage}.registers.Total" },
        { "cases[0].usage.meters[0]", "1", $"{Usage}.meters[0]" },
        { "cases[0].usage.meters[0].id", "", $"{Usage}.meters[0].id" },
        { "cases[0].usage.meters[0].id", "\"The house\"", $"{Usage}.meters[0].id" },
        { "cases[0].usage.meters[0].registers", "", $"{Usage}.meters[0].registers" },
        { "cases[0].usage.meters[1].registers.total", "1e11", $"{Usage}.meters[1].registers.total" },
        { "cases[0].usage.parts[0]", "1", $"{Usage}.parts[0]" },
        { "cases[0].usage.parts[0].to", "", $"{Usage}.parts[0].to" },
        { "cases[0].usage.parts[0].from", "\"2025-10-11\"", $"{Usage}.parts[0].from" },
        { "cases[0].usage.parts[0].registers.total", "null", $"{Usage}.parts[0].registers.total" },
        { "cases[0].usage.yearToDate", "2800", $"{Usage}.yearToDate" },
        { "cases[0].usage.yearToDate.kwh", "-1", $"{Usage}.yearToDate.kwh" },
        { "cases[0].usage.yearToDate.charges", "\"1367.24\"", $"{Usage}.yearToDate.charges" },
        { "cases[0].usage.yearToDate.net", "\"1209.95\"", $"{Usage}.yearToDate.net" },
        { "cases[0].usage.yearToDate.lines", "1", $"{Usage}.yearToDate.lines" },
        { "cases[0].usage.yearToDate.lines.Energy", "1", $"{Usage}.yearToDate.lines.Energy" },
        { "cases[0].usage.yearToDate.lines.energy", "true", $"{Usage}.yearToDate.lines.energy" },
        { "cases[0].usage.yearToDate.m3", "1", $"{Usage}.yearToDate.m3" },
        { "cases[0].usage.closesYear", "1", $"{Usage}.closesYear" },
        { "cases[0].usage.settles", "\"true\"", $"{Usage}.settles" },
        { "cases[0].usage.prepaid", "{}", $"{Usage}.prepaid.fen" },
        { "cases[0].usage.prepaid.fen", "1.5", $"{Usage}.prepaid.fen" },
        { "cases[0].usage.prepaid.yuan", "1", $"{Usage}.prepaid.yuan" },
        { "cases[0].usage.taxPoint", "20251101", $"{Usage}.taxPoint" },
        { "cases[0].usage.total", "100", $"{Usage}.total" },
        { "cases[0].usage.interruptions", "[]", $"{Usage}.interruptions" },
        { "cases[0].usage.interruptions.suspended", "0", $"{Usage}.interruptions.suspended" },
        { "cases[0].usage.interruptions.stopped", "[]", $"{Usage}.interruptions.stopped" },
        { "cases[0].usage.interruptions.stopped[0].to", "", $"{Usage}.interruptions.stopped[0].to" },
        { "cases[0].usage.interruptions.outages[0].hours", "-1", $"{Usage}.interruptions.outages[0].hours" },
        { "cases[0].usage.interruptions.cold[0].celsius", "", $"{Usage}.interruptions.cold[0].celsius" },
        { "cases[0].usage.interruptions.cold[0].celsius", "61", $"{Usage}.interruptions.cold[0].celsius" },
        { "cases[0].usage.interruptions.cold[0].rooms", "2", $"{Usage}.interruptions.cold[0].rooms" },
        { "cases[0].usage.interruptions.sealed[0].kva", "", $"{Usage}.interruptions.sealed[0].kva" },
        { "cases[0].usage.payment.on", "", $"{Usage}.payment.on" },
        { "cases[0].usage.payment.full", "1", $"{Usage}.payment.full" },
        { "cases[0].usage.payment.channel", "", $"{Usage}.payment.channel" },
        { "cases[2].penalty", "1000", "$.cases[2].penalty" },
        { "cases[2].penalty.class", "", "$.cases[2].penalty.class" },
        { "cases[2].penalty.principal", "", "$.cases[2].penalty.principal" },
        { "cases[2].penalty.dueOn", "\"soon\"", "$.cases[2].penalty.dueOn" },
        { "cases[2].penalty.paidOn", "", "$.cases[2].penalty.paidOn" },
        { "cases[2].penalty.rate", "0.001", "$.cases[2].penalty.rate" },
        { "cases[2].penalty.payments[0].amount", "", "$.cases[2].penalty.payments[0].amount" },
        { "cases[2].penalty.stopped[0]", "\"2025-06-01\"", "$.cases[2].penalty.stopped[0]" },
        { "cases[3].suspension.season", "\"2025-2026\"", "$.cases[3].suspension.season" },
        { "cases[3].suspension.appliedOn", "", "$.cases[3].suspension.appliedOn" },
        { "cases[3].suspension.share", "0.2", "$.cases[3].suspension.share" },
    };

    /// <summary>Mistakes that the schema cannot see.</summary>
    public static TheoryData<string, string, string> MistakesUnseen => new()
    {
        { "cases[0].usage.from", "\"2025-02-30\"", $"{Usage}.from" },
        { "cases[0].usage.to", "\"2025-10-10\"", $"{Usage}.to" },
        { "cases[0].usage.registers.total", "0.0000001", $"{Usage}.registers.total" },
        { "cases[0].usage.meters[1].id", "\"house\"", $"{Usage}.meters[1].id" },
        { "cases[0].usage.parts[0].to", "\"2025-10-10\"", $"{Usage}.parts[0].to" },
        { "cases[0].usage.parts[1].to", "\"2025-11-01\"", $"{Usage}.parts[1].to" },
        { "cases[0].usage.prepaid", "1.005", $"{Usage}.prepaid" },
        { "cases[2].penalty.principal", "0.001", "$.cases[2].penalty.principal" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    [MemberData(nameof(MistakesUnseen))]
    public void A_mistake_is_named_by_its_path_alone(string place, string json, string path)
    {
        var document = Put(place, json);
        RatingCase.TryParse(Element(document.ToJsonString()), out var cases, out var errors).Should().BeFalse();
        cases.Should().BeNull();
        errors.Select(error => error.Path).Should().Equal(path);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_of_form_does_not_fit_the_schema_either(string place, string json, string path)
    {
        path.Should().StartWith("$");
        _schema.Misfit(Put(place, json)).Should().NotBeNull();
    }

    [Theory]
    [MemberData(nameof(MistakesUnseen))]
    public void Only_mistakes_between_members_or_in_the_calendar_fit_the_schema(string place, string json, string path)
    {
        path.Should().StartWith("$");
        _schema.Misfit(Put(place, json)).Should().BeNull();
    }

    [Fact]
    public void Cases_with_every_member_of_the_schema_fit_it_and_are_read()
    {
        _schema.Misfit(Plans.Json("all-cases")).Should().BeNull();
        _schema.Members.Except(_schema.Seen).Should().BeEmpty();
        var cases = Read(Plans.Text("all-cases"));
        cases.Select(one => one.Id).Should().Equal(
            "every member of a usage", "two periods", "a late debt", "an application");
        cases.Select(one => one.Usages.Count).Should().Equal(1, 2, 0, 0);
        cases[2].Debt!.Payments.Should().Equal(new PartPayment(new(2025, 5, 30), new(40_000)));
        (cases[3].Season, cases[3].AppliedOn).Should().Be((2025, new DateOnly(2025, 9, 30)));
        (cases[0].Supply!.QuotaSince, cases[0].Supply!.BasicCharge).Should().Be(
            (new DateOnly(2025, 7, 10), BasicChargeMethod.Capacity));
    }

    [Fact]
    public void One_case_or_an_array_of_them_is_good_too()
    {
        var one = Plans.Json("all-cases")["cases"]![1]!.ToJsonString();
        foreach (var text in new[] { one, $"[{one}]", $$"""{"cases":[{{one}}]}""" })
        {
            Read(text).Should().ContainSingle().Which.Id.Should().Be("two periods");
            _schema.Misfit(JsonNode.Parse(text)).Should().BeNull();
        }
        Errors("[]").Should().Equal("$");
        Errors("3").Should().Equal("$");
        Errors("{}").Should().Equal("$.usage");
        Errors($"[{one}, 3]").Should().Equal("$[1]");
        Errors("""[{"id": "\ud800"}]""").Should().Contain("$");
        Errors(one.Replace("\"id\"", "\"id\":\"x\",\"id\"", StringComparison.Ordinal)).Should().Equal("$.id");
    }

    [Fact]
    public void Registers_of_meters_are_added_up_unless_they_are_given()
    {
        var usage = Read(Plans.Text("all-cases"))[0].Usages[0];
        (usage.TotalKwh, usage.PeakKwh, usage.ValleyKwh).Should().Be((150.5m, 50m, null));
        usage.Registers.Should().BeEquivalentTo(new Dictionary<string, decimal>
        {
            ["demand"] = 380.5m, ["house/total"] = 120m, ["house/peak"] = 90m, ["barn/total"] = 30.5m,
        });
        usage.Parts.Select(part => (part.Period.First.Day, part.Period.Last.Day, part.TotalKwh)).Should().Equal(
            (11, 20, 70m), (21, 31, 80.5m));
    }

    [Theory]
    [InlineData("12.5", 1250)]
    [InlineData("0", 0)]
    [InlineData("1367.24", 136724)]
    [InlineData("{\"fen\": 136724}", 136724)]
    public void Money_is_yuan_or_fen(string json, long fen) =>
        Read(Put("cases[0].usage.prepaid", json).ToJsonString())[0].Usages[0].Prepaid.Should().Be(new Money(fen));

    [Fact]
    public void Periods_of_a_case_go_on_from_each_other_within_a_year()
    {
        // 240 kWh a year at 1, the rest at 2: 200; then 40 at 1 and 60 at 2; the next year begins again.
        var bills = Rate("""
            {"supply": {"class": "Residential"}, "usage": [
              {"from": "2025-01-01", "to": "2025-06-30", "registers": {"total": 200}},
              {"from": "2025-07-01", "to": "2025-12-31", "registers": {"total": 100}},
              {"from": "2025-12-31", "to": "2026-01-31", "registers": {"total": 10}}]}
            """);
        bills.Select(rated => rated.Bill!.Total).Should().Equal(new Money(20000), new Money(16000), new Money(1000));
    }

    [Fact]
    public void A_year_that_is_not_known_from_its_beginning_is_refused_and_not_guessed()
    {
        const string unknown = """
            {"supply": {"class": "Residential"}, "usage": [
              {"from": "2025-10-01", "to": "2025-10-31", "registers": {"total": 200}},
              {"from": "2025-11-01", "to": "2025-11-30", "registers": {"total": 100}}]}
            """;
        Rate(unknown).Select(rated => rated.Refusal).Should().Equal(
            RatingRefusal.YearMissing, RatingRefusal.YearMissing);
        Rate(unknown.Replace("200}", "200}, \"yearToDate\": {\"kwh\": 0}", StringComparison.Ordinal))
            .Select(rated => rated.Bill!.Total).Should().Equal(new Money(20000), new Money(16000));
    }

    [Fact]
    public void Stops_of_a_debt_must_not_overlap()
    {
        var debt = Read(Plans.Text("all-cases"))[2].Debt!;
        var stop = debt.Disconnected[0];
        Plans.Shipped("all-electricity").Penalty!.Accrue(debt with { Disconnected = [stop, stop] }, out var refusal)
            .Should().BeNull();
        refusal.Should().Be(RatingRefusal.InterruptionsOverlap);
    }

    private static IReadOnlyList<Rated> Rate(string one)
    {
        var plan = Plans.Electricity(Plans.Tiers([240m], [1m, 2m], period: "YEAR"));
        return Read(one)[0].Rate(new PlanSchedule((plan, null)));
    }

    private static JsonObject Put(string place, string json)
    {
        var document = Plans.Json("all-cases");
        PlanDocumentTests.Put(document, place, json);
        return document;
    }

    private static IReadOnlyList<RatingCase> Read(string text) =>
        RatingCase.TryParse(Element(text), out var cases, out var errors)
            ? cases
            : throw new InvalidOperationException(string.Join(Environment.NewLine, errors));

    private static IEnumerable<string> Errors(string text)
    {
        RatingCase.TryParse(Element(text), out _, out var errors).Should().BeFalse();
        return errors.Select(error => error.Path);
    }

    private static JsonElement Element(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}
