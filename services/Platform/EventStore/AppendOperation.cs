using System.Data.Common;
using System.Text.RegularExpressions;
using JasperFx.Events;
using Marten.Internal.Operations;
using NpgsqlTypes;
using Weasel.Core;
using Weasel.Storage;
using ICommandBuilder = Weasel.Postgresql.ICommandBuilder;
using IStorageOperation = Marten.Internal.Operations.IStorageOperation;

namespace Billing.Platform;

/// <summary>This system's own statements as one operation of a Marten session.</summary>
internal abstract class Operation(IReadOnlyList<Action<ICommandBuilder>> statements)
    : IStorageOperation
{
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role() => OperationRole.Other;

    public void ConfigureCommand(ICommandBuilder builder, IStorageSession session)
    {
        // The session has already begun the first statement.
        for (var i = 0; i < statements.Count; i++)
        {
            if (i > 0)
                builder.StartNewCommand();
            statements[i](builder);
        }
    }

    public virtual Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) =>
        Task.CompletedTask;
}

/// <summary>Statements without results, run together with the other operations of a session.</summary>
internal sealed class Statements(IReadOnlyList<Action<ICommandBuilder>> statements)
    : Operation(statements), NoDataReturnedCall;

/// <summary>
/// Appends the events of many decisions: one statement over arrays for streams and events, and one for each table with
/// rows. Either all streams were at the expected version, or the database names those that were not and nothing is
/// written. It is the only operation of its session and includes the commit: a separate commit would cost another round
/// trip.
/// </summary>
internal sealed class AppendOperation(IReadOnlyList<PendingAppend> appends) : Operation(Of(appends))
{
    /// <summary>The error code with which <c>refuse_conflicts</c> aborts a batch.</summary>
    public const string Moved = "BL409";

    /// <summary>
    /// Forces plans by key: a plan made from the statistics of an empty table would later scan the whole table for
    /// every batch. The statements are planned once.
    /// </summary>
    internal const string PlanByKeys = """
        select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
          set_config('enable_mergejoin', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)
        """;

    /// <summary>
    /// Limits the wait for locks, so that a stream locked for longer, for example by a run, does not delay the others
    /// of the batch.
    /// </summary>
    private const string SoonOrApart = ", set_config('lock_timeout', '200ms', true)";

    // Rows are locked in the order in which the streams are given. The event numbers are assigned after that, and only
    // when no stream has moved on: a data-modifying part of the statement whose result is not read runs last.
    private const string Advance = """
        with input as materialized (
          select * from unnest({0}::text[], {1}::text[], {2}::bigint[], {3}::int[])
            as i(stream_id, category, expected, events)),
        advanced as (
          update mt_streams s set version = i.expected + i.events, timestamp = now()
          from input i where s.id = i.stream_id and i.expected > 0 and s.version = i.expected returning s.id),
        created as (
          insert into mt_streams (id, type, version)
          select stream_id, category, events from input where expected = 0
          on conflict (id) do nothing returning id),
        ok as materialized (select id from advanced union all select id from created),
        appended as (
          insert into mt_events (seq_id, stream_id, version, id, type, mt_dotnet_type, data, correlation_id,
            causation_id, headers, timestamp)
          select nextval('mt_events_sequence'), e.*
          from unnest({4}::text[], {5}::bigint[], {6}::uuid[], {7}::text[], {8}::text[], {9}::jsonb[], {10}::text[],
            {11}::text[], {12}::jsonb[], {13}::timestamptz[]) e)
        select refuse_conflicts((
          select array_agg(stream_id) from input where stream_id not in (select id from ok)))
        where (select count(*) from ok) < (select count(*) from input)
        """;

    private static readonly string[] Parts = Regex.Split(Advance, @"\{\d+\}");

    /// <summary>Reads to the end, because the errors of the last statements arrive there.</summary>
    public override async Task PostprocessAsync(
        DbDataReader reader, IList<Exception> exceptions, CancellationToken token)
    {
        while (await reader.NextResultAsync(token))
        {
        }
    }

    private static Action<ICommandBuilder>[] Of(IReadOnlyList<PendingAppend> appends)
    {
        var rows = new Rows();
        foreach (var append in appends)
            rows.Add(append.Rows);
        return
        [
            plan => plan.Append(PlanByKeys + SoonOrApart), append => Append(append, appends), .. rows.Statements(),
            commit => commit.Append("commit"),
        ];
    }

    private static void Append(ICommandBuilder statement, IEnumerable<PendingAppend> unordered)
    {
        var appends = unordered.OrderBy(append => append.Stream, StringComparer.Ordinal).ToList();
        var events = appends.SelectMany(
            append => append.Events.Select((e, i) => (append, e, Version: append.Expected + i + 1)))
            .ToList();
        var part = 0;
        statement.Append(Parts[part++]);
        Add(NpgsqlDbType.Text, appends, append => append.Stream);
        Add(NpgsqlDbType.Text, appends, append => append.Category);
        Add(NpgsqlDbType.Bigint, appends, append => append.Expected);
        Add(NpgsqlDbType.Integer, appends, append => append.Events.Count);
        Add(NpgsqlDbType.Text, events, e => e.append.Stream);
        Add(NpgsqlDbType.Bigint, events, e => e.Version);
        Add(NpgsqlDbType.Uuid, events, e => e.e.Id);
        Add(NpgsqlDbType.Text, events, e => e.e.Type);
        Add(NpgsqlDbType.Text, events, e => e.e.DotnetType);
        Add(NpgsqlDbType.Jsonb, events, e => e.e.Data);
        Add(NpgsqlDbType.Text, events, e => e.e.Metadata.Correlation);
        Add(NpgsqlDbType.Text, events, e => e.e.Metadata.Causation);
        Add(NpgsqlDbType.Jsonb, events, e => e.e.Metadata.Headers);
        Add(NpgsqlDbType.TimestampTz, events, e => e.append.At);

        void Add<TItem, T>(NpgsqlDbType type, IReadOnlyList<TItem> items, Func<TItem, T> value)
        {
            var values = new T[items.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = value(items[i]);
            statement.AppendParameter(values, type | NpgsqlDbType.Array);
            statement.Append(Parts[part++]);
        }
    }
}
