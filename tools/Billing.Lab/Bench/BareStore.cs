using System.Diagnostics;
using System.Threading.Channels;
using Billing.Platform;
using Npgsql;
using NpgsqlTypes;

namespace Billing.Tools;

/// <summary>
/// The second limit of <c>store</c>: the same commands for the same callers with only the SQL statement, one
/// <c>NpgsqlBatch</c> for up to 256 of them, and versions known to the callers.
/// </summary>
internal sealed class BareStore(NpgsqlDataSource source)
{
    public const string Name = "the bare statement on NpgsqlBatch";
    private const int Writers = 2, Batch = 256;

    private const string Append = $"""
        with input as materialized (
          select * from unnest($1::text[], $2::text[], $3::bigint[], $4::int[])
            as i(stream_id, category, expected, events)),
        advanced as (
          update {EventTables.Streams} s set version = i.expected + i.events, timestamp = now()
          from input i where s.id = i.stream_id and i.expected > 0 and s.version = i.expected returning s.id),
        created as (
          insert into {EventTables.Streams} (id, type, version)
          select stream_id, category, events from input where expected = 0
          on conflict (id) do nothing returning id),
        ok as materialized (select id from advanced union all select id from created),
        appended as (
          insert into {EventTables.Events} (seq_id, stream_id, version, id, type, mt_dotnet_type, data, correlation_id,
            causation_id, headers, timestamp)
          select nextval('{EventTables.Sequence}'), e.*
          from unnest($5::text[], $6::bigint[], $7::uuid[], $8::text[], $9::text[], $10::jsonb[], $11::text[],
            $12::text[], $13::jsonb[], $14::timestamptz[]) e)
        select refuse_conflicts((
          select array_agg(stream_id) from input where stream_id not in (select id from ok)))
        where (select count(*) from ok) < (select count(*) from input)
        """;

    private static readonly string Taken = StoredAsAttribute.NameOf(typeof(MoneyTaken));

    private readonly Channel<Command> _queue = Channel.CreateBounded<Command>(Batch * 16);
    private readonly long[] _versions = new long[StoreBench.Accounts];
    private readonly SemaphoreSlim[] _gates =
        [.. Enumerable.Range(0, StoreBench.Accounts).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Commands per second.</summary>
    public async Task<double> Measure(string mark, TimeSpan length)
    {
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(Write)));
        var watch = Stopwatch.StartNew();
        var done = await Task.WhenAll(Enumerable.Range(0, StoreBench.Callers).Select(caller => Task.Run(async () =>
        {
            var i = 0;
            for (; watch.Elapsed < length; i++)
            {
                var account = StoreBench.AccountOf(caller, i);
                await _gates[account].WaitAsync();
                var command = new Command(account, _versions[account], $"bare-{mark}-{caller}-{i}");
                await _queue.Writer.WriteAsync(command);
                await command.Done.Task;
                _versions[account]++;
                _gates[account].Release();
            }
            return i;
        })));
        var rate = done.Sum() / watch.Elapsed.TotalSeconds;
        _queue.Writer.TryComplete();
        await writing;
        return rate;
    }

    private async Task Write()
    {
        var commands = new List<Command>(Batch);
        while (await _queue.Reader.WaitToReadAsync())
        {
            commands.Clear();
            while (commands.Count < Batch && _queue.Reader.TryRead(out var command))
                commands.Add(command);
            commands.Sort((one, other) => string.CompareOrdinal(one.Stream, other.Stream));
            await using var connection = await source.OpenConnectionAsync();
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new("""
                        select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
                          set_config('plan_cache_mode', 'force_generic_plan', true)
                        """),
                    Statement(
                        Append, Texts(commands, c => c.Stream), Texts(commands, _ => "till"),
                        Numbers(commands, c => c.Version), Of(commands, _ => 1), Texts(commands, c => c.Stream),
                        Numbers(commands, c => c.Version + 1), Of(commands, c => c.Id),
                        Texts(commands, _ => Taken),
                        Texts(commands, _ => "Billing.Tools.MoneyTaken, Billing.Lab"),
                        Json(commands, c =>
                            $$"""{"slip":"{{c.Slip}}","fen":100,"channel":"Bank","on":"2026-11-21"}"""),
                        Texts(commands, _ => null!), Texts(commands, _ => null!),
                        Json(commands, _ => """{"by":"system","from":"bench","trace":null}"""),
                        Of(commands, c => c.At)),
                    Statement("""
                        insert into till (till, fen, version)
                        select * from unnest($1::text[], $2::bigint[], $2::bigint[])
                        on conflict (till) do update set fen = excluded.fen, version = excluded.version
                        """, Texts(commands, c => c.Stream), Numbers(commands, c => c.Version + 1)),
                    Statement(
                        "insert into slip (slip, till, fen) select *, 100 from unnest($1::text[], $2::text[])",
                        Texts(commands, c => c.Slip), Texts(commands, c => c.Stream)),
                },
            };
            try
            {
                await batch.ExecuteNonQueryAsync();
                commands.ForEach(command => command.Done.SetResult());
            }
            catch (NpgsqlException e)
            {
                commands.ForEach(command => command.Done.SetException(e));
                throw;
            }
        }
    }

    private static NpgsqlBatchCommand Statement(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlParameter Texts(List<Command> commands, Func<Command, string> value) =>
        new NpgsqlParameter<string[]> { TypedValue = [.. commands.Select(value)] };

    private static NpgsqlParameter Of<T>(List<Command> commands, Func<Command, T> value) =>
        new NpgsqlParameter<T[]> { TypedValue = [.. commands.Select(value)] };

    private static NpgsqlParameter Numbers(List<Command> commands, Func<Command, long> value) =>
        new NpgsqlParameter<long[]> { TypedValue = [.. commands.Select(value)] };

    private static NpgsqlParameter Json(List<Command> commands, Func<Command, string> value) =>
        new NpgsqlParameter<string[]>
        {
            TypedValue = [.. commands.Select(value)], NpgsqlDbType = NpgsqlDbType.Jsonb | NpgsqlDbType.Array,
        };

    private sealed record Command(int Account, long Version, string Slip)
    {
        public string Stream { get; } = $"bare-{Account}";

        public Guid Id { get; } = Ids.Next();

        public DateTimeOffset At { get; } = TimeProvider.System.GetUtcNow();

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
