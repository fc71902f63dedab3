using System.Globalization;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Billing.Platform;

/// <summary>The proposals of a service, for the people who decide them and those who made them.</summary>
internal sealed class ProposalList(NpgsqlDataSource source)
{
    private const int PageSize = 100;

    private const string Columns = """
        select kind, key, round, status, request::text, changes::text, amount_fen as Fen, account_no as Account, reason,
          proposed_by as ProposedBy, proposed_at as ProposedAt, expires_at as ExpiresAt, digest,
          decided_by as DecidedBy, decided_at as DecidedAt, decision_reason as DecisionReason, failure
        from proposal
        """;

    public static readonly Rejection CursorInvalid = Rejection.Invalid(
        "proposals-cursor-invalid", "'after' is the 'next' of the page before.") with { Status = 400 };

    /// <summary>The last round of a proposal, or null.</summary>
    public async Task<ProposalDetails?> Find(string kind, string key, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"{Columns} where kind = @kind and key = @key", new { kind, key }, cancellationToken: cancellation));
        return row?.ToDetails();
    }

    /// <summary>A page of proposals, those that expire first first.</summary>
    public async Task<ProposalPage> List(
        ProposalStatus status, string? kind, string? by, Cursor after, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        // Open proposals have a partial index, which the planner does not use with a parameter.
        var wanted = status == ProposalStatus.Open ? "status = 'Open'" : "status = @status";
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            $"""
            {Columns} where {wanted} and (@kind::text is null or kind = @kind)
              and (@by::text is null or lower(proposed_by) = lower(@by))
              and (expires_at, kind, key) > (@at, @afterKind, @afterKey)
            order by expires_at, kind, key limit {PageSize + 1}
            """,
            new { status = status.ToString(), kind, by, at = after.At, afterKind = after.Kind, afterKey = after.Key },
            cancellationToken: cancellation))).AsList();
        return rows.Count > PageSize
            ? new([.. rows.Take(PageSize).Select(row => row.ToDetails())], rows[PageSize - 1].ToCursor())
            : new([.. rows.Select(row => row.ToDetails())], null);
    }

    /// <summary>A proposal that has just been made.</summary>
    public static ProposalDetails DetailsOf(Proposal proposal)
    {
        var made = proposal.Made!;
        return new(
            made.Kind, made.Key, made.Round, proposal.Status, made.Request, made.Changes, made.Amount, made.Account,
            made.Reason, made.By, made.At, made.ExpiresAt, made.Digest, null, null, null, null);
    }

    /// <summary>Where a page begins: after this one.</summary>
    internal sealed record Cursor(DateTime At, string Kind, string Key)
    {
        public static Cursor? Read(string? text)
        {
            if (text is null)
                return new(DateTime.UnixEpoch, "", "");
            return text.Split('/', 3) is [var micros, var kind, var key]
                && long.TryParse(micros, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count <= (DateTime.MaxValue - DateTime.UnixEpoch).Ticks / 10
                    ? new(DateTime.UnixEpoch.AddTicks(count * 10), kind, key)
                    : null;
        }
    }

    private sealed record Row(
        string Kind, string Key, int Round, string Status, string Request, string Changes, long? Fen, string? Account,
        string? Reason, string ProposedBy, DateTime ProposedAt, DateTime ExpiresAt, string Digest, string? DecidedBy,
        DateTime? DecidedAt, string? DecisionReason, string? Failure)
    {
        public string ToCursor() => string.Create(
            CultureInfo.InvariantCulture, $"{(ExpiresAt - DateTime.UnixEpoch).Ticks / 10}/{Kind}/{Key}");

        public ProposalDetails ToDetails() => new(
            Kind, Key, Round, Enum.Parse<ProposalStatus>(Status), JsonElement.Parse(Request),
            JsonSerializer.Deserialize<IReadOnlyList<ProposedChange>>(Changes, Wire.Stored)!,
            Fen is { } fen ? new Money(fen) : null, Account is { } account ? AccountNo.Wrap(account) : null, Reason,
            ProposedBy, new(ProposedAt, TimeSpan.Zero), new(ExpiresAt, TimeSpan.Zero), Digest, DecidedBy,
            DecidedAt is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : null, DecisionReason, Failure);
    }
}

internal static class ProposalListEndpoints
{
    public static void MapProposals(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/approvals", List).WithName("Approvals").RequireRight(Right.ReadApprovals)
            .WithSummary("Lists proposals by status, those that expire first first, page by page.")
            .Refuses(ProposalList.CursorInvalid);
        routes.MapGet("/approvals/{kind}/{key}", One).WithName("Approval").RequireRight(Right.ReadApprovals)
            .WithSummary("Returns a proposal with what it would change.")
            .Refuses(Deciding.Unknown);
    }

    /// <param name="status">The status; open ones by default.</param>
    /// <param name="kind">Only one kind.</param>
    /// <param name="mine">Only those that the caller proposed.</param>
    /// <param name="after">The <c>next</c> of the page before.</param>
    private static async Task<Results<Ok<ProposalPage>, ProblemHttpResult>> List(
        ProposalList proposals, CancellationToken cancellation, ProposalStatus status = ProposalStatus.Open,
        string? kind = null, bool mine = false, string? after = null) =>
        ProposalList.Cursor.Read(after) is { } cursor
            ? TypedResults.Ok(await proposals.List(
                status, kind, mine ? Actor.Current.By : null, cursor, cancellation))
            : ProposalList.CursorInvalid.ToProblem();

    private static async Task<Results<Ok<ProposalDetails>, ProblemHttpResult>> One(
        string kind, string key, ProposalList proposals, CancellationToken cancellation) =>
        await proposals.Find(kind, key, cancellation) is { } found
            ? TypedResults.Ok(found)
            : Deciding.Unknown.ToProblem();
}
