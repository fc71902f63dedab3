using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>Excludes an account from a run: the run bills nothing to it, whatever its draft says.</summary>
public sealed record ExcludeAccount(RunName Run, AccountNo Account, string Reason, ReviewFacts Found)
    : ICommand<BillingRun, RunEvent>
{
    public static readonly Rejection ReasonMissing = Rejection.Invalid(
        "run-reason-missing", $"A verdict needs a reason of 1 to {Reasons.Longest} characters, one of them visible.");
    public static readonly Rejection NotInRun = Rejection.NotFound(
        "run-account-unknown", "The account is not in the cohort of this run.");
    public static readonly Rejection StillDrafting = Rejection.Conflict(
        "run-still-drafting",
        "The draft is not complete. Try again when it is; a run that failed is drafted again or abandoned.");

    /// <inheritdoc/>
    public Rejection? Refuse() => Reasons.IsGiven(Reason) ? null : ReasonMissing;

    public Decision<RunEvent> Decide(BillingRun state) => state switch
    {
        _ when Refuse() is { } wrong => wrong,
        BillingRun.None => BillingRun.Unknown,
        BillingRun.Drafted s when s.Excluded.Contains(Account) => [],
        BillingRun.Drafted when !Found.InCohort => NotInRun,
        BillingRun.Drafted when Found.Undrafted > 0 => StillDrafting,
        BillingRun.Drafted => [new AccountExcluded(Run, Account, Reason)],
        BillingRun.Abandoned => AbandonRun.Abandoned,
        _ => RedraftRun.PostingBegun,
    };
}

/// <summary>The facts on which a decision about an account rests.</summary>
/// <param name="Undrafted">Chunks that are not drafted yet.</param>
/// <param name="InCohort">Whether the account is in the cohort.</param>
/// <param name="Code">The code of its exception, or null when it has none.</param>
/// <param name="HasDraft">Whether the exception has a draft that could be posted.</param>
public sealed record ReviewFacts(int Undrafted, bool InCohort, string? Code, bool HasDraft);
