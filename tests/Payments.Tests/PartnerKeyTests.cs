using Billing.Contracts;
using Billing.Testing;

namespace Billing.Payments.Tests;

public sealed class PartnerKeyTests
{
    private static readonly Spec<PartnerContract, PartnerEvent> Spec = new(PartnerContract.Streams);
    private static readonly PartnerCode Icbc = PartnerCode.Parse("icbc");
    private static readonly DateOnly Today = new(2026, 11, 29);

    private static readonly PartnerSaved Saved = new(new(
        Icbc, "工商银行", Channel.Bank, AmountRule.Any, new(0, 0), BankEncoding.Utf8, 31));

    private static readonly IssuePartnerKey Issue = new(Icbc, "a1", Today.AddDays(30), "m1", Today);
    private static readonly PartnerKeyTold Told = new(Icbc, "a1");
    private static readonly PartnerKeyEnded Ended = new(Icbc, "a1", "换钥");

    [Fact]
    public void A_partner_is_issued_a_key() => Spec.Given(Saved).When(Issue).Then(Issued("a1"));

    [Fact]
    public void Nobody_is_issued_a_key_without_terms() => Spec.Given().When(Issue).ThenRefused(Partners.Unknown);

    [Fact]
    public void Two_keys_are_good_at_once_and_no_third() => Spec.Given(Saved, Issued("a1"))
        .When(Issue with { Key = "a2" }).Then(Issued("a2"));

    [Fact]
    public void A_third_key_waits_for_the_end_of_one()
    {
        Spec.Given(Saved, Issued("a1"), Issued("a2")).When(Issue with { Key = "a3" })
            .ThenRefused(IssuePartnerKey.TooMany);
        Spec.Given(Saved, Issued("a1"), Issued("a2"), Ended).When(Issue with { Key = "a3" }).Then(Issued("a3"));
        Spec.Given(Saved, Issued("a0", Today.AddDays(-1)), Issued("a2")).When(Issue with { Key = "a3" })
            .Then(Issued("a3"));
        Spec.Given(Saved, Issued("a0", Today), Issued("a2")).When(Issue with { Key = "a3" })
            .ThenRefused(IssuePartnerKey.TooMany);
    }

    [Fact]
    public void A_name_is_given_once()
    {
        Spec.Given(Saved, Issued("a1")).When(Issue with { GoodUntil = Today.AddDays(31) })
            .ThenRefused(IssuePartnerKey.NameTaken);
        Spec.Given(Saved, Issued("a1"), Ended).When(Issue).ThenRefused(IssuePartnerKey.NameTaken);
    }

    [Theory]
    [InlineData("a1", 0, true), InlineData("a1", 400, true), InlineData("a1", -1, false)]
    [InlineData("a1", 401, false), InlineData("A1", 1, false), InlineData("a.1", 1, false), InlineData("", 1, false)]
    [InlineData("abcdefghijklmnopqrst", 1, true), InlineData("abcdefghijklmnopqrstu", 1, false)]
    public void A_key_has_a_plain_name_and_an_end(string key, int days, bool good)
    {
        var outcome = Spec.Given(Saved).When(Issue with { Key = key, GoodUntil = Today.AddDays(days) });
        if (good)
            outcome.Then(Issued(key, Today.AddDays(days)));
        else
            outcome.ThenRefused(IssuePartnerKey.Malformed);
    }

    [Fact]
    public void A_secret_is_shown_once()
    {
        var tell = new TellPartnerKey(Icbc, "a1", Today.AddDays(30));
        Spec.Given(Saved, Issued("a1")).When(tell).Then(Told);
        Spec.Given(Saved, Issued("a1"), Told).When(tell).ThenNothing();
        Spec.Given(Saved).When(tell).ThenRefused(TellPartnerKey.Unknown);
        Spec.Given(Saved, Issued("a1")).When(tell with { Today = Today.AddDays(31) }).ThenRefused(TellPartnerKey.Over);
        Spec.Given(Saved, Issued("a1"), Ended).When(tell).ThenRefused(TellPartnerKey.Over);
    }

    [Fact]
    public void A_key_ends_with_a_reason()
    {
        var end = new EndPartnerKey(Icbc, "a1", "换钥");
        Spec.Given(Saved, Issued("a1"), Told).When(end).Then(Ended);
        Spec.Given(Saved).When(end).ThenRefused(TellPartnerKey.Unknown);
        Spec.Given(Saved, Issued("a1")).When(end with { Reason = "" }).ThenRefused(RefundAdvance.ReasonMissing);
    }

    private static PartnerKeyIssued Issued(string key, DateOnly? until = null) =>
        new(Icbc, key, "m1", Today, until ?? Today.AddDays(30));
}
