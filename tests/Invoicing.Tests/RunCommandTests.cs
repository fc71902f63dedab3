using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

internal static class Given
{
    public static readonly RunName Name = RunName.Parse("2025-10-electricity");

    public static readonly Dictionary<PlanCode, PinnedVersions> Plans = new()
    {
        [PlanCode.Parse(Beijing)] = PinnedVersions.Of(1),
    };

    public static readonly RunFrozen Frozen = new(
        Name, Utility.Electricity, October, Day("2025-11-01"), Day("2025-11-20"), 10, 1, 1, Plans);

    public static readonly RunPostingStarted Started = new(Name, 8, 7, new(1_000_00));

    public static readonly RunPosted Posted = new(Name.Value, Utility.Electricity, October, 10, 7, 2, 1, new(1_000_00));

    public static readonly AccountExcluded Excluded = new(Name, No(1), "纠纷");

    public static readonly AccountReleased Released = new(Name, No(1), "已核实");

    public static readonly Spec<Run, RunEvent> Spec = new(Run.Streams);
}

public sealed class FreezeRunTests
{
    private static readonly FreezeRun Freeze = new(
        Given.Name, Utility.Electricity, October, Day("2025-11-01"), Day("2025-11-20"), new(10, 1, 1, Given.Plans));

    public static TheoryData<FreezeRun> OtherFacts =>
    [
        Freeze with { Utility = Utility.Heat }, Freeze with { Period = November },
        Freeze with { IssuedOn = Day("2025-11-02") },
        Freeze with { DueOn = Day("2025-11-21") },
    ];

    [Fact] public void A_cohort_is_frozen() => Given.Spec.Given().When(Freeze).Then(Given.Frozen);

    [Fact] public void The_same_run_again_changes_nothing() => Given.Spec.Given(Given.Frozen)
        .When(Freeze with { Found = FrozenCohort.NotSought }).ThenNothing();

    [Fact]
    public void A_posted_run_again_changes_nothing() => Given.Spec.Given(Given.Frozen, Given.Started, Given.Posted)
        .When(Freeze).ThenNothing();

    [Theory, MemberData(nameof(OtherFacts))] public void A_known_run_keeps_its_facts(FreezeRun other) =>
        Given.Spec.Given(Given.Frozen).When(other).ThenRefused(FreezeRun.Taken);

    [Fact] public void Electricity_is_not_billed_by_the_season() => Given.Spec.Given()
        .When(Freeze with { Period = Winter }).ThenRefused(FreezeRun.PeriodMismatch);

    [Fact] public void Invoices_may_be_due_when_they_are_issued() => Given.Spec.Given()
        .When(Freeze with { DueOn = Day("2025-11-01") }).Then(Given.Frozen with { DueOn = Day("2025-11-01") });

    [Fact] public void Invoices_are_not_due_before_they_are_issued() => Given.Spec.Given()
        .When(Freeze with { DueOn = Day("2025-10-31") }).ThenRefused(FreezeRun.DueBeforeIssue);

    [Fact] public void A_run_has_somebody_to_bill() => Given.Spec.Given()
        .When(Freeze with { Found = FrozenCohort.NotSought }).ThenRefused(FreezeRun.CohortEmpty);

    [Theory, InlineData(""), InlineData("a b"), InlineData("a\"b")]
    [InlineData("12345678901234567890123456789012345678901")]
    public void A_name_has_a_form(string name) => RunName.TryParse(name, null, out _).Should().BeFalse();
}

public sealed class RedraftRunTests
{
    private static readonly RedraftRun Redraft = new(Given.Name, Given.Plans, From: 1);

    [Fact] public void A_draft_is_made_again() => Given.Spec.Given(Given.Frozen)
        .When(Redraft).Then(new RunRedrafted(Given.Name, 2, Given.Plans));

    [Fact] public void What_was_released_is_looked_at_again_and_what_was_excluded_stays_out() =>
        Run.Streams.Fold([
            Given.Frozen, Given.Excluded, Given.Released with { Account = No(2) },
            new RunRedrafted(Given.Name, 2, Given.Plans)])
        .Should().BeEquivalentTo(new { Draft = 2, Excluded = new[] { No(1) }, Released = Array.Empty<AccountNo>() });

    [Fact] public void A_run_that_is_being_posted_is_final() => Given.Spec.Given(Given.Frozen, Given.Started)
        .When(Redraft).ThenRefused(RedraftRun.PostingBegun);

    [Fact] public void An_unknown_run_cannot_be_drafted() => Given.Spec.Given().When(Redraft).ThenRefused(Run.Unknown);
}

public sealed class ExcludeAccountTests
{
    private static readonly ExcludeAccount Exclude = new(Given.Name, No(1), "纠纷", new(0, true, null, false));

    [Fact] public void An_account_is_taken_out() => Given.Spec.Given(Given.Frozen).When(Exclude).Then(Given.Excluded);

    [Fact]
    public void Taken_out_twice_is_once() => Given.Spec.Given(Given.Frozen, Given.Excluded).When(Exclude).ThenNothing();

    [Fact] public void A_released_account_can_be_taken_out() => Given.Spec.Given(Given.Frozen, Given.Released)
        .When(Exclude).Then(Given.Excluded);

    [Fact] public void A_verdict_has_a_reason() => Given.Spec.Given(Given.Frozen)
        .When(Exclude with { Reason = "" }).ThenRefused(ExcludeAccount.ReasonMissing);

    [Fact] public void A_stranger_cannot_be_taken_out() => Given.Spec.Given(Given.Frozen)
        .When(Exclude with { Found = new(0, false, null, false) }).ThenRefused(ExcludeAccount.NotInRun);

