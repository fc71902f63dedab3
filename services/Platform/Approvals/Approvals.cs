using Billing.Contracts;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Acts that take two people. Proposing runs the act and rolls it back, so that what it would change is known and
/// shown; approving runs it again, and commits it together with the approval if it changes exactly that. So an act is
/// done once or not at all, and never without the approval (docs/adr/0042).
/// </summary>
public sealed class Approvals(
    EventStore store, ApprovalLimits limits, IReadOnlyList<StreamType> streams, TimeProvider clock)
{
    /// <summary>
    /// Proposes an act, or does it at once when its money is within what one person may do alone.
    /// </summary>
    /// <param name="kind">The kind of act.</param>
    /// <param name="key">What it is about, unique among its kind.</param>
    /// <param name="request">The whole request.</param>
    /// <param name="reason">Why, for people, or null.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<Proposing> Propose<TRequest>(
        ApprovalKind<TRequest> kind, string key, TRequest request, string? reason, CancellationToken cancellation)
        where TRequest : class
    {
        ArgumentNullException.ThrowIfNull(kind);
        var (by, limit) = (Actor.Current.By, await limits.Of(kind, cancellation));
        bool IsAlone(Consequence tried) => tried.Together is { } amount && amount <= limit.Alone;
        var consequence = await Together(
            [.. kind.StreamsOf(request)], session => kind.CarryOut(request, new(session, by, null), cancellation),
            Consequence.Refused, tried => tried is { Refusal: null, Changes.Count: > 0 } && IsAlone(tried),
            cancellation);
        if (consequence.Refusal is not null || consequence.Changes.Count == 0)
            return new(consequence.Refusal, false, null);
        if (IsAlone(consequence))
        {
            kind.Carried(request);
            return new(null, true, null);
        }
        var propose = new Propose(
            kind.Code, key, consequence.Account, ApprovalKind<TRequest>.Write(request), consequence.Changes,
            consequence.Amount, reason, by, clock.GetUtcNow(), TimeSpan.FromDays(limit.OpenDays));
        var stream = Proposal.Stream(kind.Code, key);
        return await Together(
            [stream.Id, .. kind.StreamsOf(request)], async session =>
            {
                var state = await new Attempt(session, by, null).Load(stream, cancellation);
                var decision = propose.Decide(state);
                if (decision.Rejection is { } rejection)
                    return new Proposing(rejection, false, null);
                return decision.Events.Count > 0 && await kind.Hold(request, session, cancellation) is { } taken
                    ? new(taken, false, null)
                    : new(null, false, session.Append(stream, state, decision.Events));
            },
            rejection => new Proposing(rejection, false, null), proposing => proposing.Refusal is null, cancellation);
    }

    /// <summary>Approves what was seen, and carries it out.</summary>
    public async Task<Decided> Approve(ApprovalKind kind, string key, string seen, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(kind);
        var (by, stream) = (Actor.Current.By, Proposal.Stream(kind.Code, key));
        var (known, _) = await store.Load(stream, cancellation);
        if (known.Made is null)
            return new(Deciding.Unknown, known);
        var approve = new ApproveProposal(seen, by, clock.GetUtcNow());
        var decided = await Together(
            [stream.Id, .. kind.StreamsOf(known.Made.Request)], async session =>
            {
                var state = await new Attempt(session, by, null).Load(stream, cancellation);
                var decision = approve.Decide(state);
                if (decision.Rejection is not null || decision.Events.Count == 0)
                    return new(decision.Rejection, state);
                // Only the streams of the round that was read are locked.
                if (state.Made!.Round != known.Made.Round)
                    return new(Rejection.Contended, state);
                var consequence = await kind.CarryOut(
                    state.Made.Request, new(session, state.Made.By, by), cancellation);
                return consequence.Refusal is { } refusal ? new(refusal, state)
                    : !state.Says(state.Made.Request, consequence.Changes) ? new(FailProposal.Outdated, state)
                    : new Decided(null, session.Append(stream, state, decision.Events));
            },
            rejection => new Decided(rejection, known), answer => answer.Refusal is null, cancellation);
        if (decided.Refusal == FailProposal.Outdated)
        {
            var code = FailProposal.Outdated.Code;
            await End(kind, key, new FailProposal(seen, by, code), code, cancellation);
        }
        if (decided.Refusal is null)
            kind.Carried(known.Made.Request);
        return decided;
    }

    /// <summary>Rejects what was seen.</summary>
    public Task<Decided> Reject(
        ApprovalKind kind, string key, string seen, string reason, CancellationToken cancellation) => End(
        kind, key, new RejectProposal(seen, reason, Actor.Current.By, clock.GetUtcNow()), reason, cancellation);

    /// <summary>Withdraws one's own proposal.</summary>
    public Task<Decided> Withdraw(ApprovalKind kind, string key, string reason, CancellationToken cancellation) =>
        End(kind, key, new WithdrawProposal(reason, Actor.Current.By), reason, cancellation);

    /// <summary>Notes that nobody decided a proposal in time.</summary>
    public Task<Decided> Expire(ApprovalKind kind, string key, CancellationToken cancellation) =>
        End(kind, key, new ExpireProposal(clock.GetUtcNow()), "expired", cancellation);

    private async Task<Decided> End(
        ApprovalKind kind, string key, ICommand<Proposal, ProposalEvent> command, string reason,
        CancellationToken cancellation)
    {
        var stream = Proposal.Stream(kind.Code, key);
        var (known, _) = await store.Load(stream, cancellation);
        if (known.Made is null)
            return new(command.Refuse() ?? Deciding.Unknown, known);
        return await Together(
            [stream.Id, .. kind.StreamsOf(known.Made.Request)], async session =>
            {
                var state = await new Attempt(session, Actor.Current.By, null).Load(stream, cancellation);
                var decision = command.Decide(state);
                if (decision.Rejection is not null || decision.Events.Count == 0)
                    return new(decision.Rejection, state);
                if (state.Made!.Round != known.Made.Round)
                    return new(Rejection.Contended, state);
                await kind.Release(state.Made.Request, session, Actor.Current.By, reason, cancellation);
                return new Decided(null, session.Append(stream, state, decision.Events));
            },
            rejection => new Decided(rejection, known), answer => answer.Refusal is null, cancellation);
    }

    /// <summary>
    /// Runs work over streams in one transaction, and commits it only if its result is to be kept; a natural key that
    /// is taken is a refusal.
    /// </summary>
    private async Task<T> Together<T>(
        string[] ids, Func<BulkSession, Task<T>> work, Func<Rejection, T> refused, Func<T, bool> keeps,
        CancellationToken cancellation)
    {
        try
        {
            return await store.Bulk(ids, work, keeps, cancellation);
        }
        catch (PostgresException e) when (
            e.SqlState == PostgresErrorCodes.UniqueViolation && TakenIn(e.TableName) is { } taken)
        {
            return refused(taken);
        }
    }

    private Rejection? TakenIn(string? table) =>
        streams.SelectMany(type => type.Tables).FirstOrDefault(known => known.Name == table)?.Taken;
}

/// <summary>What became of a request that may take two people.</summary>
/// <param name="Refusal">Why it was refused, or null.</param>
/// <param name="IsDone">Whether it was done now, because one person may do it alone.</param>
/// <param name="Waits">The proposal that waits for a decision; null when it was refused, done, or known
/// already.</param>
public sealed record Proposing(Rejection? Refusal, bool IsDone, Proposal? Waits);

/// <summary>What became of a decision.</summary>
/// <param name="Refusal">Why it was refused, or null.</param>
/// <param name="Proposal">The proposal afterwards.</param>
public sealed record Decided(Rejection? Refusal, Proposal Proposal);
