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

    public static readonly RunPosted Posted = new(Name, Utility.Electricity, October, 10, 7, 2, 1, new(1_000_00));

    public static readonly AccountExcluded Excluded = new(Name, No(1), "纠纷");

    public static readonly AccountReleased Released = new(Name, No(1), "已核实");

    public static readonly RunAbandoned Abandoned = new(Name, "错误", "user:zhang");

    /// <summary>A run from before periods had bounds.</summary>
    public static readonly RunFrozen Unbounded = Frozen with { Period = BillingPeriod.Wrap("0001-01") };

    public static readonly Spec<BillingRun, RunEvent> Spec = new(BillingRun.Streams);
}

public sealed class FreezeRunTests
{
    private static readonly FreezeRun Freeze = new(
        Given.Name, Utility.Electricity, October, Day("2025-11-01"), Day("2025-11-20"), new(10, 1, 1, Given.Plans),
        Day("2025-10-15"));

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

    [Theory, InlineData("2025-10-01", true), InlineData("2025-09-30", false)]
    public void A_month_of_electricity_is_billed_when_it_has_begun(string today, bool begun) =>
        IsAccepted(Freeze with { Today = Day(today) }, begun);

    [Theory]
    [InlineData("2025-2026", "2024-01-01", true), InlineData("2025-2026", "2023-12-31", false)]
    [InlineData("2025-11", "2024-11-01", true), InlineData("2025-11", "2024-10-31", false)]
    public void Heat_is_billed_at_most_a_year_in_advance(string period, string today, bool soon) => IsAccepted(
        Freeze with { Utility = Utility.Heat, Period = BillingPeriod.Parse(period), Today = Day(today) }, soon);

    private static void IsAccepted(FreezeRun freeze, bool accepted)
    {
        if (accepted)
        {
            Given.Spec.Given().When(freeze)
                .Then(Given.Frozen with { Utility = freeze.Utility, Period = freeze.Period });
        }
        else
            Given.Spec.Given().When(freeze).ThenRefused(FreezeRun.TooEarly);
    }

    [Theory, InlineData("0001-01", false), InlineData("1899-12", false), InlineData("1900-01", true)]
    [InlineData("9999-12", false)]
    public void A_period_has_bounds(string period, bool accepted)
    {
        var when = Given.Spec.Given().When(Freeze with { Period = BillingPeriod.Wrap(period) });
        if (accepted)
            when.Then(Given.Frozen with { Period = BillingPeriod.Wrap(period) });
        else
            when.ThenRefused(FreezeRun.PeriodOutOfRange);
    }

    [Fact] public void A_heat_season_ends_within_bounds() => Given.Spec.Given()
        .When(Freeze with { Utility = Utility.Heat, Period = BillingPeriod.Wrap("2200-2201") })
        .ThenRefused(FreezeRun.PeriodOutOfRange);

    [Fact] public void An_abandoned_run_is_not_frozen_again() => Given.Spec.Given(Given.Frozen, Given.Abandoned)
        .When(Freeze).ThenRefused(AbandonRun.Abandoned);

    [Fact] public void The_name_of_an_abandoned_run_stays_taken() => Given.Spec.Given(Given.Frozen, Given.Abandoned)
        .When(Freeze with { Period = Given.Frozen.Period.Previous }).ThenRefused(FreezeRun.Taken);

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
        BillingRun.Streams.Fold([
            Given.Frozen, Given.Excluded, Given.Released with { Account = No(2) },
            new RunRedrafted(Given.Name, 2, Given.Plans)])
        .Should().BeEquivalentTo(new { Draft = 2, Excluded = new[] { No(1) }, Released = Array.Empty<AccountNo>() });

    [Fact] public void A_run_that_is_being_posted_is_final() => Given.Spec.Given(Given.Frozen, Given.Started)
        .When(Redraft).ThenRefused(RedraftRun.PostingBegun);

    [Fact] public void A_run_without_a_possible_period_is_not_drafted_again() => Given.Spec.Given(Given.Unbounded)
        .When(Redraft).ThenRefused(FreezeRun.PeriodOutOfRange);

    [Fact] public void An_abandoned_run_is_not_drafted_again() => Given.Spec.Given(Given.Frozen, Given.Abandoned)
        .When(Redraft).ThenRefused(AbandonRun.Abandoned);

    [Fact] public void An_unknown_run_is_refused() => Given.Spec.Given().When(Redraft).ThenRefused(BillingRun.Unknown);
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
        .When(Exclude with { Reason = " \u3000" }).ThenRefused(ExcludeAccount.ReasonMissing);

    [Fact] public void A_stranger_cannot_be_taken_out() => Given.Spec.Given(Given.Frozen)
        .When(Exclude with { Found = new(0, false, null, false) }).ThenRefused(ExcludeAccount.NotInRun);

    [Fact] public void Nobody_is_taken_out_of_an_unfinished_draft() => Given.Spec.Given(Given.Frozen)
        .When(Exclude with { Found = new(1, true, null, false) }).ThenRefused(ExcludeAccount.StillDrafting);

