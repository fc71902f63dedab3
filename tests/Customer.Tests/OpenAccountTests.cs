using Billing.Contracts;
using Billing.Platform;
using Billing.Testing;

namespace Billing.Customers.Tests;

public sealed class OpenAccountTests
{
    private static readonly OpenAccount Open = Given.Open;
    private static readonly AccountOpened Opened = Given.AccountOpened;
    private static readonly Spec<Account, AccountEvent> Spec = new(Account.Streams);

    private static readonly SupplyChanged Exchanged = new(
        Given.Number, Given.Contract, Utility.Electricity, new(2026, 5, 1),
        Given.Electricity with { Meters = [Given.Meter with { MeterNo = MeterNo.Parse("M00000002") }] }, Given.Heat);

    public static TheoryData<OpenAccount> OtherFacts =>
    [
        Open with { Customer = CustomerNo.Parse("C100002") },
        Open with { Region = Region.Parse("朝阳区") },
        Open with { Project = Project.Parse("望京新城") },
        Open with { Address = "别处" },
        Open with { Class = CustomerClass.Commercial },
        Open with { OpenedOn = Given.Opened.AddDays(1) },
        Open with { Electricity = null },
        Open with { Electricity = Given.Electricity with { Voltage = "10kV" } },
        Open with { Electricity = Given.Electricity with { Plan = PlanCode.Parse("other") } },
        Open with { Electricity = Given.Electricity with { Meters = [Given.Meter with { Digits = 5 }] } },
        Open with
        {
            Electricity = Given.Electricity with { Meters = [Given.Meter with { MeterNo = MeterNo.Parse("M9") }] },
        },
        Open with { Heat = null },
        Open with { Heat = Given.Heat with { BillingAreaM2 = 89.6m } },
    ];

    public static TheoryData<OpenAccount, Rejection> Refused => new()
    {
        { Open with { Holder = new Holder.Unknown() }, OpenAccount.HolderUnknown },
        { Open with { Holder = new Holder.Unknown(), Key = null }, OpenAccount.HolderUnknown },
        { Open with { Holder = new Holder.Erased(HolderKind.Person), Key = null }, RegisterCustomer.Erased },
        { Open with { Region = default }, OpenAccount.RegionInvalid },
        { Open with { Project = default }, OpenAccount.ProjectInvalid },
        { Open with { Address = "" }, OpenAccount.AddressInvalid },
        { Open with { Address = new('号', 201) }, OpenAccount.AddressInvalid },
        { Open with { Class = (CustomerClass)5 }, OpenAccount.ClassUnknown },
        { Open with { OpenedOn = new(1899, 12, 31) }, OpenAccount.OpenedOnInvalid },
        { Open with { OpenedOn = Given.Today.AddYears(1).AddDays(1) }, OpenAccount.OpenedOnInvalid },
        { Open with { Electricity = null, Heat = null }, OpenAccount.NothingSupplied },
        { Open with { Electricity = Given.Electricity with { Meters = [] } }, ElectricitySupply.MetersInvalid },
        { Open with { Heat = Given.Heat with { BillingAreaM2 = 0 } }, HeatSupply.AreaInvalid },
        { On(electricity: "no-such-plan"), PublishedPlans.NotPublished },
        { On(heat: "no-such-plan"), PublishedPlans.NotPublished },
        { On(electricity: "ended-electricity") with { OpenedOn = new(2026, 5, 1) }, PublishedPlans.NotPublished },
        { On(electricity: "coming-electricity"), PublishedPlans.NotBegun },
        { On(heat: "coming-heat") with { OpenedOn = Given.Coming.AddDays(-1) }, PublishedPlans.NotBegun },
        { On(electricity: Given.Heat.Plan.Value), PublishedPlans.OtherUtility },
        { On(heat: Given.Electricity.Plan.Value), PublishedPlans.OtherUtility },
        { On(electricity: "shops-electricity"), PublishedPlans.OtherClass },
        { On(heat: "shops-heat"), PublishedPlans.OtherClass },
    };

    public static TheoryData<OpenAccount> Accepted =>
    [
        Open with { Region = Region.Parse(new('区', 50)) },
        Open with { Project = Project.Parse(new('园', 50)) },
        Open with { Address = new('号', 200) },
        Open with { Class = CustomerClass.Agriculture },
        Open with { OpenedOn = new(1900, 1, 1) },
        Open with { OpenedOn = Given.Today.AddYears(1) },
        Open with { Electricity = null },
        Open with { Heat = null },
        On(electricity: "ended-electricity") with { OpenedOn = new(2026, 4, 30) },
        On(electricity: "coming-electricity", heat: "coming-heat") with { OpenedOn = Given.Coming },
        On(electricity: "shops-electricity", heat: "shops-heat") with { Class = CustomerClass.Commercial },
    ];

    [Fact] public void A_repetition_is_recognised_after_its_plan_was_withdrawn() =>
        Spec.Given(Opened).When(Open with { Plans = PublishedPlans.None }).ThenNothing();

    [Fact] public void An_account_is_opened_with_the_holders_name_masked() => Spec.Given().When(Open).Then(Opened);

    [Fact] public void A_repetition_changes_nothing() => Spec.Given(Opened).When(Open).ThenNothing();

    [Fact] public void A_repetition_after_a_meter_exchange_changes_nothing() =>
        Spec.Given(Opened, Exchanged).When(Open).ThenNothing();

    [Fact] public void A_repetition_after_a_correction_of_the_holder_changes_nothing() => Spec
        .Given(Opened, new HolderCorrected(
            Given.Number, Given.Contract with { MaskedName = "王*" }, Given.Opened, Given.Electricity, Given.Heat, "R"))
        .When(Open with { Holder = Given.Holder with { MaskedName = "王*" } }).ThenNothing();

    [Theory, MemberData(nameof(OtherFacts))] public void A_number_keeps_its_account(OpenAccount other) =>
        Spec.Given(Opened).When(other).ThenRefused(OpenAccount.OpenedOtherwise);

    [Theory, MemberData(nameof(Refused))] public void It_is_refused(OpenAccount command, Rejection rejection) =>
        Spec.Given().When(command).ThenRefused(rejection);

    [Theory, MemberData(nameof(Accepted))] public void It_is_accepted_at_the_bounds(OpenAccount open) =>
        Spec.Given().When(open).Then(Opened with
        {
            Contract = new(open.Customer, "张*", open.Region, open.Project, open.Class, open.OpenedOn),
            Address = Given.Key.SealAddress(open.Number, open.Address),
            Electricity = open.Electricity,
            Heat = open.Heat,
        });

    private static OpenAccount On(string? electricity = null, string? heat = null) => Open with
    {
        Electricity = electricity is null ? Given.Electricity
            : Given.Electricity with { Plan = PlanCode.Parse(electricity) },
        Heat = heat is null ? Given.Heat : Given.Heat with { Plan = PlanCode.Parse(heat) },
    };
}
