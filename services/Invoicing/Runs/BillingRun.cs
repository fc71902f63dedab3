using System.Collections.Immutable;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>
/// A billing run: a frozen cohort for one utility and period, drafted as often as needed, posted once.
/// </summary>
public abstract record BillingRun
{
    /// <summary>There is no such run.</summary>
    public sealed record None : BillingRun;

    /// <summary>The cohort is frozen, and drafted or being drafted.</summary>
    /// <param name="Facts">The facts of the freeze.</param>
    /// <param name="Draft">The number of the draft, from 1.</param>
    /// <param name="Plans">The plan versions in use.</param>
    /// <param name="Excluded">Accounts that a person excluded; they stay excluded in the next draft, too.</param>
    /// <param name="Released">Accounts whose exception a person released; valid for this draft only.</param>
    public sealed record Drafted(
        RunFrozen Facts, int Draft, ImmutableDictionary<PlanCode, PinnedVersions> Plans,
        ImmutableHashSet<AccountNo> Excluded, ImmutableHashSet<AccountNo> Released) : BillingRun;

    /// <summary>The invoice numbers are assigned and the invoices are being issued.</summary>
    /// <param name="Facts">The facts of the freeze.</param>
    /// <param name="Draft">The draft that is posted.</param>
    /// <param name="Plans">The plan versions in use.</param>
    /// <param name="Started">The assigned numbers.</param>
    public sealed record Posting(
        RunFrozen Facts, int Draft, ImmutableDictionary<PlanCode, PinnedVersions> Plans, RunPostingStarted Started)
        : BillingRun;

    /// <summary>Every invoice is issued.</summary>
    /// <param name="Facts">The facts of the freeze.</param>
    /// <param name="Draft">The draft that was posted.</param>
    /// <param name="Plans">The plan versions in use.</param>
    /// <param name="Started">The assigned numbers.</param>
    /// <param name="Result">The result.</param>
    public sealed record Done(
        RunFrozen Facts, int Draft, ImmutableDictionary<PlanCode, PinnedVersions> Plans, RunPostingStarted Started,
        RunPosted Result)
        : BillingRun
    {
        /// <summary>Who sealed it afterwards; null when it was sealed on completion, or never.</summary>
        public RunSealedLater? SealedLater { get; init; }
    }

    /// <summary>
    /// The run was abandoned before anything of it was posted: it bills nobody, and its name stays taken.
    /// </summary>
    /// <param name="Facts">The facts of the freeze.</param>
    /// <param name="Draft">The last draft.</param>
    /// <param name="Plans">The plan versions in use.</param>
    /// <param name="Why">Who abandoned it, and why.</param>
    public sealed record Abandoned(
        RunFrozen Facts, int Draft, ImmutableDictionary<PlanCode, PinnedVersions> Plans, RunAbandoned Why) : BillingRun;

    /// <summary>All run streams.</summary>
    public static readonly StreamType<BillingRun, RunEvent> Streams = new(
        "run",
        new None(),
        Evolve,
        (rows, _, _, after) => rows.Upsert(RunRow.Table, RunRow.Of(after)),
        RunRow.Table);

    /// <summary>There is no such run.</summary>
    public static readonly Rejection Unknown = Rejection.NotFound("run-unknown", "There is no such run.");

    /// <summary>The stream of a run.</summary>
    public static StreamName<BillingRun, RunEvent> Stream(RunName run) => Streams.Named(run.Value);

    private static BillingRun Evolve(BillingRun state, RunEvent @event) => (state, @event) switch
    {
        (None, RunFrozen e) => new Drafted(e, 1, e.Plans.ToImmutableDictionary(), [], []),
        (Drafted s, RunRedrafted e) => s with
        {
            Draft = e.Draft, Plans = e.Plans.ToImmutableDictionary(), Released = [],
        },
        (Drafted s, AccountExcluded e) => s with
        {
            Excluded = s.Excluded.Add(e.Account), Released = s.Released.Remove(e.Account),
        },
        (Drafted s, AccountReleased e) => s with
        {
            Excluded = s.Excluded.Remove(e.Account), Released = s.Released.Add(e.Account),
        },
        (Drafted s, RunPostingStarted e) => new Posting(s.Facts, s.Draft, s.Plans, e),
        (Drafted s, RunAbandoned e) => new Abandoned(s.Facts, s.Draft, s.Plans, e),
        (Posting s, RunPosted e) => new Done(s.Facts, s.Draft, s.Plans, s.Started, e),
        (Done s, RunSealedLater e) => s with { SealedLater = e },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {state.GetType().Name}."),
    };
}