    [Fact] public void Nobody_is_taken_out_once_posting_has_begun() => Given.Spec.Given(Given.Frozen, Given.Started)
        .When(Exclude).ThenRefused(RedraftRun.PostingBegun);

    [Fact] public void Nobody_is_taken_out_of_an_abandoned_run() => Given.Spec.Given(Given.Frozen, Given.Abandoned)
        .When(Exclude).ThenRefused(AbandonRun.Abandoned);

    [Fact] public void An_unknown_run_has_nobody() => Given.Spec.Given().When(Exclude).ThenRefused(BillingRun.Unknown);
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
        .When(Release with { Reason = " \u3000" }).ThenRefused(ExcludeAccount.ReasonMissing);

    [Fact] public void Without_an_exception_there_is_nothing_to_release() => Given.Spec.Given(Given.Frozen)
        .When(Release with { Found = new(0, true, null, false) }).ThenRefused(ReleaseAccount.NothingToRelease);

    [Fact] public void Without_a_draft_there_is_nothing_to_post() => Given.Spec.Given(Given.Frozen)
        .When(Release with { Found = new(0, true, "reading-missing", false) }).ThenRefused(ReleaseAccount.NoDraft);

    [Fact] public void Nothing_is_released_from_an_unfinished_draft() => Given.Spec.Given(Given.Frozen)
        .When(Release with { Found = new(1, true, "usage-high", true) }).ThenRefused(ExcludeAccount.StillDrafting);

    [Fact] public void Nothing_is_released_once_posting_has_begun() => Given.Spec.Given(Given.Frozen, Given.Started)
        .When(Release).ThenRefused(RedraftRun.PostingBegun);

    [Fact] public void Nothing_is_released_in_an_abandoned_run() => Given.Spec.Given(Given.Frozen, Given.Abandoned)
        .When(Release).ThenRefused(AbandonRun.Abandoned);

    [Fact] public void An_unknown_run_is_refused() => Given.Spec.Given().When(Release).ThenRefused(BillingRun.Unknown);
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

    [Fact] public void A_run_of_which_every_draft_is_outdated_is_not_posted() => Given.Spec.Given(Given.Frozen)
        .When(Post with { Found = Post.Found with { Invoices = 0, Outdated = 1 } }).ThenRefused(PostRun.AllOutdated);

    [Fact] public void A_run_with_some_drafts_outdated_posts_the_others() => Given.Spec.Given(Given.Frozen)
        .When(Post with { Found = Post.Found with { Outdated = 9 } }).Then(Given.Started);

    [Fact] public void A_run_of_exceptions_only_is_posted_without_invoices() => Given.Spec.Given(Given.Frozen)
        .When(Post with { Found = Post.Found with { Invoices = 0, Amount = Money.Zero } })
        .Then(Given.Started with { Invoices = 0, Amount = Money.Zero });

    [Fact] public void A_run_without_a_possible_period_is_not_posted() => Given.Spec.Given(Given.Unbounded)
        .When(Post).ThenRefused(FreezeRun.PeriodOutOfRange);

    [Fact] public void An_abandoned_run_is_not_posted() => Given.Spec.Given(Given.Frozen, Given.Abandoned)
        .When(Post).ThenRefused(AbandonRun.Abandoned);

    [Fact] public void An_unknown_run_is_not_posted() => Given.Spec.Given().When(Post).ThenRefused(BillingRun.Unknown);
}

public sealed class AbandonRunTests
{
    private static readonly AbandonRun Abandon = new(Given.Name, "错误", "user:zhang");

    [Fact]
    public void A_draft_is_given_up() => Given.Spec.Given(Given.Frozen).When(Abandon).Then(Given.Abandoned);

    [Fact] public void A_run_is_given_up_once_whoever_asks_again() => Given.Spec.Given(Given.Frozen, Given.Abandoned)
        .When(Abandon with { By = "user:li", Reason = "重复" }).ThenNothing();

    [Fact] public void A_run_without_a_possible_period_can_be_given_up() => Given.Spec.Given(Given.Unbounded)
        .When(Abandon).Then(Given.Abandoned);

    [Fact] public void Giving_up_needs_a_reason() => Given.Spec.Given(Given.Frozen)
        .When(Abandon with { Reason = " \u3000" }).ThenRefused(ExcludeAccount.ReasonMissing);

    [Fact] public void A_run_that_is_being_posted_is_not_given_up() => Given.Spec.Given(Given.Frozen, Given.Started)
        .When(Abandon).ThenRefused(RedraftRun.PostingBegun);

    [Fact] public void A_posted_run_is_not_given_up() => Given.Spec.Given(Given.Frozen, Given.Started, Given.Posted)
        .When(Abandon).ThenRefused(RedraftRun.PostingBegun);

    [Fact] public void An_unknown_run_is_refused() => Given.Spec.Given().When(Abandon).ThenRefused(BillingRun.Unknown);
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
