using Billing.Contracts;
using Billing.Contracts.Api;
using Dapper;
using Npgsql;

namespace Billing.Platform;

/// <summary>The limits of a kind were changed.</summary>
/// <param name="Kind">The kind of act.</param>
/// <param name="Alone">Up to how much one person may do alone, or null when money does not decide.</param>
/// <param name="OpenDays">For how many days a proposal can be decided.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="By">Who approved it.</param>
[StoredAs("approval-limit-changed.v1")]
public sealed record ApprovalLimitChanged(string Kind, Money? Alone, int OpenDays, string Reason, string By);

/// <summary>The limits of one kind as they were changed last; null as delivered.</summary>
/// <param name="Last">The last change.</param>
public sealed record LimitOfKind(ApprovalLimitChanged? Last)
{
    private static readonly Table<ApprovalLimitChanged> Table = new Table<ApprovalLimitChanged>("approval_limit")
        .Key("kind", row => row.Kind)
        .Column("alone_fen", row => row.Alone?.Fen)
        .Column("open_days", row => row.OpenDays);

    /// <summary>The limits of all kinds that were changed.</summary>
    public static readonly StreamType<LimitOfKind, ApprovalLimitChanged> Streams = new(
        "approval-limit", new((ApprovalLimitChanged?)null), (_, changed) => new(changed),
        (rows, recorded, _, _) => rows.Upsert(Table, recorded.Event), Table);
}

/// <summary>The limits in force: as delivered with each kind, unless they were changed.</summary>
public sealed class ApprovalLimits(NpgsqlDataSource source, IEnumerable<ApprovalKind> kinds)
{
    /// <summary>The limits of all kinds, in order of kind.</summary>
    public async Task<IReadOnlyList<ApprovalLimit>> All(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var changed = (await connection.QueryAsync<(string Kind, long? Fen, int Days)>(new CommandDefinition(
                "select kind, alone_fen, open_days from approval_limit", cancellationToken: cancellation)))
            .ToDictionary(row => row.Kind, StringComparer.Ordinal);
        return [.. kinds.OrderBy(kind => kind.Code, StringComparer.Ordinal).Select(kind =>
            changed.TryGetValue(kind.Code, out var row)
                ? new ApprovalLimit(kind.Code, row.Fen is { } fen ? new Money(fen) : null, row.Days)
                : new(kind.Code, kind.Alone, ApprovalKind.OpenDays))];
    }

    /// <summary>The limits of one kind.</summary>
    internal async Task<ApprovalLimit> Of(ApprovalKind kind, CancellationToken cancellation) =>
        (await All(cancellation)).Single(limit => limit.Kind == kind.Code);
}

/// <summary>Changes the limits of a kind, which takes two people itself.</summary>
/// <param name="Kind">The kind of act.</param>
/// <param name="HasMoney">Whether money decides for this kind.</param>
/// <param name="Alone">Up to how much one person may do alone.</param>
/// <param name="OpenDays">For how many days a proposal can be decided.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="By">Who approved it.</param>
public sealed record ChangeApprovalLimit(
    string Kind, bool HasMoney, Money? Alone, int OpenDays, string Reason, string By)
    : ICommand<LimitOfKind, ApprovalLimitChanged>
{
    /// <summary>There is no such kind.</summary>
    public static readonly Rejection Unknown = Rejection.NotFound(
        "approval-kind-unknown", "No act of this kind takes two people here; GET /approval-limits lists them.");

    /// <summary>The limits are not of the form that the kind has.</summary>
    public static readonly Rejection Invalid = Rejection.Invalid(
        "approval-limit-invalid",
        "A proposal is open for 1 to 90 days; what one person may do alone is zero or more fen, and null where money "
        + "does not decide.");

    private const int MostDays = 90;

    /// <inheritdoc/>
    public Rejection? Refuse() =>
        !Reasons.IsGiven(Reason) ? RejectProposal.ReasonMissing
        : OpenDays is < 1 or > MostDays || HasMoney != Alone is not null || Alone < Money.Zero ? Invalid
        : null;

    /// <inheritdoc/>
    public Decision<ApprovalLimitChanged> Decide(LimitOfKind state) =>
        Refuse() is { } wrong ? wrong
        : state.Last is { } last && (last.Alone, last.OpenDays) == (Alone, OpenDays) ? []
        : [new(Kind, Alone, OpenDays, Reason, By)];
}
