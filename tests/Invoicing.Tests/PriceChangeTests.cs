using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Contracts;
using Billing.Contracts.Tariff;
using Billing.Rating;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>
/// Drafts of a month in which the price changes, with amounts computed by hand. October has 31 days; version 2 begins
/// on the 16th, so version 1 has 15 of them and version 2 has 16. 310 kWh are 150 and 160 by days.
/// </summary>
public sealed class PriceChangeTests
{
    private const string Code = "changing";

    private static readonly DraftTerms Terms = new(
        RunName.Parse("run-1"), Utility.Electricity, October, Day("2025-11-01"), Day("2025-11-20"));

    private static PlanPublished First(params string[] more) => Flat(Code, 1, "2025-01-01", 0.5m, false, more);

    private static PlanPublished Second(bool asRead = false, params string[] more) =>
        Flat(Code, 2, "2025-10-16", 0.6m, asRead, more);

    private static PeriodReading Closing(string from, string to, long kwh, string meter = "M1") => new(
        MeterNo.Parse(meter), Day(to), ReadingKind.Regular, Day(from), 1, kwh, null, null, "");

    private static PeriodReading Initial(string day, string meter) =>
        new(MeterNo.Parse(meter), Day(day), ReadingKind.Initial, null, 1, 0, null, null, "");

    private static Outcome Draft(PlanPublished[] versions, params PeriodReading[] readings)
    {
        var basis = new BillingBasis(
            No(1), CustomerClass.Residential, Region.Parse("海淀区"), Project.Parse("小区1"), Day("2019-01-01"),
            PlanCode.Parse(Code),
            [.. readings.Select(reading => reading.Meter).Distinct().Select(meter => Stay(Single(meter.Value)))], 0m);
        basis.Readings.AddRange(readings);
        return Drafting.Draft(Terms, basis, PlanSchedule.Of([.. versions.Select(Parsed)]), _ => null);
    }

    private static (long Fen, string Lines) Said(Outcome outcome) => (
        outcome.Invoice!.Amount.Fen,
        string.Join(" | ", outcome.Invoice.Lines.Select(line => $"v{line.Version} {line.Formula}")));

    [Fact]
    public void By_days_each_version_bills_its_days()
    {
        var outcome = Draft([First(), Second()], Closing("2025-09-30", "2025-10-31", 310));
        // 150 × 0.5 = 75.00 and 160 × 0.6 = 96.00; 171.00 ÷ 1.13 = 151.33.
        Said(outcome).Should().Be((171_00, "v1 150 kWh × 0.5 = 75.00 | v2 160 kWh × 0.6 = 96.00"));
        var invoice = outcome.Invoice!;
        (invoice.Version, invoice.Net.Fen, invoice.Tax.Fen).Should().Be((2, 151_33, 19_67));
    }

    [Fact]
    public void By_days_a_reading_on_the_day_of_the_change_changes_nothing() =>
        Said(Draft(
            [First(), Second()], Closing("2025-09-30", "2025-10-16", 100), Closing("2025-10-16", "2025-10-31", 210)))
            .Should().Be((171_00, "v1 150 kWh × 0.5 = 75.00 | v2 160 kWh × 0.6 = 96.00"));

    [Fact]
    public void As_read_the_register_of_the_day_of_the_change_counts() =>
        // 100 × 0.5 = 50.00 and 210 × 0.6 = 126.00.
        Said(Draft(
            [First(), Second(true)], Closing("2025-09-30", "2025-10-16", 100),
            Closing("2025-10-16", "2025-10-31", 210)))
            .Should().Be((176_00, "v1 100 kWh × 0.5 = 50.00 | v2 210 kWh × 0.6 = 126.00"));

    [Theory, InlineData("2025-10-15"), InlineData("2025-10-17")]
    public void As_read_a_reading_of_another_day_will_not_do(string day) =>
        Draft([First(), Second(true)], Closing("2025-09-30", day, 100), Closing(day, "2025-10-31", 210))
            .Exception!.Code.Should().Be("rating-reading-missing");

