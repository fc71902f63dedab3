using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using JasperFx.Events;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;

namespace Billing.Customers;

/// <summary>
/// The timeline of an account, oldest first. Facts of other services are rows written once per event id; the account's
/// own events are read from its stream.
/// </summary>
public static class AccountTimeline
{
    private const int LargestPage = 500;

    /// <summary>What is sealed is of use to nobody on a timeline.</summary>
    private static readonly JsonSerializerOptions WithoutSealed = new(Wire.Stored)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver
        {
            Modifiers =
            {
                type =>
                {
                    foreach (var member in type.Properties.Where(member => member.PropertyType == typeof(Sealed)))
                        member.ShouldSerialize = (_, _) => false;
                },
            },
        },
    };

    public static readonly Rejection CursorInvalid = Rejection.Invalid(
        "timeline-cursor-invalid", "'after' is the 'next' of the page before.") with { Status = 400 };

    public static void MapAccountTimeline(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/accounts/{account}/timeline", Get)
            .WithName("AccountTimeline").RequireRight(Right.ReadAccounts)
            .WithSummary("Returns the timeline of an account, oldest first.")
            .Refuses(AccountList.LimitInvalid, CursorInvalid, ChangeElectricity.AccountUnknown);

    /// <summary>
    /// Writes the facts of one message in one statement. A fact that is already stored is left unchanged.
    /// </summary>
    internal static async Task<int> Write<TFact>(
        NpgsqlConnection connection, IReadOnlyList<TFact> items, CancellationToken cancellation)
        where TFact : class
    {
        // In the order of the key, so that two packs of the same facts wait for each other instead of deadlocking.
        var facts = items.Select(AccountFact<TFact>.Read).OrderBy(f => f.Account).ThenBy(f => f.Origin.EventId)
            .ToList();
        await using var insert = new NpgsqlCommand("""
            insert into account_timeline (account_no, event_id, at, source, kind, amount_fen, detail)
            select account_no, event_id, at, $1, $2, amount_fen, detail
            from unnest($3::text[], $4::uuid[], $5::timestamptz[], $6::bigint[], $7::jsonb[])
              as f(account_no, event_id, at, amount_fen, detail)
            on conflict do nothing
            """, connection);
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = AccountFact<TFact>.Source });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = AccountFact<TFact>.Kind });
        Add(NpgsqlDbType.Text, f => f.Account.Value);
        Add(NpgsqlDbType.Uuid, f => f.Origin.EventId);
        Add(NpgsqlDbType.TimestampTz, f => f.Origin.RecordedAt.ToUniversalTime());
        Add(NpgsqlDbType.Bigint, f => f.Amount?.Fen);
        Add(NpgsqlDbType.Jsonb, f => f.Detail);
        await insert.ExecuteNonQueryAsync(cancellation);
        return facts.Count;

        void Add<T>(NpgsqlDbType type, Func<AccountFact, T> value) => insert.Parameters.Add(new NpgsqlParameter<T[]>
        {
            TypedValue = [.. facts.Select(value)],
            NpgsqlDbType = type | NpgsqlDbType.Array,
        });
    }

    private static async Task<Results<Ok<TimelinePage>, ProblemHttpResult>> Get(
        AccountNo account, NpgsqlDataSource source, IQuerySession session, CancellationToken cancellation,
        string? after = null, int limit = 100)
    {
        if (limit is < 1 or > LargestPage)
            return AccountList.LimitInvalid.ToProblem();
        if (!TryRead(after, out var at, out var eventId))
            return CursorInvalid.ToProblem();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var heard = await connection.QueryAsync<Row>(new CommandDefinition("""
            select event_id "EventId", at, source, kind, amount_fen "AmountFen", detail::text
            from account_timeline where account_no = @account and (at, event_id) > (@at, @eventId)
            order by at, event_id limit @limit
            """,
            new { account = account.Value, at, eventId, limit }, cancellationToken: cancellation));
        var own = await session.Events.FetchStreamAsync(Account.Stream(account).Id, token: cancellation);
        var rows = heard.Concat(own.Select(Row.Of)).Where(row => (row.At, row.EventId).CompareTo((at, eventId)) > 0)
            .OrderBy(row => row.At).ThenBy(row => row.EventId).Take(limit).ToList();
        if (rows.Count == 0 && after is null)
            return ChangeElectricity.AccountUnknown.ToProblem();
        var next = rows.Count == limit ? Cursor(rows[^1]) : null;
        return TypedResults.Ok(new TimelinePage([.. rows.Select(row => row.ToEntry())], next));
    }

    /// <summary>The paging cursor: the time in microseconds, PostgreSQL's precision, and the event id.</summary>
    private static string Cursor(Row last) => string.Create(
        CultureInfo.InvariantCulture, $"{(last.At - DateTime.UnixEpoch).Ticks / 10}-{last.EventId:N}");

    private static bool TryRead(string? cursor, out DateTime at, out Guid eventId)
    {
        (at, eventId) = (DateTime.UnixEpoch, Guid.Empty);
        if (cursor is null)
            return true;
        var parts = cursor.Split('-');
        if (parts.Length != 2
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var micros)
            || micros > (DateTime.MaxValue - DateTime.UnixEpoch).Ticks / 10
            || !Guid.TryParseExact(parts[1], "N", out eventId))
            return false;
        at = DateTime.UnixEpoch.AddTicks(micros * 10);
        return true;
    }

    private sealed record Row(Guid EventId, DateTime At, string Source, string Kind, long? AmountFen, string Detail)
    {
        /// <summary>
        /// A row for an event of this service's own stream; its kind is its stored name without the version.
        /// </summary>
        public static Row Of(IEvent e) => new(
            e.Id, e.Timestamp.UtcDateTime, "customer", e.EventTypeName.Split('.')[0], null,
            JsonSerializer.Serialize(e.Data, e.Data.GetType(), WithoutSealed));

        public TimelineEntry ToEntry() => new(
            EventId, new(At, TimeSpan.Zero), Source, Kind, AmountFen, JsonElement.Parse(Detail));
    }
}
