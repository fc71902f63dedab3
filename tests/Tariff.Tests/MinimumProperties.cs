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
/// Any plan, with a minimum behind all of its components and without it: the bill is the larger of what it was and of
/// the minimum, rounded as the plan rounds. Rounding keeps order, so that this is the same as comparing exactly.
/// </summary>
public sealed class MinimumProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void A_minimum_never_lowers_a_bill_and_never_leaves_it_below() => Check(any =>
    {
        if (any.Rate(any.Without) is not { } without || any.Rate(any.With) is not { } with)
            return false;
        with.Total.Should().Be(Money.Max(without.Total, any.Least(without)));
        any.Recompute(with);
        return true;
    });

    [Fact]
    public void A_price_that_changes_to_itself_changes_no_minimum() => Check(any =>
    {
        if (any.Days < 2 || any.Rate(Cut(any.Without)) is not { } without || any.Rate(Cut(any.With)) is not { } with)
            return false;
        with.Total.Should().Be(Money.Max(without.Total, any.Least(without)));
        with.Lines.Count(line => line.Id == "least").Should().BeLessThan(2);
        return true;

        PlanDocument[] Cut(PlanDocument[] plan) => any.CutInTwo(plan[0]);
    });

    [Fact]
    public void A_minimum_of_some_lines_brings_these_lines_to_it() => Check(any =>
    {
        var named = any.With[0].Components[0];
        var plan = any.WithMinimumOf(named.Id);
        // What lines with a part of their own already bring to a sum really come to is not on the bill.
        if (named is HeatTwoPart or MinimumCharge || any.Rate([plan]) is not { } bill)
            return false;
        var known = bill.Lines.Where(line => line.Component == named.Id).Sum(line => Exact(plan, line)) + any.YearOf;
        var raised = Array.Find(bill.Lines, line => line.Id == "least");
        if (any.Wanted(plan) > known)
            (raised.Quantity, raised.Less).Should().Be((any.Wanted(plan), Money.FromYuan(known)));
        else
            raised.Id.Should().BeNull("the lines come to the minimum by themselves");
        any.Recompute(bill);
        return true;
    });

    private static decimal Exact(PlanDocument plan, BillLine line) => plan.Explain(line).Rounding is null
        ? BillLine.Exact(line.Quantity, line.Price, line.Factor, line.Times, line.Of)
        : line.Amount.Yuan;

    private static void Check(Func<Any, bool> holds)
    {
        var rated = 0;
        Prop.ForAll(
            Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => { rated += holds(new(seed)) ? 1 : 0; }).Check(Many);
        rated.Should().BeGreaterThan(300, "enough of the cases are to be bills");
    }

    /// <summary>A random plan and case, and a minimum that goes with them.</summary>
    private sealed class Any
    {
        private readonly JsonObject _document;
        private readonly RatingCase _case;
        private readonly (decimal Amount, string Per) _minimum;
        private readonly decimal _units = 1m;

        public Any(int seed)
        {
            var random = new Random(seed);
            var (any, heat) = (new AnyPlan(seed), seed % 2 == 0);
            _document = JsonNode.Parse(any.Document(heat ? "Heat" : "Electricity"))!.AsObject();
            // Only what the tax law sees has one way from net to total.
            foreach (var component in _document["components"]!.AsArray())
            {
                component!.AsObject().Remove("taxable");
                // An annual minimum is of the year's bills only while nothing stands below it.
                if ((string?)component["type"] == "minimum-charge")
                    component["per"] = "MONTH";
            }
            Without = [Plans.Parse(_document.ToJsonString())];
            _case = Read(any.Case(heat));
            _minimum = (random.Next(0, 100_000) / 100m,
                new[] { "BILL", "MONTH", "DAY", "YEAR" }[random.Next(heat ? 3 : 4)]);
            if (random.Next(3) == 0)
                _units = Usage.Period.Days > 3 ? 30m : 1m;
            With = [Parse(_document, Minimum())];
        }

        public PlanDocument[] Without { get; }

        public PlanDocument[] With { get; }

        public int Days => Usage.Period.Days;

        /// <summary>What came before in the year, of the component that the minimum names.</summary>
        public decimal YearOf => _minimum.Per == "YEAR" ? Usage.YearToDateLines!["c0"].Yuan : 0m;

        private Usage Usage => _case.Usages[0];

        private bool IsSettled => _minimum.Per != "YEAR" || Usage.ClosesYear;

        public Bill? Rate(PlanDocument[] versions) =>
            IsSettled ? _case.Rate(new([.. versions.Select(plan => (plan, null as DateOnly?))]))[0].Bill : null;

        public PlanDocument WithMinimumOf(string component)
        {
            var minimum = Minimum();
            minimum["of"] = new JsonArray(component);
            return Parse(_document, minimum);
        }

        public PlanDocument[] CutInTwo(PlanDocument plan)
        {
            var json = _document.DeepClone().AsObject();
            (json["version"], json["validFrom"]) = (2, Usage.Period.First.AddDays(Days / 2).ToString("yyyy-MM-dd"));
            return [plan, plan == With[0] ? Parse(json, Minimum()) : Plans.Parse(json.ToJsonString())];
        }

        /// <summary>The minimum, before what the year came to is taken off, rounded as a line is.</summary>
        public decimal Wanted(PlanDocument plan)
        {
            var exact = _minimum.Amount * _units * _minimum.Per switch
            {
                "MONTH" => Usage.Months,
                "DAY" => Days,
                _ => 1,
            };
            return plan.Rounding.Line?.Apply(exact).Yuan ?? exact;
        }

        /// <summary>What a bill with nothing but the minimum comes to.</summary>
        public Money Least(Bill without)
        {
            var plan = Without[0];
            var exact = Wanted(plan) - (_minimum.Per != "YEAR" ? 0m
                : (plan.TaxOnTop ? Usage.YearToDateNet : Usage.YearToDateCharges)!.Value.Yuan);
            if (plan.TaxOnTop)
                exact += Money.FromYuan(exact * without.Vat.Rate!.Value).Yuan;
            return plan.Rounding.Total?.Apply(exact) ?? Money.FromYuan(exact);
        }

        public void Recompute(Bill bill)
        {
            var plan = bill.Lines.Any(line => line.Id == "least") ? With[0] : Without[0];
            Recomputation.Of(plan, bill).Should().Be((bill.Total, bill.Tax));
        }

        private JsonObject Minimum()
        {
            var minimum = new JsonObject
            {
                ["type"] = "minimum-charge", ["id"] = "least", ["amount"] = _minimum.Amount, ["per"] = _minimum.Per,
                ["label"] = new JsonObject { ["zh"] = "最低", ["en"] = "Minimum" },
            };
            if (_units != 1m)
                minimum["times"] = new JsonObject { ["register"] = "ampere" };
            return minimum;
        }

        private static PlanDocument Parse(JsonObject document, JsonObject minimum)
        {
            var json = document.DeepClone().AsObject();
            json["components"]!.AsArray().Add(minimum);
            return Plans.Parse(json.ToJsonString());
        }

        private static RatingCase Read(string json) =>
            RatingCase.TryParse(JsonElement.Parse(json), out var cases, out var errors)
                ? cases[0]
                : throw new InvalidOperationException(string.Join(Environment.NewLine, errors));
    }
}