    [Fact]
    public void As_read_every_meter_must_have_been_read_on_the_day() =>
        Draft(
            [First(), Second(true)], Closing("2025-09-30", "2025-10-16", 100),
            Closing("2025-10-16", "2025-10-31", 210), Closing("2025-09-30", "2025-10-31", 5, "M2"))
            .Exception!.Code.Should().Be("rating-reading-missing");

    [Fact]
    public void As_read_a_meter_that_was_exchanged_between_is_known_on_both_sides() =>
        // M1 50 up to the 10th, M2 30 up to the 16th and 200 after it: 80 × 0.5 = 40.00 and 200 × 0.6 = 120.00.
        Said(Draft(
            [First(), Second(true)], Closing("2025-09-30", "2025-10-10", 50) with { Kind = ReadingKind.Final },
            Initial("2025-10-10", "M2"), Closing("2025-10-10", "2025-10-16", 30, "M2"),
            Closing("2025-10-16", "2025-10-31", 200, "M2")))
            .Should().Be((160_00, "v1 80 kWh × 0.5 = 40.00 | v2 200 kWh × 0.6 = 120.00"));

    [Theory]
    [InlineData("2025-10-16", "2025-11-01", "v1 0 kWh × 0.5 = 0.00 | v2 310 kWh × 0.6 = 186.00")]
    [InlineData("2025-09-12", "2025-10-12", "v1 310 kWh × 0.5 = 155.00 | v2 0 kWh × 0.6 = 0.00")]
    public void As_read_what_was_used_on_one_side_only_has_its_price(string from, string to, string lines) =>
        Said(Draft([First(), Second(true)], Closing(from, to, 310))).Lines.Should().Be(lines);

    [Fact]
    public void Three_versions_bill_one_after_the_other() =>
        // 10, 10 and 11 days: 100 × 0.5 = 50.00, 100 × 0.6 = 60.00, 110 × 0.7 = 77.00.
        Said(Draft(
            [First(), Flat(Code, 4, "2025-10-11", 0.6m), Flat(Code, 7, "2025-10-21", 0.7m)],
            Closing("2025-09-30", "2025-10-31", 310)))
            .Should().Be((187_00, "v1 100 kWh × 0.5 = 50.00 | v4 100 kWh × 0.6 = 60.00 | v7 110 kWh × 0.7 = 77.00"));

    [Fact]
    public void Time_of_use_is_read_by_its_registers_too()
    {
        static PlanDocument Version(int number, string from, decimal times)
        {
            var json = JsonNode.Parse(Flat(Code, number, from, 1m, true).Document.GetRawText())!;
            json["components"] = JsonNode.Parse($$"""
                [{"type": "time-of-use", "id": "tou", "label": {"zh": "峰谷", "en": "Time of use"}, "remainder": "FLAT",
                  "periods": [
                    {"period": "PEAK", "price": {{0.8m * times}}}, {"period": "FLAT", "price": {{0.5m * times}}},
                    {"period": "VALLEY", "price": {{0.2m * times}}}]}]
                """);
            return PlanDocument.Parse(JsonElement.Parse(json.ToJsonString()));
        }
        var basis = new BillingBasis(
            No(1), CustomerClass.Residential, Region.Parse("海淀区"), Project.Parse("小区1"), Day("2019-01-01"),
            PlanCode.Parse(Code),
            [Stay(TimeOfUse())],
            0m);
        basis.Readings.AddRange([
            Closing("2025-09-30", "2025-10-16", 100) with { Peak = 40, Valley = 20 },
            Closing("2025-10-16", "2025-10-31", 200) with { Peak = 50, Valley = 100 },
        ]);
        var schedule = PlanSchedule.Of(Version(1, "2025-01-01", 1m), Version(2, "2025-10-16", 2m));
        // 40 × 0.8 + 40 × 0.5 + 20 × 0.2 = 56.00; 50 × 1.6 + 50 × 1.0 + 100 × 0.4 = 170.00.
        Drafting.Draft(Terms, basis, schedule, _ => null).Invoice!.Amount.Fen.Should().Be(226_00);
    }

