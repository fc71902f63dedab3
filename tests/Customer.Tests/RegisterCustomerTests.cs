using Billing.Contracts;
using Billing.Testing;

namespace Billing.Customers.Tests;

public sealed class RegisterCustomerTests
{
    private static readonly RegisterCustomer Register =
        new(Given.Customer, "张伟", "13800000001", HolderKind.Person, Given.Key);

    private static readonly CustomerRegistered Registered = Given.Registered;

    private static readonly Spec<Holder, HolderEvent> Spec = new(Holder.Streams);

    public static TheoryData<RegisterCustomer> OtherFacts =>
        [Register with { Name = "张玮" }, Register with { Phone = "" }, Register with { Kind = HolderKind.Company }];

    [Fact] public void A_new_customer_is_registered() => Spec.Given().When(Register).Then(Registered);

    [Fact] public void A_repetition_changes_nothing() => Spec.Given(Registered).When(Register).ThenNothing();

    [Theory, MemberData(nameof(OtherFacts))] public void A_number_keeps_its_customer(RegisterCustomer other) =>
        Spec.Given(Registered).When(other).ThenRefused(RegisterCustomer.RegisteredOtherwise);

    [Fact] public void A_source_without_kinds_repeats_whatever_kind_is_known() => Spec
        .Given(Registered with { Kind = HolderKind.Company })
        .When(Register with { Kind = null }).ThenNothing();

    [Fact] public void Without_a_kind_the_name_tells() => Spec
        .Given().When(Register with { Name = "北京阳光餐饮有限公司", Kind = null })
        .Then(Registered with
        {
            Name = Given.Key.SealName("北京阳光餐饮有限公司"), Kind = HolderKind.Company, MaskedName = "北京**公司",
        });

    [Theory]
    [InlineData("")]
    [InlineData(" 张伟")]
    [InlineData("张伟 ")]
    [InlineData("张\n伟")]
    [InlineData("张\0伟")]
    [InlineData("张\ud800伟")]
    public void A_name_is_one_clean_line(string name) =>
        Spec.Given().When(Register with { Name = name }).ThenRefused(RegisterCustomer.NameInvalid);

    [Fact] public void A_name_has_a_hundred_characters() => Spec
        .Given().When(Register with { Name = new('张', 100) })
        .Then(Registered with { Name = Given.Key.SealName(new('张', 100)) });

    [Fact] public void A_name_has_no_more() =>
        Spec.Given().When(Register with { Name = new('张', 101) }).ThenRefused(RegisterCustomer.NameInvalid);

    [Theory]
    [InlineData("")]
    [InlineData("110")]
    [InlineData("+86 138-0000-0001")]
    [InlineData("01234567890123456789")]
    public void A_telephone_number_may_be(string phone) =>
        Spec.Given().When(Register with { Phone = phone }).Then(Registered with { Phone = Given.Key.SealPhone(phone) });

    [Theory]
    [InlineData("11")]
    [InlineData("012345678901234567890")]
    [InlineData("138x")]
    [InlineData("１３８")]
    public void A_telephone_number_cannot_be(string phone) =>
        Spec.Given().When(Register with { Phone = phone }).ThenRefused(RegisterCustomer.PhoneInvalid);

    [Fact] public void A_customer_is_a_person_or_a_company() =>
        Spec.Given().When(Register with { Kind = (HolderKind)2 }).ThenRefused(RegisterCustomer.KindUnknown);

    private static readonly CustomerCorrected Corrected = new(
        Given.Customer, Given.Key.SealName("张玮"), Given.Key.SealPhone(""), HolderKind.Person, "张*", "身份证复印件 17");

    [Fact] public void The_registration_is_recognised_after_a_correction() =>
        Spec.Given(Registered, Corrected).When(Register).ThenNothing();

    [Fact] public void The_corrected_facts_are_recognised() =>
        Spec.Given(Registered, Corrected).When(Register with { Name = "张玮", Phone = "" }).ThenNothing();

    [Fact] public void Some_facts_of_before_and_some_of_today_are_other_facts() => Spec.Given(Registered, Corrected)
        .When(Register with { Phone = "" }).ThenRefused(RegisterCustomer.RegisteredOtherwise);

    [Fact] public void The_number_of_an_erased_customer_is_not_given_out_again() => Spec
        .Given(Registered, new CustomerErased(Given.Customer, null, "申请 9"))
        .When(Register with { Key = null }).ThenRefused(RegisterCustomer.Erased);
}
