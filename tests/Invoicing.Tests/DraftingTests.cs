using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Contracts;
using Billing.Contracts.Customer;
using Billing.Rating;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>From the basis of an account to its draft, with amounts computed by hand.</summary>
public sealed class DraftingTests
{
    private static readonly DraftTerms Electricity = new(
        RunName.Parse("run-1"), Utility.Electricity, October, Day("2025-11-01"), Day("2025-11-20"));
    private static readonly DraftTerms Heat = Electricity with { Utility = Utility.Heat, Period = Winter };

    private static readonly PeriodReading Closing = new(
        MeterNo.Parse("M1"), Day("2025-10-31"), ReadingKind.Regular, Day("2025-09-30"), 1, 240, null, null, "");

    private static BillingBasis Basis(params PeriodReading[] readings) => With(new(
        No(1), CustomerClass.Residential, Region.Parse("海淀区"), Project.Parse("小区1"), Day("2019-01-01"),
        PlanCode.Parse(Beijing), [Stay()],
        0m), readings);

    private static BillingBasis With(BillingBasis basis, params PeriodReading[] readings)
    {
        basis.Readings.AddRange(readings);
        return basis;
    }

    private static Outcome Draft(
        BillingBasis basis, string plan = Beijing, ReadingKind? last = null, string on = "2025-09-30") =>
        Drafting.Draft(
            Electricity, basis, PlanSchedule.Of(Document(plan)), _ => last is { } kind ? new LastReading(kind, Day(
                on)) : null);

    private static Outcome DraftHeat(decimal area, string opened = "2019-01-01", string plan = BeijingHeat) =>
        Drafting.Draft(
            Heat, Basis() with { AreaM2 = area, OpenedOn = Day(opened), Meters = [] },
            PlanSchedule.Of(Document(plan)), _ => null);

    [Theory]
    [InlineData(240, 117_19), InlineData(241, 117_73), InlineData(400, 203_32), InlineData(401, 204_11)]
    [InlineData(450, 242_74)]
    public void Tiers_of_Beijing(long kwh, long fen) =>
        Draft(Basis(Closing with { Kwh = kwh })).Invoice!.Amount.Fen.Should().Be(fen);

    [Theory]
    [InlineData(100_00, 0, 0, null), InlineData(100_00, 1, 0, "several-payers")]
    [InlineData(100_00, 0, 1, "several-payers"), InlineData(100_00, 100_00, 0, "several-payers")]
    [InlineData(0, 0, 0, "amount-zero")]
    [InlineData(-1, 0, 0, "amount-negative"), InlineData(1, 0, 0, null)]
    [InlineData(900_000_000_00, 0, 0, null), InlineData(900_000_000_01, 0, 0, "amount-too-large")]
    public void A_bill_that_the_customer_alone_does_not_owe_as_it_is_is_not_issued(
        long total, long subsidised, long prepaid, string? code)
    {
        var bill = new Bill([], new(total), new(total), Money.Zero, new(VatTreatment.Exempt, null), new(prepaid))
        {
            Shares = subsidised == 0 ? null : [new("government", "aid", new("补贴", "Subsidy"), new(subsidised))],
        };
        Drafting.Unbillable(bill)?.Code.Should().Be(code);
    }

    [Fact]
    public void A_draft_says_everything_but_its_number()
    {
        var (invoice, exception) = Draft(Basis(Closing));
        exception.Should().BeNull();
        invoice.Should().Be(new InvoiceIssued(
            default, No(1), Utility.Electricity, October, CustomerClass.Residential, Region.Parse("海淀区"),
            Project.Parse("小区1"), new(117_19),
            new(103_71), new(13_48), PlanCode.Parse(Beijing), 1, invoice!.Lines, invoice.Usage, Day("2025-11-01"),
            Day("2025-11-20"), RunName.Parse("run-1")));
        invoice.Usage.Should().Equal(new Used(MeterNo.Parse("M1"), Day("2025-09-30"), Day("2025-10-31"), 240));
        invoice.Lines.Should().ContainSingle().Which.Should().Be(
            new BillLine("energy.tier1", 240m, Unit.Kwh, 0.4883m, new(117_19)));
    }

    [Fact] public void Two_months_read_at_once_have_two_quotas() =>
        Draft(Basis(Closing with { Kwh = 480, Months = 2 })).Invoice!.Amount.Fen.Should().Be(234_38);