    [Fact]
    public void Heat_in_a_season_in_which_the_price_changes()
    {
        var json = JsonNode.Parse(Plan(BeijingHeat).Document.GetRawText())!;
        (json["version"], json["validFrom"]) = (2, "2026-01-15");
        json["components"]![0]!["area"]!["price"] = 30;
        var basis = new BillingBasis(
            No(1), CustomerClass.Residential, Region.Parse("海淀区"), Project.Parse("小区1"), Day("2019-01-01"),
            PlanCode.Parse(BeijingHeat), [], 100m);
        var schedule = PlanSchedule.Of(
            Document(BeijingHeat), PlanDocument.Parse(JsonElement.Parse(json.ToJsonString())));
        var terms = Terms with { Utility = Utility.Heat, Period = Winter };
        // 15 November to 14 January are 61 of 121 days: 2,400 × 61 ÷ 121 = 1,209.92; 3,000 × 60 ÷ 121 = 1,487.60.
        Said(Drafting.Draft(terms, basis, schedule, _ => null)).Should().Be(
            (2_697_52, "v1 100 m2 × 24 × 61/121 = 1209.92 | v2 100 m2 × 30 × 60/121 = 1487.60"));
        // Opened on 1 February, only version 2 has days: 28 + 15 = 43.
        Said(Drafting.Draft(terms, basis with { OpenedOn = Day("2026-02-01") }, schedule, _ => null))
            .Should().Be((1_066_12, "v2 100 m2 × 30 × 43/121 = 1066.12"));
    }

    [Fact]
    public void An_annual_minimum_counts_both_versions_of_the_month_that_closes_the_year()
    {
        var minimum = YearlyMinimum(400);
        var schedule = PlanSchedule.Of(
            Parsed(First(minimum)), Parsed(Flat(Code, 2, "2025-12-16", 0.6m, false, minimum)));
        var usage = new Usage(BillingPeriod.Parse("2025-12").Month)
        {
            TotalKwh = 310m, YearToDateKwh = 200m, YearToDateCharges = new(100_00), ClosesYear = true,
        };
        var bill = schedule.Rate(new(CustomerClass.Residential), usage).Bill!;
        // 75.00 and 96.00, and 400 − 100 − 75 − 96 = 129.00 to the minimum.
        (bill.Total.Fen, bill.Lines[^1].Amount.Fen).Should().Be((300_00, 129_00));
    }

    [Theory]
    [InlineData("2025-12", ReadingKind.Regular, true), InlineData("2025-11", ReadingKind.Regular, false)]
    [InlineData("2025-11", ReadingKind.Final, true), InlineData("2025-11", ReadingKind.Initial, false)]
    public void The_year_closes_in_December_or_with_the_last_meter(string period, ReadingKind last, bool closes) =>
        RatingFacts.ClosesYear(BillingPeriod.Parse(period), [
            Closing("2025-10-31", "2025-11-10", 50) with { Kind = ReadingKind.Final },
            Closing("2025-10-31", "2025-11-30", 50, "M2") with { Kind = last },
        ]).Should().Be(closes);

    [Fact]
    public void The_same_facts_draft_the_same_json()
    {
        static string Json() => JsonSerializer.Serialize(
            Draft([First(), Second()], Closing("2025-09-30", "2025-10-31", 311)).Invoice, Wire.Stored);
        Json().Should().Be(Json()).And.Contain("\"v\":1").And.Contain("\"v\":2");
    }

    [Theory, InlineData("{\"a\":3}", 3), InlineData("{\"a\":[1,2]}", 1, 2), InlineData("{\"a\":[1,2,12]}", 1, 2, 12)]
    public void Pinned_versions_are_a_number_or_several(string json, params int[] versions)
    {
        var pinned = JsonSerializer.Deserialize<Dictionary<PlanCode, PinnedVersions>>(
            json.Replace("\"a\"", "\"changing\"", StringComparison.Ordinal), Wire.Stored)!;
        pinned[PlanCode.Parse(Code)].Should().Be(PinnedVersions.Of(versions));
        JsonSerializer.Serialize(pinned, Wire.Stored).Replace("changing", "a", StringComparison.Ordinal)
            .Should().Be(json);
    }

    [Theory, InlineData("[]"), InlineData("\"1\""), InlineData("{}"), InlineData("[null]")]
    public void Anything_else_is_no_version(string json)
    {
        var read = () => JsonSerializer.Deserialize<PinnedVersions>(json, Wire.Stored);
        read.Should().Throw<JsonException>();
    }
}
