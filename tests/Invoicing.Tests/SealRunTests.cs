using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

public sealed class SealRunTests
{
    private static readonly SealRun Seal = new(
        Given.Name, "旧批次", "li", Day("2026-11-28"), new(IsSealed: false, 7, new(1_000_00), "ab12"));

    private static readonly RunEvent[] Posted = [Given.Frozen, Given.Started, Given.Posted];
    private static readonly RunSealedLater Sealed = new(Given.Name, "旧批次", "li", Day("2026-11-28"), "ab12");

    [Fact]
    public void A_posted_run_without_a_seal_is_sealed_by_a_person() => Given.Spec.Given(Posted).When(Seal).Then(Sealed);

    [Fact]
    public void A_run_that_has_its_seal_gets_no_other() => Given.Spec.Given(Posted)
        .When(Seal with { Found = Seal.Found with { IsSealed = true } }).ThenRefused(SealRun.AlreadySealed);

    [Fact]
    public void Repeated_it_changes_nothing_on_a_later_day_either() => Given.Spec.Given([.. Posted, Sealed])
        .When(Seal with { SealedOn = Day("2026-12-01"), Found = Seal.Found with { IsSealed = true } }).ThenNothing();

    [Fact]
    public void Another_person_does_not_seal_what_is_sealed() => Given.Spec.Given([.. Posted, Sealed])
        .When(Seal with { By = "zhang", Found = Seal.Found with { IsSealed = true } })
        .ThenRefused(SealRun.AlreadySealed);

    [Fact]
    public void A_seal_that_is_gone_is_made_again_on_record_only()
    {
        var changed = Seal with { SealedOn = Day("2026-12-01"), Found = Seal.Found with { LinesSha256 = "cd34" } };
        Given.Spec.Given([.. Posted, Sealed]).When(changed)
            .Then(Sealed with { SealedOn = Day("2026-12-01"), LinesSha256 = "cd34" });
    }

    [Theory, InlineData(6, 1_000_00), InlineData(8, 1_000_00), InlineData(7, 999_99), InlineData(7, 1_000_01)]
    public void Bills_that_are_not_those_that_were_posted_are_not_sealed(int issued, long fen) => Given.Spec
        .Given(Posted).When(Seal with { Found = Seal.Found with { Issued = issued, Amount = new(fen) } })
        .ThenRefused(SealRun.DoesNotAddUp);

    [Theory, InlineData(""), InlineData(" \u3000")]
    public void A_reason_is_given(string reason) => Given.Spec.Given(Posted)
        .When(Seal with { Reason = reason }).ThenRefused(ExcludeAccount.ReasonMissing);

    [Fact]
    public void What_is_not_posted_is_not_sealed()
    {
        Given.Spec.Given().When(Seal).ThenRefused(BillingRun.Unknown);
        Given.Spec.Given(Given.Frozen).When(Seal).ThenRefused(RunManifest.NotPosted);
        Given.Spec.Given(Given.Frozen, Given.Started).When(Seal).ThenRefused(RunManifest.NotPosted);
        Given.Spec.Given(Given.Frozen, Given.Abandoned).When(Seal).ThenRefused(RunManifest.NotPosted);
    }
}
