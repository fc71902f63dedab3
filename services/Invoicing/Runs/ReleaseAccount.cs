using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>
/// A person reviewed an exception, or an exclusion, and releases the draft for posting. An account without a draft
/// cannot be released: the cause has to be corrected and the run drafted again.
/// </summary>
public sealed record ReleaseAccount(RunName Run, AccountNo Account, string Reason, ReviewFacts Found)
    : ICommand<BillingRun, RunEvent>
{
    public static readonly Rejection NothingToRelease = Rejection.NotFound(
        "run-exception-unknown", "The account has no exception in this run.");
    public static readonly Rejection NoDraft = Rejection.Conflict(
        "run-exception-not-releasable", "The exception has no draft: put its cause right and draft the run again.");

    /// <inheritdoc/>
    public Rejection? Refuse() => Reasons.IsGiven(Reason) ? null : ExcludeAccount.ReasonMissing;

    public Decision<RunEvent> Decide(BillingRun state) => state switch
    {
        _ when Refuse() is { } wrong => wrong,
        BillingRun.None => BillingRun.Unknown,
        BillingRun.Drafted s when s.Released.Contains(Account) => [],
        BillingRun.Drafted when Found.Undrafted > 0 => ExcludeAccount.StillDrafting,
        BillingRun.Drafted when Found.Code is null => NothingToRelease,
        BillingRun.Drafted when !Found.HasDraft => NoDraft,
        BillingRun.Drafted => [new AccountReleased(Run, Account, Reason)],
        BillingRun.Abandoned => AbandonRun.Abandoned,
        _ => RedraftRun.PostingBegun,
    };
}
