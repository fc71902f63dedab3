using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>What components do together, and where one has a say of its own.</summary>
public sealed class CompositionTests
{
    [Fact]
    public void Several_payers_pay_the_bill_at_most()
    {
        var plan = Plans.Electricity(string.Join(", ",
            [Plans.EnergyPrice(1m), Subsidy("city", 0.8m), Subsidy("state", 0.5m), Subsidy("church", 0.5m)]));
        var bill = plan.Bill(Plans.Home with { Categories = ["poor"] }, new(Plans.October) { TotalKwh = 100m });
        bill.Shares!.Select(share => (share.Payer, share.Amount.Fen)).Should().Equal(("city", 8000), ("state", 2000));
        (bill.Total, bill.Due).Should().Be((new(10000), Money.Zero));
    }

    [Fact]
    public void A_minimum_is_rounded_as_its_component_says()
    {
        // 7.03 up to the next yuan is 8; 3 of it are energy.
        var plan = Plans.Electricity(Plans.EnergyPrice(1m) + """
            , {"type": "minimum-charge", "id": "least", "label": {"zh": "最低", "en": "Minimum"}, "amount": 7.03,
               "per": "MONTH", "rounding": {"to": 1, "mode": "UP"}}
            """);
        plan.Bill(3m).Lines[^1].Amount.Should().Be(new Money(500));
        plan.Bill(8m).Lines.Should().ContainSingle();
    }

    [Fact]
    public void The_name_of_what_is_missing_is_that_of_the_plan()
    {
        var plan = Plans.Electricity("""
            {"type": "basic-charge", "id": "basic", "label": {"zh": "基本电费", "en": "Basic charge"},
             "capacityRegister": "transformers",
             "demand": {"price": 40, "highUse": {"kwhPerKva": 260, "factor": 0.9} } }
            """);
        var usage = new Usage(Plans.October)
        {
            TotalKwh = 1m, Registers = new Dictionary<string, decimal> { ["demand"] = 10m },
        };
        plan.Rate(Plans.Home, usage).Refusal!.Message.Should().Contain("'transformers'");
    }

    private static string Subsidy(string payer, decimal share) => $$"""
        {"type": "subsidy", "id": "{{payer}}", "label": {"zh": "补贴", "en": "Subsidy"}, "share": {{Plans.N(share)}},
         "payer": "{{payer}}", "onlyFor": ["poor"], "of": ["energy"]}
        """;
}
