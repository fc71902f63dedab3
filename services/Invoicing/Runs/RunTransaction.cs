using Billing.Contracts;
using Billing.Platform;
using Dapper;

namespace Billing.Invoicing;

/// <summary>
/// Executes commands on a run in one transaction with the run's tables: the stream is locked, the caller gathers the
/// facts and changes the tables, then the command decides. A refusal rolls everything back.
/// </summary>
internal static class RunTransaction
{
    public static async Task<Executed<BillingRun, RunEvent>> Execute(
        EventStore store,
        RunName run,
        Func<BillingRun, BulkSession, Task<ICommand<BillingRun, RunEvent>>> gather,
        CancellationToken cancellation)
    {
        var stream = BillingRun.Stream(run);
        try
        {
            return await store.Bulk([stream.Id], async session =>
            {
                // A stream that does not exist yet cannot be locked; a concurrent freeze of the same run waits here.
                await session.Connection.ExecuteAsync(
                    "select pg_advisory_xact_lock(@Lock, hashtext(@run))",
                    new { Lock = AdvisoryLock.Run, run = run.Value });
                var states = await session.Load(BillingRun.Streams, cancellation);
                var state = states.GetValueOrDefault(stream.Id, new BillingRun.None());
                var decision = (await gather(state, session)).Decide(state);
                if (decision.Rejection is { } rejection)
                    throw new RefusedException(rejection, state);
                var after = session.Append(stream, state, decision.Events);
                return new Executed<BillingRun, RunEvent>(
                    decision, after, session.VersionOf(stream.Id) + decision.Events.Count);
            }, cancellation);
        }
        catch (RefusedException refused)
        {
            return new(refused.Rejection, refused.State, 0);
        }
    }

    /// <summary>Aborts the transaction so that what was gathered is rolled back; never thrown to callers.</summary>
    private sealed class RefusedException(Rejection rejection, BillingRun state) : Exception(rejection.Message)
    {
        public Rejection Rejection { get; } = rejection;

        public BillingRun State { get; } = state;
    }
}
