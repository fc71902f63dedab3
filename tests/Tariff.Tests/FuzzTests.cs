using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>
/// Whatever is composed from the components: a valid plan answers every valid case with a bill that adds up, or with a
/// reason; an invalid one is refused with a path; nothing throws.
/// </summary>
public sealed class FuzzTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3_000);

    private static readonly Gen<int> Seed = Gen.Choose(0, int.MaxValue - 1);

    private static readonly string[] AnnualTiers = ["energy.tier1", "energy.tier2", "energy.tier3"];

    [Fact]
    public void A_valid_plan_and_a_valid_case_give_a_bill_that_adds_up_or_a_reason()
    {
        var bills = 0;
        Check(seed =>
        {
            var (plan, @case) = Read(seed);
            var versions = new PlanSchedule((plan, null));
            var (first, again) = (@case.Rate(versions)[0], @case.Rate(versions)[0]);
            first.Refusal.Should().Be(again.Refusal);
            if (first.Bill is not { } bill)
            {
                first.Refusal!.Code.Should().StartWith("rating-").And.NotBe("rating-amount-too-large");
                return;
            }
            bills++;
            again.Bill!.Lines.Should().Equal(bill.Lines);
            (bill.Net + bill.Tax).Should().Be(bill.Total);
            Recomputation.Of(plan, bill).Should().Be((bill.Total, bill.Tax));
            Stored(bill).Should().Equal(bill.Lines);
        });
        bills.Should().BeGreaterThan(500, "most cases are to be rated");
    }

    [Fact]
    public void A_plan_with_something_wrong_in_it_is_refused_with_a_path_or_is_another_valid_plan() => Check(seed =>
    {
        var random = new Random(seed);
        var json = JsonNode.Parse(new AnyPlan(seed).Document(seed % 2 == 0 ? "Heat" : "Electricity"))!;
        Spoil(json, random);
        if (!PlanDocument.TryParse(json.ToJsonString(), out var plan, out var errors))
        {
            errors.Should().NotBeEmpty().And.OnlyContain(error => error.Path.StartsWith('$'));
            errors.Select(error => error.Path).Should().OnlyHaveUniqueItems();
            return;
        }
        var (_, @case) = Read(seed);
        FluentActions.Invoking(() => @case.Rate(new PlanSchedule((plan, null)))).Should().NotThrow();
    });

    [Fact]
    public void A_case_with_something_wrong_in_it_is_refused_with_a_path_or_is_another_valid_case() => Check(seed =>
    {
        var heat = seed % 2 == 0;
        var any = new AnyPlan(seed);
        var plan = Plans.Parse(any.Document(heat ? "Heat" : "Electricity"));
        var json = JsonNode.Parse(any.Case(heat))!;
        Spoil(json, new(seed));
        using var spoiled = JsonDocument.Parse(json.ToJsonString());
        if (!RatingCase.TryParse(spoiled.RootElement, out var cases, out var errors))
            errors.Should().NotBeEmpty().And.OnlyContain(error => error.Path.StartsWith('$'));
        else
            FluentActions.Invoking(() => cases[0].Rate(new PlanSchedule((plan, null)))).Should().NotThrow();
    });

    /// <summary>A year read once, or in pieces of any size: every tier gets the same kWh.</summary>
    [Fact]
    public void Splitting_a_period_never_changes_what_annual_tiers_take()
    {
        var plan = Plans.Electricity(Plans.Tiers([2880m, 4800m], [0.4883m, 0.5383m, 0.7883m], period: "YEAR"));
        Check(seed =>
        {
            var random = new Random(seed);
            var (first, pieces) = (new DateOnly(2025, 1, 1), new List<string>());
            while (first.Year == 2025)
            {
                var last = first.AddDays(random.Next(0, 90)) is { Year: 2025 } day ? day : new(2025, 12, 31);
                pieces.Add($$"""
                    {"from": "{{first:yyyy-MM-dd}}", "to": "{{last:yyyy-MM-dd}}",
                     "registers": {"total": {{random.Next(0, 1500)}} } }
                    """);
                first = last.AddDays(1);
            }
            var bills = Rated(plan, $"[{string.Join(", ", pieces)}]");
            var whole = plan.Bill(Plans.Home, new(new(new(2025, 1, 1), new(2025, 12, 31)))
            {
                TotalKwh = bills.Sum(bill => bill.Lines.Sum(line => line.Quantity)), YearToDateKwh = 0m,
            });
            foreach (var tier in AnnualTiers)
                bills.Sum(bill => bill.Quantity(tier)).Should().Be(whole.Quantity(tier));
        });
    }

    /// <summary>A price that changes in mid-period to the same price is no change, to a fen for each line.</summary>
    [Fact]
    public void Cutting_a_period_between_two_equal_versions_loses_no_kwh_and_at_most_a_fen_a_line() => Check(seed =>
    {
        var random = new Random(seed);
        var document = Plans.Json("beijing-residential-electricity");
        var first = Plans.Parse(document.ToJsonString());
        (document["version"], document["validFrom"]) = (2, $"2025-10-{random.Next(2, 32):00}");
        var second = Plans.Parse(document.ToJsonString());
        var usage = new Usage(Plans.October) { TotalKwh = random.Next(0, 240) };
        var cut = new PlanSchedule((first, null), (second, null)).Rate(Plans.Home, usage).Bill!;
        cut.Lines.Sum(line => line.Quantity).Should().Be(usage.TotalKwh);
        Math.Abs((cut.Total - first.Bill(Plans.Home, usage).Total).Fen).Should().BeLessThanOrEqualTo(1);
    });

    private static List<Bill> Rated(PlanDocument plan, string usages)
    {
        using var json = JsonDocument.Parse($$"""{"supply": {"class": "Residential"}, "usage": {{usages}} }""");
        RatingCase.TryParse(json.RootElement, out var cases, out _).Should().BeTrue();
        // The first period of a year begins with nothing.
        var usage = cases![0].Usages;
        return [.. Carried(plan, usage)];
    }

    private static IEnumerable<Bill> Carried(PlanDocument plan, IReadOnlyList<Usage> usages)
    {
        var used = 0m;
        foreach (var usage in usages)
        {
            yield return plan.Bill(Plans.Home, usage with { YearToDateKwh = used });
            used += usage.TotalKwh!.Value;
        }
    }

    private static (PlanDocument Plan, RatingCase Case) Read(int seed)
    {
        var heat = seed % 2 == 0;
        var any = new AnyPlan(seed);
        var plan = Plans.Parse(any.Document(heat ? "Heat" : "Electricity"));
        using var json = JsonDocument.Parse(any.Case(heat));
        return RatingCase.TryParse(json.RootElement, out var cases, out var errors)
            ? (plan, cases[0])
            : throw new InvalidOperationException(string.Join(Environment.NewLine, errors));
    }

    private static BillLine[] Stored(Bill bill) =>
        JsonSerializer.Deserialize<BillLine[]>(JsonSerializer.Serialize(bill.Lines))!;

    /// <summary>Takes something out, or puts something else in its place.</summary>
    private static void Spoil(JsonNode root, Random random)
    {
        JsonNode?[] others =
            [null, -1, 1e300, "", "x", true, new JsonArray(), new JsonObject(), "2020-02-30", 0.123456789012];
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var node = root;
            while (true)
            {
                var children = node switch
                {
                    JsonObject json => json.Select(member => (Name: member.Key, Index: -1, member.Value)).ToList(),
                    JsonArray array => array.Select((value, i) => (Name: "", Index: i, Value: value)).ToList(),
                    _ => [],
                };
                if (children.Count == 0)
                    break;
                var (name, index, value) = children[random.Next(children.Count)];
                if (value is JsonObject or JsonArray && random.Next(4) > 0)
                {
                    node = value;
                    continue;
                }
                var other = others[random.Next(others.Length)]?.DeepClone();
                if (node is JsonArray items)
                    items[index] = other;
                else if (random.Next(3) == 0)
                    node.AsObject().Remove(name);
                else
                    node[name] = other;
                break;
            }
        }
    }

    private static void Check(Action<int> holds) => Prop.ForAll(Seed.ToArbitrary(), holds).Check(Many);
}