    [Fact] public void Nobody_is_taken_out_of_an_unfinished_draft() => Given.Spec.Given(Given.Frozen)
        .When(Exclude with { Found = new(1, true, null, false) }).ThenRefused(ExcludeAccount.StillDrafting);

    [Fact] public void Nobody_is_taken_out_once_posting_has_begun() => Given.Spec.Given(Given.Frozen, Given.Started)
        .When(Exclude).ThenRefused(RedraftRun.PostingBegun);

    [Fact] public void An_unknown_run_has_nobody() => Given.Spec.Given().When(Exclude).ThenRefused(Run.Unknown);
}

public sealed class ReleaseAccountTests
{
    private static readonly ReleaseAccount Release = new(Given.Name, No(1), "已核实", new(0, true, "usage-high", true));

    [Fact] public void An_exception_is_released() => Given.Spec.Given(Given.Frozen).When(Release).Then(Given.Released);

    [Fact]
    public void Released_twice_is_once() => Given.Spec.Given(Given.Frozen, Given.Released).When(Release).ThenNothing();

    [Fact] public void An_exclusion_can_be_taken_back() => Given.Spec.Given(Given.Frozen, Given.Excluded)
        .When(Release).Then(Given.Released);

    [Fact] public void A_verdict_has_a_reason() => Given.Spec.Given(Given.Frozen)
        .When(Release with { Reason = "" }).ThenRefused(ExcludeAccount.ReasonMissing);

    [Fact] public void Without_an_exception_there_is_nothing_to_release() => Given.Spec.Given(Given.Frozen)
        .When(Release with { Found = new(0, true, null, false) }).ThenRefused(ReleaseAccount.NothingToRelease);

    [Fact] public void Without_a_draft_there_is_nothing_to_post() => Given.Spec.Given(Given.Frozen)
        .When(Release with { Found = new(0, true, "reading-missing", false) }).ThenRefused(ReleaseAccount.NoDraft);

    [Fact] public void Nothing_is_released_from_an_unfinished_draft() => Given.Spec.Given(Given.Frozen)
        .When(Release with { Found = new(1, true, "usage-high", true) }).ThenRefused(ExcludeAccount.StillDrafting);

    [Fact] public void Nothing_is_released_once_posting_has_begun() => Given.Spec.Given(Given.Frozen, Given.Started)
        .When(Release).ThenRefused(RedraftRun.PostingBegun);

    [Fact] public void An_unknown_run_has_no_exceptions() => Given.Spec.Given().When(Release).ThenRefused(Run.Unknown);
}

public sealed class PostRunTests
{
    private static readonly PostRun Post = new(Given.Name, new(0, false, 8, 7, new(1_000_00)));

    [Fact]
    public void Posting_begins_with_the_numbers() => Given.Spec.Given(Given.Frozen).When(Post).Then(Given.Started);

    [Fact]
    public void Posting_twice_is_once() => Given.Spec.Given(Given.Frozen, Given.Started).When(Post).ThenNothing();

    [Fact] public void A_posted_run_stays_posted() => Given.Spec.Given(Given.Frozen, Given.Started, Given.Posted)
        .When(Post).ThenNothing();

    [Fact] public void An_unfinished_draft_is_not_posted() => Given.Spec.Given(Given.Frozen)
        .When(Post with { Found = Post.Found with { Undrafted = 1 } }).ThenRefused(ExcludeAccount.StillDrafting);

    [Fact] public void Runs_of_one_period_are_posted_one_after_the_other() => Given.Spec.Given(Given.Frozen)
        .When(Post with { Found = Post.Found with { OtherPosting = true } }).ThenRefused(PostRun.OtherPosting);

    [Fact] public void The_last_number_can_be_given_out() => Given.Spec.Given(Given.Frozen)
        .When(Post with { Found = Post.Found with { FirstNo = 99_999_993 } })
        .Then(Given.Started with { FirstNo = 99_999_993 });

    [Fact] public void There_is_no_number_after_the_last() => Given.Spec.Given(Given.Frozen)
        .When(Post with { Found = Post.Found with { FirstNo = 99_999_994 } }).ThenRefused(PostRun.SeriesFull);

    [Fact] public void An_unknown_run_is_not_posted() => Given.Spec.Given().When(Post).ThenRefused(Run.Unknown);
}

public sealed class CompleteRunTests
{
    private static readonly CompleteRun Complete = new(Given.Name, new(0, 7, 2, 1, new(1_000_00)));

    public static TheoryData<CompletionFacts> WrongSums =>
    [
        Complete.Found with { Issued = 6, Excepted = 3 }, Complete.Found with { Excepted = 1 },
        Complete.Found with { Excluded = 2 }, Complete.Found with { Amount = new(999_99) },
    ];

    [Fact] public void A_run_is_over_when_nothing_is_left() => Given.Spec.Given(Given.Frozen, Given.Started)
        .When(Complete).Then(Given.Posted);

    [Fact] public void A_run_is_over_once() => Given.Spec.Given(Given.Frozen, Given.Started, Given.Posted)
        .When(Complete).ThenNothing();

    [Fact] public void A_run_with_chunks_left_is_not_over() => Given.Spec.Given(Given.Frozen, Given.Started)
        .When(Complete with { Found = Complete.Found with { ChunksLeft = 1 } }).ThenRefused(CompleteRun.ChunksLeft);

    [Theory, MemberData(nameof(WrongSums))] public void A_run_that_does_not_add_up_is_not_over(CompletionFacts sums) =>
        Given.Spec.Given(Given.Frozen, Given.Started).When(Complete with { Found = sums })
            .ThenRefused(CompleteRun.DoesNotAddUp);

    [Fact] public void A_draft_is_not_over() =>
        Given.Spec.Given(Given.Frozen).When(Complete).ThenRefused(CompleteRun.NotPosting);
}
