using System.Diagnostics;
using System.Text.Json.Serialization;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Collections;

/// <summary>
/// The recorded state of an account: whether it is in arrears, and the date and result of its last assessment.
/// </summary>
[JsonDerivedType(typeof(Clear), "clear")]
[JsonDerivedType(typeof(Overdue), "overdue")]
public abstract record Account
{
    public sealed record Clear(DateOnly? SettledAsOf) : Account;
    public sealed record Overdue(DateOnly AsOf, DateOnly Since) : Account;

    public static readonly Account New = new Clear(SettledAsOf: null);

    private static readonly Table<ArrearsRow> Standing = new Table<ArrearsRow>("standing")
        .Key("account_no", row => row.Account.Value)
        .Column("overdue", row => row.Since is not null)
        .Column("since", row => row.Since)
        .Column("as_of", row => row.AsOf);

    public static readonly StreamType<Account, AccountEvent> Streams = new(
        "account", New, Evolve, Project, Standing)
    {
        HasSnapshots = true,
    };

    /// <summary>The stream of an account; the account number identifies it, as in every service.</summary>
    public static StreamName<Account, AccountEvent> Stream(AccountNo account) => Streams.Named(account.Value);

    private static Account Evolve(Account state, AccountEvent @event) => (state, @event) switch
    {
        (Clear, BecameOverdue e) => new Overdue(e.AsOf, e.Since),
        (Overdue, ArrearsCleared e) => new Clear(e.AsOf),
        _ => throw new UnreachableException($"{@event.GetType().Name} cannot follow {state.GetType().Name}."),
    };

    private static void Project(Rows rows, Recorded<AccountEvent> recorded, Account before, Account after) =>
        rows.Upsert(Standing, recorded.Event switch
        {
            BecameOverdue e => new(e.Account, e.Since, e.AsOf),
            ArrearsCleared e => new(e.Account, null, e.AsOf),
            _ => throw new UnreachableException($"{recorded.Event.GetType().Name} has no standing."),
        });

    private sealed record ArrearsRow(AccountNo Account, DateOnly? Since, DateOnly AsOf);
}

public abstract record AccountEvent { private protected AccountEvent() { } }

/// <summary>An assessment found the first overdue invoice of an account that had none.</summary>
[StoredAs("became-overdue.v1")]
public sealed record BecameOverdue(AccountNo Account, DateOnly AsOf, DateOnly Since, Money Overdue) : AccountEvent;

/// <summary>An assessment found nothing overdue any more; the account can become overdue again.</summary>
[StoredAs("settled-again.v1")]
public sealed record ArrearsCleared(AccountNo Account, DateOnly AsOf) : AccountEvent;
