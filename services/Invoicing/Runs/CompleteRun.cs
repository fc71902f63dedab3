using Billing.Contracts;
using Billing.Platform;
using Dapper;

namespace Billing.Invoicing;

/// <summary>
/// Completes a run after its last chunk was posted; its result adds up. Any process that finds nothing left to post
/// asks for it; a run is completed once, and sealed in the same transaction, before a bill can have been changed.
/// </summary>
public sealed record CompleteRun(RunName Run, CompletionFacts Found) : ICommand<BillingRun, RunEvent>
{
    public static readonly Rejection NotPosting = Rejection.Conflict("run-not-posting", "The run is not being posted.");
    public static readonly Rejection ChunksLeft = Rejection.Conflict(
        "run-chunks-left", "There are chunks left to post.");
    public static readonly Rejection DoesNotAddUp = Rejection.Conflict(
        "run-does-not-add-up", "Issued, excepted and excluded accounts do not add up to the cohort.");

    public Decision<RunEvent> Decide(BillingRun state) => state switch
    {
        BillingRun.Done => [],
        BillingRun.Posting when Found.ChunksLeft > 0 => ChunksLeft,
        BillingRun.Posting s when Found.Issued + Found.Excepted + Found.Excluded != s.Facts.Cohort
            || Found.Issued != s.Started.Invoices || Found.Amount != s.Started.Amount => DoesNotAddUp,
        BillingRun.Posting s =>
        [
            new RunPosted(Run, s.Facts.Utility, s.Facts.Period, s.Facts.Cohort, Found.Issued, Found.Excepted,
                Found.Excluded, Found.Amount),
        ],
        _ => NotPosting,
    };

    /// <summary>Completes a run that has nothing left to post, seals it, and drops its draft table.</summary>
    internal static Task<Executed<BillingRun, RunEvent>> Execute(
        EventStore store, ManifestKey key, RunName run, CancellationToken cancellation) =>
        RunTransaction.Execute(
            store,
            run,
            async (state, session) =>
            {
                var (left, issued, fen, excepted, excluded) = await session.Connection.QuerySingleAsync<(
                    int, int, long, int, int)>("""
                    select c.*, e.* from
                      (select count(*) filter (where posted_at is null)::int, coalesce(sum(issued), 0)::int,
                         coalesce(sum(issued_fen), 0)::bigint from run_chunk where run = @run) c,
                      (select count(*) filter (where state = 'open')::int,
                         count(*) filter (where state = 'excluded')::int
                       from run_exception where run = @run) e
                    """, new { run = run.Value });
                var command = new CompleteRun(run, new(left, issued, excepted, excluded, new(fen)));
                if (state is BillingRun.Posting posting && command.Decide(state).Events is [RunPosted result])
                {
                    await session.Connection.ExecuteAsync($"drop table if exists {run.DraftTable()}");
                    var invoiced = await RunManifest.Seal(
                        session.Connection, key, posting.Facts, posting.Started, result, cancellation);
                    return command with { Found = command.Found with { Amount = invoiced } };
                }
                return command;
            },
            cancellation);
}

/// <summary>The facts on which completion rests: sums over the markers and the exceptions.</summary>
/// <param name="ChunksLeft">Chunks not posted yet.</param>
/// <param name="Issued">Invoices issued.</param>
/// <param name="Excepted">Accounts left with an open exception.</param>
/// <param name="Excluded">Accounts excluded by a person.</param>
/// <param name="Amount">Sum of the invoices.</param>
public sealed record CompletionFacts(int ChunksLeft, int Issued, int Excepted, int Excluded, Money Amount);
