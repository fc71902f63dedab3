using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Collections;

/// <summary>
/// Assesses an account for one business date: no event tells when a due date has passed, so an assessment checks all
/// accounts and records which fell into arrears and which cleared them. Assessing the same date again finds only what
/// changed since, and a date before an account's last assessment changes nothing.
/// </summary>
/// <param name="Account">The account.</param>
/// <param name="AsOf">The business date assessed.</param>
/// <param name="Since">The due date of its oldest overdue invoice, or null when nothing is overdue.</param>
/// <param name="Amount">The overdue amount, fen; zero when nothing is overdue.</param>
public sealed record AssessArrears(AccountNo Account, DateOnly AsOf, DateOnly? Since, Money Amount)
    : ICommand<Account, AccountEvent>
{
    public Decision<AccountEvent> Decide(Account state) => (state, Since) switch
    {
        (Account.Clear clear, { } since) when clear.SettledAsOf is null || AsOf >= clear.SettledAsOf =>
            [new BecameOverdue(Account, AsOf, since, Amount)],
        (Account.Overdue overdue, null) when AsOf >= overdue.AsOf => [new ArrearsCleared(Account, AsOf)],
        _ => [],
    };
}

public static class AssessArrearsEndpoint
{
    private const int AccountsPerChunk = 1_000;

    /// <summary>Accounts whose recorded state differs from their state on the date.</summary>
    private const string Changed = """
        select coalesce(o.account_no, s.account_no)
        from (
          select account_no from receivable where open_fen > 0 and due_on < @asOf group by account_no) o
        full join (select account_no from standing where overdue) s using (account_no)
        where o.account_no is null or s.account_no is null
        """;

    private const string Overdue = """
        select account_no as Account, min(due_on) as Since, sum(open_fen)::bigint as Fen
        from receivable where open_fen > 0 and due_on < @asOf and account_no = any(@accounts) group by account_no
        """;

    public static readonly Rejection InFuture = Rejection.Invalid(
        "sweep-in-future", "Arrears cannot be assessed for a future day: people may still pay.");

    public static void MapAssessArrears(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/sweeps/{asOf}", Handle).WithName("AssessArrears").RequireRight(Right.AssessArrears)
            .WithSummary("Assesses arrears for a day: accounts that fell into arrears and accounts that cleared them.")
            .Refuses(InFuture);

    private static async Task<Results<Ok<AssessedArrears>, ProblemHttpResult>> Handle(
        DateOnly asOf, NpgsqlDataSource source, EventStore store, TimeProvider clock, CancellationToken cancellation)
    {
        if (asOf > clock.Today())
            return InFuture.ToProblem();
        var (became, settled) = (0, 0);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var changed = connection.QueryUnbufferedAsync<string>(Changed, new { asOf }, commandTimeout: 0);
        await foreach (var accounts in changed.Chunk(AccountsPerChunk).WithCancellation(cancellation))
        {
            var events = await Assess(accounts, asOf, store, cancellation);
            became += events.Count(@event => @event is BecameOverdue);
            settled += events.Count(@event => @event is ArrearsCleared);
        }
        return TypedResults.Ok(new AssessedArrears(asOf, became, settled));
    }

    /// <summary>
    /// Reads a chunk of accounts again while their streams are locked, decides for each, and appends.
    /// </summary>
    private static Task<List<AccountEvent>> Assess(
        string[] accounts, DateOnly asOf, EventStore store, CancellationToken cancellation) =>
        store.Bulk(accounts.Select(account => Account.Stream(AccountNo.Parse(account)).Id), async session =>
        {
            var states = await session.Load(Account.Streams, cancellation);
            var overdue = (await session.Connection.QueryAsync<OverdueRow>(Overdue, new { asOf, accounts }))
                .ToDictionary(row => row.Account, StringComparer.Ordinal);
            var found = new List<AccountEvent>();
            foreach (var no in accounts)
            {
                var stream = Account.Stream(AccountNo.Parse(no));
                var state = states.GetValueOrDefault(stream.Id, Account.New);
                var now = overdue.GetValueOrDefault(no);
                var command = new AssessArrears(AccountNo.Parse(no), asOf, now?.Since, new(now?.Fen ?? 0));
                var events = command.Decide(state).Events;
                session.Append(stream, state, events);
                found.AddRange(events);
            }
            return found;
        }, cancellation);

    private sealed record OverdueRow(string Account, DateOnly Since, long Fen);
}
