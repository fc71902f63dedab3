using Billing.Contracts;
using Billing.Platform;
using Billing.Rating;
using Dapper;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Finds the drafts of a run that would be different bills if they were made now, and holds them back as exceptions. A
/// join on versions finds the accounts whose facts changed at all since the draft, which are few; only theirs are read
/// again and compared by <see cref="DraftBasis"/>, so that changes that affect no bill hold nothing back.
/// </summary>
internal sealed class OutdatedDrafts(NpgsqlConnection connection, Plans plans, BillingRun.Drafted run)
{
    /// <summary>The stable reason code of an account whose draft is outdated.</summary>
    public const string Code = "draft-outdated";

    private const string HoldSql = """
        insert into run_exception as known (run, account_no, chunk_no, code, message, state, amount_fen)
        select @run, d.account_no, d.chunk_no, 'draft-outdated', o.message, 'open', d.amount_fen
        from {outdated} join {draft} d on {same}
        on conflict (run, account_no) do update set code = excluded.code, message = excluded.message,
          state = case when known.state = 'excluded' then known.state else excluded.state end
        """;

    /// <summary>
    /// The events on which every bill rests; with a plan that counts by the year, it also rests on other bills.
    /// </summary>
    private static readonly Type[] Readings = [typeof(ReadingAccepted), typeof(ReadingWithdrawn)];

    private static readonly string HoldPlansSql = HoldSql
        .Replace(
            "{outdated}", "unnest(@changed::text[], @messages::text[]) as o(plan, message)", StringComparison.Ordinal)
        .Replace("{same}", "d.plan = o.plan", StringComparison.Ordinal);

    private static readonly string HoldAccountsSql = HoldSql
        .Replace(
            "{outdated}",
            "unnest(@chunks::int[], @accounts::text[], @messages::text[]) as o(chunk_no, account_no, message)",
            StringComparison.Ordinal)
        .Replace("{same}", "(d.chunk_no, d.account_no) = (o.chunk_no, o.account_no)", StringComparison.Ordinal);

    private readonly string _run = run.Facts.Run.Value;
    private readonly BillingPeriod _period = run.Facts.Period;

    /// <summary>Holds outdated drafts back, inside the caller's transaction.</summary>
    public async Task Hold(CancellationToken cancellation)
    {
        var changed = await HoldChangedPlans(cancellation);
        var pinned = new Dictionary<PlanCode, PlanSchedule>();
        foreach (var (plan, versions) in run.Plans)
            pinned[plan] = await plans.Get(connection, plan, versions, cancellation);
        var yearly = pinned.Values.Any(plan => plan.NeedsYearToDate);
        var sql = MovedSql(yearly ? Account.Streams.EventTypes.Values : Readings);
        var moved = await connection.QueryAsync<(int Chunk, string Account, byte[]? Basis)>(Sql(sql, new
        {
            run = _run, period = _period.Value, electricity = run.Facts.Utility == Utility.Electricity, changed,
        }, cancellation));
        foreach (var some in moved.AsList().Chunk(FrozenCohort.AccountsPerChunk))
            await HoldChangedAccounts(some, pinned, yearly, cancellation);
    }

    /// <summary>
    /// Holds back the accounts of plans for which drafting now would use other versions: one was withdrawn or
    /// superseded, or another one was published.
    /// </summary>
    private async Task<string[]> HoldChangedPlans(CancellationToken cancellation)
    {
        var now = await plans.VersionsFor(connection, run.Facts.Utility, _period, cancellation);
        var changed = run.Plans.Where(plan => now.GetValueOrDefault(plan.Key) != plan.Value).ToList();
        var messages = changed.ConvertAll(plan => Message(
            $"the price plan ({plan.Key} version {plan.Value} then, " +
            $"{now.GetValueOrDefault(plan.Key)?.ToString() ?? "none"} now)"));
        var codes = changed.Select(plan => plan.Key.Value).ToArray();
        if (codes.Length > 0)
        {
            await connection.ExecuteAsync(
                Sql(HoldPlansSql, new { run = _run, changed = codes, messages }, cancellation));
        }
        return codes;
    }

    private async Task HoldChangedAccounts(
        (int Chunk, string Account, byte[]? Basis)[] moved, Dictionary<PlanCode, PlanSchedule> pinned, bool yearly,
        CancellationToken cancellation)
    {
        var bases = await BillingBasis.Read(
            connection, [.. moved.Select(draft => draft.Account)], run.Facts.Utility, _period, yearly, cancellation);
        var last = await LastReadings.Read(connection, bases, _period, cancellation);
        var now = bases.ToDictionary(basis => basis.Account.Value, StringComparer.Ordinal);
        var outdated = moved.Select(draft => (draft.Chunk, draft.Account, What: What(draft.Account, draft.Basis)))
            .Where(draft => draft.What.Length > 0).ToList();
        if (outdated.Count == 0)
            return;
        await connection.ExecuteAsync(Sql(HoldAccountsSql, new
        {
            run = _run, chunks = outdated.ConvertAll(draft => draft.Chunk),
            accounts = outdated.ConvertAll(draft => draft.Account),
            messages = outdated.ConvertAll(draft => Message(draft.What)),
        }, cancellation));

        string What(string account, byte[]? drafted)
        {
            if (drafted is null || now.GetValueOrDefault(account) is not { } basis)
                return "what it rests on";
            var plan = basis.Plan is { } code ? pinned.GetValueOrDefault(code) : null;
            return DraftBasis.Changed(drafted, DraftBasis.Of(basis, plan, _period, last.Of(basis)));
        }
    }

    /// <summary>
    /// Events above the position that was final when drafting began; drafts contain all events up to it.
    /// </summary>
    private static string MovedSql(IEnumerable<Type> kinds) => $$"""
        with moved as materialized (
          select distinct substr(e.stream_id, 9) collate "C" as account_no from {{StoredEvents.Sql(kinds)}} e
          where @electricity
            and e.seq_id > (select coalesce(min(drafted_from), 0) from run_chunk where run = @run)
            and coalesce(e.data ->> 'period', '') <= @period)
        select d.chunk_no, d.account_no, d.basis
        from {draft} d left join account_supply s on s.account_no = d.account_no
        where d.plan <> all(@changed)
          and ({{BillingBasis.SupplyVersionSql}} is distinct from d.supply_version
            or d.account_no in (select account_no from moved))
        order by d.account_no
        """;

    private static string Message(string what) => 
        $"After the draft {what} changed, so it was left out; another run of the period bills the account.";

    private CommandDefinition Sql(string text, object facts, CancellationToken cancellation) => new(
        text.Replace("{draft}", run.Facts.Run.DraftTable(), StringComparison.Ordinal), facts, commandTimeout: 600,
        cancellationToken: cancellation);
}
