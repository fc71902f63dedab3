using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Begins a run: the accounts to be billed for a period are frozen and counted, the plan versions are pinned, and the
/// first draft is started. Accounts already billed for the period are in the cohort, but excluded. The name identifies
/// the run: the same facts again change nothing, other facts are refused.
/// </summary>
public sealed record FreezeRun(
    RunName Run, Utility Utility, BillingPeriod Period, DateOnly IssuedOn, DateOnly DueOn, FrozenCohort Found,
    DateOnly Today) : ICommand<BillingRun, RunEvent>
{
    public static readonly Rejection PeriodOutOfRange = Rejection.Invalid(
        "run-period-out-of-range", $"A run bills {BillingPeriod.Form}.");
    public static readonly Rejection PeriodMismatch = Rejection.Invalid(
        "run-period-mismatch", "Electricity is billed by the month, heat by the season or by the month.");
    public static readonly Rejection TooEarly = Rejection.Invalid(
        "run-period-too-early",
        "Electricity is billed when its month has begun, heat at most a year before its period begins.");
    public static readonly Rejection DatesOutOfRange = Rejection.Invalid(
        "run-dates-out-of-range",
        "Invoices are issued at most a year before or after their period begins or today, and due within a year.");
    public static readonly Rejection DueBeforeIssue = Rejection.Invalid(
        "run-due-before-issue", "Invoices cannot be due before they are issued.");
    public static readonly Rejection CohortEmpty = Rejection.Invalid(
        "run-cohort-empty", "No account has this supply; there is nobody to bill.");
    public static readonly Rejection Taken = Rejection.Conflict(
        "run-taken", "A run of this name stands for something else.");

    public Decision<RunEvent> Decide(BillingRun state) => state switch
    {
        BillingRun.None when !IsBillable(Period) => PeriodOutOfRange,
        BillingRun.None when Utility == Utility.Electricity && Period.IsSeason => PeriodMismatch,
        BillingRun.None when Begins > (Utility == Utility.Heat ? Today.AddYears(1) : Today) => TooEarly,
        BillingRun.None when IssuedOn < Begins.AddYears(-1) || DueOn > IssuedOn.AddYears(1)
            || IssuedOn > (Begins > Today ? Begins : Today).AddYears(1) => DatesOutOfRange,
        BillingRun.None when DueOn < IssuedOn => DueBeforeIssue,
        BillingRun.None when Found.Accounts == 0 => CohortEmpty,
        BillingRun.None =>
        [
            new RunFrozen(Run, Utility, Period, IssuedOn, DueOn, Found.Accounts, Found.AlreadyInvoiced, Found.Chunks,
                Found.Plans),
        ],
        BillingRun.Drafted s when Repeats(s.Facts) => [],
        BillingRun.Posting s when Repeats(s.Facts) => [],
        BillingRun.Done s when Repeats(s.Facts) => [],
        BillingRun.Abandoned s when Repeats(s.Facts) => AbandonRun.Abandoned,
        _ => Taken,
    };

    /// <summary>
    /// The first day of a month; for a season, whose days the plans define, 1 January of its first year.
    /// </summary>
    private DateOnly Begins => Period.IsSeason ? new(Period.Year, 1, 1) : Period.Month.First;

    /// <summary>
    /// Whether the period can be computed with; runs from before periods were limited may have one that cannot.
    /// </summary>
    internal static bool IsBillable(BillingPeriod period) => BillingPeriod.IsValid(period.Value);

    private bool Repeats(RunFrozen known) =>
        (known.Utility, known.Period, known.IssuedOn, known.DueOn) == (Utility, Period, IssuedOn, DueOn);
}