    [Fact]
    public void An_exchanged_meter_and_the_new_one_are_billed_together()
    {
        var basis = Basis(
            Closing with { ReadOn = Day("2025-10-10"), Kind = ReadingKind.Final, Kwh = 100 },
            Closing with { Meter = MeterNo.Parse("M2"), ReadOn = Day("2025-10-10"), Kind = ReadingKind.Initial,
            From = null, Kwh = 0 },
            Closing with { Meter = MeterNo.Parse("M2"), From = Day("2025-10-10"), Kwh = 141 });
        var invoice = Draft(basis with { Meters = [Stay(), Stay(Single("M2"))] }).Invoice!;
        (invoice.Amount.Fen, invoice.Usage.Length).Should().Be((117_73, 2));
    }

    [Fact]
    public void Time_of_use_is_billed_by_its_registers()
    {
        var basis = Basis(Closing with { Kwh = 1_000, Peak = 400, Valley = 250 });
        var invoice =
            Draft(basis with { Class = CustomerClass.Commercial, Meters = [Stay(TimeOfUse())] }, Commercial).Invoice!;
        invoice.Lines.Select(line => line.Quantity).Should().BeEquivalentTo([400m, 350m, 250m]);
        invoice.Amount.Should().Be(Money.Sum(invoice.Lines.Select(line => line.Amount)));
    }

    [Fact] public void Without_a_closing_reading_there_is_no_invoice() =>
        Draft(Basis()).Should().Be(new Outcome(null, MetersRead.ReadingMissing));

    [Theory, InlineData(ReadingKind.Initial), InlineData(ReadingKind.Regular)]
    public void Every_meter_in_place_must_be_read(ReadingKind last) =>
        Draft(Basis(Closing) with { Meters = [Stay(), Stay(Single("M2"))] }, last: last).Exception.Should()
            .Be(MetersRead.ReadingMissing);

    [Fact]
    public void A_meter_with_a_final_reading_need_not_be_read() =>
        Draft(Basis(Closing) with { Meters = [Stay(), Stay(Single("M2"))] }, last: ReadingKind.Final).Invoice
            .Should().NotBeNull();

    [Fact]
    public void A_meter_that_was_never_read_holds_the_bill() =>
        Draft(Basis(Closing) with { Meters = [Stay(), Stay(Single("M2"))] }).Should()
            .Be(new Outcome(null, MetersRead.NotStarted));

    [Theory, InlineData("2025-10-31", false), InlineData("2025-11-01", true)]
    public void A_meter_that_came_after_the_period_need_not_be_read(string from, bool drafted) =>
        (Draft(Basis(Closing) with { Meters = [Stay(), Stay(Single("M2"), from)] }).Invoice is not null)
            .Should().Be(drafted);

    /// <summary>Only the new meter's 8 kWh would be billed, and what the old one counted left out.</summary>
    [Theory]
    [InlineData(ReadingKind.Regular, "2025-09-30"), InlineData(ReadingKind.Initial, "2025-09-30"), InlineData(null, "")]
    [InlineData(ReadingKind.Regular, "2025-10-19"), InlineData(ReadingKind.Regular, "2025-10-21")]
    public void A_meter_taken_down_without_its_final_reading_holds_the_bill(ReadingKind? last, string on) =>
        Draft(Swapped(), last: last, on: on).Exception!.Code.Should().Be(MetersRead.NotClosed.Code);

    [Theory]
    [InlineData(ReadingKind.Final, "2025-10-15"), InlineData(ReadingKind.Final, "2025-10-20")]
    [InlineData(ReadingKind.Regular, "2025-10-20"), InlineData(ReadingKind.Final, "2025-11-10")]
    public void A_meter_taken_down_is_settled_by_its_final_reading_or_by_one_of_that_day(ReadingKind last, string on) =>
        Draft(Swapped(), last: last, on: on).Invoice.Should().NotBeNull();

    [Theory, InlineData("2025-11-01", false), InlineData("2025-11-02", true)]
    public void A_meter_taken_down_after_the_period_closes_it_like_any_other(string gone, bool drafted) =>
        (Draft(Basis(Closing) with { Meters = [Stay(to: gone), Stay(Single("M2"), gone)] }).Invoice is not null)
            .Should().Be(drafted);

    [Fact]
    public void Both_meters_of_a_swap_are_billed()
    {
        var basis = Swapped();
        basis.Readings.Insert(0, Closing with { ReadOn = Day("2025-10-20"), Kind = ReadingKind.Final, Kwh = 232 });
        Draft(basis).Invoice!.Usage.Sum(used => used.Kwh).Should().Be(240);
    }

