using Billing.Contracts;
using Billing.Testing;

namespace Billing.Customers.Tests;

public sealed class CorrectCustomerTests
{
    private static readonly CorrectCustomer Correct =
        new(Given.Customer, "张玮", "13900000002", HolderKind.Person, "身份证复印件 17", Given.Key);

    private static readonly CustomerCorrected Corrected = new(
        Given.Customer, Given.Key.SealName("张玮"), Given.Key.SealPhone("13900000002"), HolderKind.Person, "张*",
        "身份证复印件 17");

    private static readonly CustomerErased Erased = new(Given.Customer, null, "申请 9");
    private static readonly Spec<Holder, HolderEvent> Spec = new(Holder.Streams);

    [Fact] public void Facts_are_corrected() => Spec.Given(Given.Registered).When(Correct).Then(Corrected);

    [Fact] public void The_mask_follows_the_kind() => Spec.Given(Given.Registered)
        .When(Correct with { Name = "北京阳光餐饮有限公司", Kind = HolderKind.Company })
        .Then(Corrected with
        {
            Name = Given.Key.SealName("北京阳光餐饮有限公司"), Kind = HolderKind.Company, MaskedName = "北京**公司",
        });

    [Fact] public void What_is_known_already_changes_nothing() => Spec.Given(Given.Registered)
        .When(Correct with { Name = "张伟", Phone = "13800000001" }).ThenNothing();

    [Fact] public void A_correction_can_be_taken_back() => Spec.Given(Given.Registered, Corrected)
        .When(Correct with { Name = "张伟", Phone = "13800000001" })
        .Then(Corrected with { Name = Given.Registered.Name, Phone = Given.Registered.Phone });

    [Fact] public void Nobody_unknown_is_corrected() =>
        Spec.Given().When(Correct with { Key = null }).ThenRefused(RegisterCustomerEndpoint.CustomerUnknown);

    [Fact] public void Nobody_erased_is_corrected() =>
        Spec.Given(Given.Registered, Erased).When(Correct with { Key = null }).ThenRefused(RegisterCustomer.Erased);

    [Theory, InlineData("", "R", "customer-name-invalid"), InlineData("张玮", " ", "customer-reason-missing")]
    public void Facts_and_reason_must_be_given(string name, string reason, string code) => Spec.Given(Given.Registered)
        .When(Correct with { Name = name, Reason = reason }).ThenRefused(new(code, "", 422));
}

public sealed class EraseCustomerTests
{
    private static readonly DateOnly Yesterday = Given.Today.AddDays(-1);
    private static readonly EraseCustomer Erase = new(Given.Customer, null, "申请 9", null, Given.Today);
    private static readonly CustomerErased Erased = new(Given.Customer, null, "申请 9");
    private static readonly Spec<Holder, HolderEvent> Spec = new(Holder.Streams);

    [Fact] public void A_customer_without_accounts_is_erased() => Spec.Given(Given.Registered).When(Erase).Then(Erased);

    [Fact] public void A_customer_whose_contracts_ended_is_erased() => Spec.Given(Given.Registered)
        .When(Erase with { LastOpenedOn = Given.Opened, ContractsEndedOn = Yesterday })
        .Then(Erased with { ContractsEndedOn = Yesterday });

    [Fact] public void A_running_contract_is_a_ground_to_keep_the_data() => Spec.Given(Given.Registered)
        .When(Erase with { LastOpenedOn = Given.Opened }).ThenRefused(EraseCustomer.ContractsRun);

    [Theory, InlineData(0, true), InlineData(1, false)]
    public void Contracts_end_today_at_the_latest(int after, bool erased) =>
        EndedOn(Given.Today.AddDays(after), erased);

    [Theory, InlineData(0, true), InlineData(-1, false)]
    public void Contracts_end_after_they_began(int after, bool erased) => EndedOn(Given.Opened.AddDays(after), erased);

    [Fact] public void Nobody_unknown_is_erased() =>
        Spec.Given().When(Erase).ThenRefused(RegisterCustomerEndpoint.CustomerUnknown);

    [Fact] public void An_erasure_has_a_reason() => Spec.Given(Given.Registered).When(Erase with { Reason = "\t" })
        .ThenRefused(CorrectCustomer.ReasonMissing);

    private static void EndedOn(DateOnly day, bool erased)
    {
        var outcome = Spec.Given(Given.Registered)
            .When(Erase with { LastOpenedOn = Given.Opened, ContractsEndedOn = day });
        if (erased)
            outcome.Then(Erased with { ContractsEndedOn = day });
        else
            outcome.ThenRefused(EraseCustomer.EndedOnInvalid);
    }
}