/// <summary>The cohort found in the replicas.</summary>
/// <param name="Accounts">Accounts in the cohort.</param>
/// <param name="AlreadyInvoiced">Accounts among them that are billed already.</param>
/// <param name="Chunks">The number of chunks.</param>
/// <param name="Plans">The plan versions that apply.</param>
public sealed record FrozenCohort(
    int Accounts, int AlreadyInvoiced, int Chunks, IReadOnlyDictionary<PlanCode, PinnedVersions> Plans)
{
    /// <summary>Nothing was read, because the run exists already.</summary>
    public static readonly FrozenCohort NotSought = new(0, 0, 0, new Dictionary<PlanCode, PinnedVersions>());

    /// <summary>The number of accounts whose work is one transaction.</summary>
    internal const int AccountsPerChunk = 500;

    private const int LooksForPosition = 20;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(25);

    private const string CohortSql = """
        insert into run_cohort (run, chunk_no, accounts)
        select @run, chunk_no, array_agg(account_no order by account_no)
        from (
          select account_no, (row_number() over (order by account_no) - 1) / @size as chunk_no
          from account_supply where case when @electricity then electricity_plan else heat_plan end is not null) c
        group by chunk_no
        """;

    private const string ChunksSql = """
        insert into run_chunk (run, chunk_no, accounts, draft, drafted_from)
        select run, chunk_no, cardinality(accounts), 1, @final from run_cohort where run = @run;
        select count(*)::int, coalesce(sum(accounts), 0)::int from run_chunk where run = @run
        """;

    /// <summary>
    /// Accounts that another run has already billed for the period; read only when such a run exists.
    /// </summary>
    internal const string AlreadyInvoicedSql = """
        insert into run_exception as known (run, account_no, chunk_no, code, message, state, amount_fen)
        select @run, i.account_no, c.chunk_no, 'already-invoiced', 'Invoice ' || i.invoice_no || ' bills this period.',
          'excluded', null
        from run_cohort c cross join unnest(c.accounts) as a(account_no)
        join invoice i on i.account_no = a.account_no and i.utility = @utility and i.period = @period
          and i.kind = 'regular'
        where c.run = @run and exists (
          select 1 from run r where r.utility = @utility and r.period = @period and r.run <> @run
            and r.state in ('posting', 'posted'))
        """;

    /// <summary>
    /// The position up to which every draft that begins now contains all events. Writers may be open at this moment; if
    /// they stay so, the result is 0, and posting checks all readings instead of the latest.
    /// </summary>
    internal static async Task<long> FinalPosition(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var (positions, final) = (new SafePosition(source), 0L);
        for (var look = 0; final == 0 && look < LooksForPosition; look++)
        {
            if (look > 0)
                await Task.Delay(BetweenLooks, cancellation);
            final = await positions.Look(cancellation);
        }
        return final;
    }

    /// <summary>Writes the cohort inside the caller's transaction.</summary>
    /// <param name="final">Events up to this position are contained in every draft.</param>
    internal static async Task<FrozenCohort> Seek(
        NpgsqlConnection connection, Plans plans, RunName run, Utility utility, BillingPeriod period, long final,
        CancellationToken cancellation)
    {
        var facts = new
        {
            run = run.Value, utility = utility.ToString(), period = period.Value, size = AccountsPerChunk,
            electricity = utility == Utility.Electricity, final,
        };
        await connection.ExecuteAsync(Sql(CohortSql));
        var (chunks, accounts) = await connection.QuerySingleAsync<(int, int)>(Sql(ChunksSql));
        var already = await connection.ExecuteAsync(Sql(AlreadyInvoicedSql));
        await connection.ExecuteAsync(Sql($"create table {run.DraftTable()} (like run_draft including all)"));
        return new(accounts, already, chunks, await plans.VersionsFor(connection, utility, period, cancellation));

        CommandDefinition Sql(string text) => new(text, facts, commandTimeout: 600, cancellationToken: cancellation);
    }
}

public static class FreezeRunEndpoint
{
    public static void MapFreezeRun(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/runs/{run}", Handle).WithName(nameof(FreezeRun)).RequireRight(Right.FreezeRun)
            .WithSummary("Begins a billing run: freezes the cohort of a period and drafts its invoices.")
            .Refuses(typeof(FreezeRun)).Refuses(AbandonRun.Abandoned);

    private static async Task<Results<Created, Ok, ProblemHttpResult>> Handle(
        RunName run, FreezeRunRequest body, EventStore store, NpgsqlDataSource source, Plans plans, WorkItems work,
        TimeProvider clock, CancellationToken cancellation)
    {
        var final = await FrozenCohort.FinalPosition(source, cancellation);
        var executed = await RunTransaction.Execute(
            store,
            run,
            async (state, session) =>
            {
                var command = new FreezeRun(
                    run, body.Utility, body.Period, body.IssuedOn, body.DueOn, FrozenCohort.NotSought, clock.Today());
                // Refuse without reading the cohort where that is possible.
                if (state is not BillingRun.None || command.Decide(state).Rejection != FreezeRun.CohortEmpty)
                    return command;
                return command with
                {
                    Found = await FrozenCohort.Seek(
                        session.Connection, plans, run, body.Utility, body.Period, final, cancellation),
                };
            },
            cancellation);
        if (executed.Rejection is { } rejection)
            return rejection.ToProblem();
        if (!executed.Changed)
            return TypedResults.Ok();
        work.Want(run);
        return TypedResults.Created($"/runs/{run}");
    }
}