    private static BillingBasis Swapped() => Basis(
        Closing with { Meter = MeterNo.Parse("M2"), ReadOn = Day("2025-10-20"), Kind = ReadingKind.Initial,
        From = null, Kwh = 0 },
        Closing with { Meter = MeterNo.Parse("M2"), From = Day("2025-10-20"), Kwh = 8 })
        with { Meters = [Stay(to: "2025-10-20"), Stay(Single("M2"), "2025-10-20")] };

    [Theory, InlineData("2025-10-31", true), InlineData("2025-10-30", false)]
    public void A_meter_put_in_place_before_the_others_closed_must_be_read(string day, bool drafted)
    {
        var basis = Basis(
            Closing,
            Closing with { Meter = MeterNo.Parse("M2"), ReadOn = Day(day), Kind = ReadingKind.Initial, From = null,
            Kwh = 0 });
        (Draft(basis with { Meters = [Stay(), Stay(Single("M2"))] }).Invoice is not null).Should().Be(drafted);
    }

    [Theory]
    [InlineData("RolledOver", "usage-rolled-over"), InlineData("High", "usage-high"), InlineData("Low", "usage-low")]
    public void What_is_remarkable_is_drafted_and_held(string flags, string code)
    {
        var (invoice, exception) = Draft(Basis(Closing with { Flags = flags }));
        (invoice is not null, exception?.Code).Should().Be((true, code));
    }

    [Fact] public void Nothing_used_is_nothing_to_pay() =>
        Draft(Basis(Closing with { Kwh = 0, Flags = "Zero" })).Should().Be(new Outcome(null, Drafting.AmountZero));

    [Fact] public void A_plan_without_a_version_is_an_exception() =>
        Drafting.Draft(Electricity, Basis(Closing), null, _ => null).Exception.Should().Be(Drafting.PlanMissing);

    [Fact] public void A_supply_that_ended_is_an_exception() =>
        Draft(Basis(Closing) with { Plan = null }).Exception.Should().Be(Drafting.SupplyEnded);

    [Fact] public void What_the_plan_cannot_rate_is_an_exception() =>
        Draft(Basis(Closing) with { Class = CustomerClass.Industrial }).Exception!.Code.Should()
            .Be("rating-class-not-served");

    [Theory, InlineData("2025-10-31", null), InlineData("2025-11-01", "not-yet-opened")]
    public void An_account_opened_after_the_period_is_not_billed(string opened, string? code) =>
        Draft(Basis(Closing) with { OpenedOn = Day(opened) }).Exception?.Code.Should().Be(code);

    [Theory, InlineData(98.76, 2370_24), InlineData(100, 2400_00)]
    public void Heat_by_area(double area, long fen) => DraftHeat((decimal)area).Invoice!.Amount.Fen.Should().Be(fen);

    [Theory]
    [InlineData(null, "住宅", 2_400_00), InlineData(3.0, "住宅", 2_400_00), InlineData(3.6, "住宅", 2_880_00)]
    [InlineData(3.6, "车库", 1_440_00)]
    public void Heat_of_high_rooms_and_of_uses(double? height, string use, long fen)
    {
        var document = JsonNode.Parse(Plan(BeijingHeat).Document.GetRawText())!;
        document["components"]![0]!["area"]!["height"] = JsonNode.Parse(
            """{ "method": "RATIO", "above": 3, "legalDocument": "附件" }""");
        document["components"]![0]!["area"]!["useFactors"] = JsonNode.Parse(
            """[{ "use": "车库", "factor": 0.5 }]""");
        var plan = PlanDocument.Parse(JsonElement.Parse(document.ToJsonString()));
        var basis = Basis() with { AreaM2 = 100m, HeightM = (decimal?)height, UseClass = use, Meters = [] };
        Drafting.Draft(Heat, basis, PlanSchedule.Of(plan), _ => null).Invoice!.Amount.Fen.Should().Be(fen);
    }

    [Fact] public void Heat_begins_with_the_contract() =>
        DraftHeat(100m, "2026-01-10").Invoice!.Amount.Fen.Should().Be(1_289_26);

    [Fact] public void Metered_heat_is_billed_in_advance_by_area() =>
        DraftHeat(100m, plan: "beijing-residential-heat-metered").Invoice!.Amount.Fen.Should().Be(2_400_00);
}
