using System.Text.Json;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>
/// The example cases beside the ready plans: each file asks the plan that it is named after, and what comes out was
/// computed by hand.
/// </summary>
public sealed class ExampleCaseTests
{
    /// <summary>The answers, in the order of the file; several bills of a case are joined by a plus.</summary>
    private static readonly Dictionary<string, string[]> Answers = new()
    {
        ["beijing-residential-heat"] =
        [
            "2370.24", // 24 × 98.76 (TV-H01)
            "1289.26", // 2,400 × 65/121 (TV-H18)
            "2328.60", // 2,400 − 71.40; 15.5 °C is 2.5 too cold: 60 %; 2,400/121 × 10 × 60 % × 60/100 (TV-H30)
            "1440.00", // 60 % of 2,400 (TV-H42)
        ],
        ["tianjin-residential-heat-metered"] =
        [
            "2500.00 + 1614.50", // 25 × 100; 7.5 × 100 + 7,000 × 0.13 × 0.95 = 750.00 + 864.50 (TV-H14)
            "1838.84", // 2,500 × 81/121 + 20 % × 2,500 × 40/121 = 1,673.55 + 165.29 (TV-H20)
            "2479.34", // 2,500 − 20.66; 2,500/121 × 10 days × 10 %
            "accepted",
            "155.00", // 2,500 × 31 days × 2 ‰ (TV-H51)
            "105.00", // frozen for 10 days: 2,500 × 21 × 2 ‰
        ],
        ["xian-residential-heat"] =
        [
            "2784.00", // 5.8 × 4 months × 100 × 3.6/3
            "696.00", // 30 % of 2,320
            "too late", // 15 days before 15 November is 31 October
        ],
        ["qingdao-residential-heat"] =
        [
            "2380.26", // 30.4 × 80 = 2,432.00; 141 days; less 2,432/141 × 3 = 51.74
            "2345.76", // less 2,432/141 × 10 × 50 % = 86.24
        ],
        ["beijing-residential-electricity"] =
        [
            "242.74", // 240 × 0.4883 + 160 × 0.5383 + 50 × 0.7883 = 117.19 + 86.13 + 39.42 (TV-E01-450)
            "225.23", // 340 × 0.4883 + 110 × 0.5383 = 166.02 + 59.21 (TV-E03)
            "485.47", // 480 × 0.4883 + 320 × 0.5383 + 100 × 0.7883 = 234.38 + 172.26 + 78.83
            "1.20", // 120 × 10 × 1 ‰ (TV-L01)
        ],
        ["zhejiang-residential-electricity-annual-tou"] =
        [
            "123.50", // 150 × 0.568 + 100 × 0.288 + 190 × 0.05 = 85.20 + 28.80 + 9.50 (TV-E04)
            // 1,700 × 0.568 + 1,000 × 0.288 = 965.60 + 288.00; then 852.00 + 288.00, and of 2,500 kWh 60 are left in
            // the first tier, 2,040 in the second and 400 above: 102.00 + 120.00
            "1253.60 + 1362.00",
        ],
        ["commercial-electricity-10kv"] =
        [
            "94372.50", // 12,800 + 76,000 + 5,128.50 + 0.5 % of 88,800 (TV-E20a)
            // 400 + 2 × (430 − 420) = 420 kW × 38.40 = 16,128.00 (TV-E23), 0.5 % of 92,128 = 460.64
            "97717.14",
            // 12,800 × 21/31 = 8,670.97 (TV-E25); 18,240 + 15,200 + 4,560; funds 1,200 + 1,140 + 68.25 + 156; factor
            // 0.9487: 0.95, −0.75 % of 46,670.97 = −350.03
            "48885.19",
            // (500 × 30 − 200 × 20) × 25.60 / 30 = 9,386.67; 0.5 % of 85,386.67 = 426.93
            "90942.10",
            "172.00", // 2,000 × 16 × 2 ‰ + 2,000 × 18 × 3 ‰ = 64 + 108 (TV-L02 without January's 18)
        ],
        ["hubei-commercial-electricity-10kv"] =
        [
            // 450 × 42 × 90 % = 17,010.00, as 130,000 / 500 = 260; energy 10,047.99 + 32,150.44 + 24,267.44 +
            // 15,508.96; funds 2,600 + 806 + 2,470; factor 0.96: −0.75 % of 98,984.83 = −742.39
            "104118.44",
        ],
        ["tokyo-juryo-dento-b"] =
        [
            "8821.00", // 935.25 + 120 × 29.80 + 140 × 36.40 − 260 × 6.51 + 907 (of 907.40) = 8,821.65
            "8766.00", // 55 less
            "467.00", // half of 935.25
        ],
        ["taipower-residential"] =
        [
            // 240 × 1.78 + 420 × 2.55 + 340 × 3.80 + 400 × 5.14 + 600 × 6.44 = 8,710.20
            "8710.00",
            // 30 of 61 days: 300 kWh, of them 240 × 30/61 = 118.03 in the first tier: 210.10 + 464.02; 31 days:
            // 310 kWh, 121.97 in the first: 217.10 + 424.95
            "1316.00",
        ],
        ["queensland-tariff-12a"] =
        [
            "449.16", // 90 × 0.72051 + 300 × 0.55287 + 900 × 0.19736 = 64.85 + 165.86 + 177.62 = 408.33, GST 40.83
            "268.30", // 92 × 0.72051 + 900 × 0.19736 = 66.29 + 177.62 = 243.91, GST 24.39
        ],
    };

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file))];

    private static string Folder => Path.Combine(Plans.Folder, "cases");

    [Theory]
    [MemberData(nameof(Files))]
    public void An_example_case_asks_the_plan_it_is_named_after_and_comes_to_what_was_computed_by_hand(string code)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, code + ".json")));
        RatingCase.TryParse(json.RootElement, out var cases, out var errors)
            .Should().BeTrue(string.Join(Environment.NewLine, errors));
        var plan = Plans.Shipped(code);
        cases!.Select(one => (one.Id, Answer(plan, one)))
            .Should().Equal(cases!.Select(one => one.Id).Zip(Answers[code]));
    }

    [Fact]
    public void Every_answer_has_its_file() => Answers.Keys.Should().BeEquivalentTo(
        Directory.GetFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension));

    private static string Answer(PlanDocument plan, RatingCase one)
    {
        if (one.Debt is { } debt)
            return plan.Penalty!.Accrue(debt, out _)!.Amount.ToString();
        if (one.AppliedOn is { } applied)
            return plan.Suspension!.Accepts(applied, plan.Season!.BeginningIn(one.Season)) ? "accepted" : "too late";
        return string.Join(" + ", one.Rate(new PlanSchedule((plan, null))).Select(
            rated => rated.Bill?.Total.ToString() ?? rated.Refusal!.Code));
    }
}
