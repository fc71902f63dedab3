using System.Diagnostics;
using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Invoicing;
using Billing.Platform;
using Npgsql;
using NpgsqlTypes;

namespace Billing.Tools;

/// <summary>
/// <c>run</c> and <c>visible</c>: whole monthly runs over the city with all services running, and how soon every
/// invoice is open in Payments and a receivable in Collections.
/// </summary>
internal sealed class RunBench(Services services, ConsoleOutput console)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public async Task<IReadOnlyList<Figure>> Run(IReadOnlyList<string> months, CancellationToken cancellation)
    {
        var (runs, limits, visible, posting, whole) = (
            new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var cpu = new List<Dictionary<string, double>>();
        foreach (var month in months)
        {
            var meter = new CpuMeter();
            var known = Math.Min(await Known("payments"), await Known("collections"));
            var name = $"bench-{month}";
            var watch = Stopwatch.StartNew();
            var issuedOn = DateOnly.ParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture).AddMonths(1);
            await services.Invoicing.Put<string>(
                $"/runs/{name}", new FreezeRunRequest(
                    Utility.Electricity, BillingPeriod.Parse(month), issuedOn, issuedOn.AddDays(14)), cancellation)
                .Accepted(name);
            await Until(name, run => run.State is RunState.Drafted);
            var drafted = watch.Elapsed;
            if ((await Progress(name)).Drafting.Invoices == 0)
                throw new Failure($"Nobody is to be billed for {month}: measure on an instance that begins empty.");
            await services.Invoicing.Agree(invoicing => invoicing.Post<string>(
                $"/runs/{name}/post", cancellation: cancellation), cancellation).Accepted(name);
            await Until(name, run => run.Posting.Invoices > 0);
            var first = watch.Elapsed;
            var seen = Visible(known, watch, cancellation);
            await Until(name, run => run.State is RunState.Posted);
            var total = watch.Elapsed;
            var invoices = (await Progress(name)).Posting.Invoices;
            var all = await seen(invoices);
            cpu.Add(meter.PerUnit(invoices));
            runs.Add(invoices / total.TotalSeconds);
            visible.Add(invoices / (all - first).TotalSeconds);
            whole.Add(invoices / all.TotalSeconds);
            posting.Add(invoices / (total - drafted).TotalSeconds);
            limits.Add(await CopyLimit(name, cancellation));
            console.Line(string.Create(CultureInfo.InvariantCulture,
                $"{month}: {invoices:N0} invoices, drafted {drafted.TotalSeconds:0.0} s, posted " +
                $"{total.TotalSeconds:0.0} s, visible {all.TotalSeconds:0.0} s; COPY {limits[^1]:N0}/s"));
        }
        return
        [
            Figure.Of("run", "invoices/s", runs, limits, "COPY of the same events and rows, two connections, per s",
                new(CpuMeter.Medians(cpu))
                {
                    ["postingPerSecond"] = Figure.Median(posting),
                    ["invoicingPeakMb"] = ServiceMemory.Megabytes("VmHWM", name => name == "invoicing").Max(),
                }),
            Figure.Of("visible", "invoices/s", visible, runs, "the run's own rate"),
            Figure.Of("whole", "invoices/s", whole, limits, "COPY, as for run; from freezing to the last one visible"),
        ];
    }

    private Task<RunStatus> Progress(string run) => services.Invoicing.Get<RunStatus>($"/runs/{run}");

    private async Task Until(string run, Func<RunStatus, bool> reached)
    {
        while (!reached(await Progress(run)))
            await Task.Delay(Look);
    }

    /// <summary>
    /// Starts watching both consumers; the returned function completes when both have applied the given number of
    /// further invoices.
    /// </summary>
    private static Func<int, Task<TimeSpan>> Visible(long known, Stopwatch watch, CancellationToken cancellation) =>
        async invoices =>
    {
        await using var payments = NpgsqlDataSource.Create(Instance.Postgres("payments"));
        await using var collections = NpgsqlDataSource.Create(Instance.Postgres("collections"));
        while (Math.Min(await Known(payments), await Known(collections)) < known + invoices)
            await Task.Delay(Look, cancellation);
        return watch.Elapsed;
    };

    private static async Task<long> Known(string service)
    {
        await using var source = NpgsqlDataSource.Create(Instance.Postgres(service));
        return await Known(source);
    }

    private static async Task<long> Known(NpgsqlDataSource source)
    {
        await using var sum = source.CreateCommand(
            "select coalesce(sum(items), 0)::bigint from inbox where consumer = 'OnInvoicesIssued'");
        return (long)(await sum.ExecuteScalarAsync())!;
    }

    /// <summary>
    /// The limit: the rows of the run by bare COPY over two connections into tables of the same shape.
    /// </summary>
    private static async Task<double> CopyLimit(string run, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(Instance.OwnerPostgres("invoicing"));
        foreach (var sql in new[]
        {
            "drop table if exists limit_events, limit_invoices",
            $"create table limit_events (like {EventTables.Events} including all)",
            $"alter table limit_events add foreign key (stream_id) references {EventTables.Streams} (id) "
                + "on delete cascade",
            "create table limit_invoices (like invoice including all)",
        })
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(cancellation);
        }
        var issued = StoredEvents.Sql(typeof(InvoiceIssued));
        var events = await Read(
            source, $"select e.* from {issued} e where data ->> 'run' = '{run}'", cancellation);
        var rows = await Read(source, $"""
            select i.* from invoice i join {issued} e on e.stream_id = 'account-' || i.account_no
              and e.data ->> 'run' = '{run}' and e.data ->> 'invoice' = i.invoice_no
            """, cancellation);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(half => Task.Run(async () =>
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await Write(connection, "limit_events", events, half, cancellation);
            await Write(connection, "limit_invoices", rows, half, cancellation);
        }, cancellation)));
        var rate = events.Rows.Count / watch.Elapsed.TotalSeconds;
        await using var drop = source.CreateCommand("drop table limit_events, limit_invoices");
        await drop.ExecuteNonQueryAsync(cancellation);
        return rate;
    }

    private sealed record Copied(IReadOnlyList<string> Columns, IReadOnlyList<string> Types, List<object[]> Rows);

    private static async Task<Copied> Read(NpgsqlDataSource source, string sql, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var columns = Enumerable.Range(0, reader.FieldCount).ToList();
        var copied = new Copied([.. columns.Select(reader.GetName)], [.. columns.Select(reader.GetDataTypeName)], []);
        while (await reader.ReadAsync(cancellation))
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            copied.Rows.Add(row);
        }
        return copied;
    }

    private static async Task Write(
        NpgsqlConnection connection, string table, Copied copied, int half, CancellationToken cancellation)
    {
        var types = copied.Types.Select(TypeOf).ToArray();
        await using var writer = await connection.BeginBinaryImportAsync(
            $"copy {table} ({string.Join(", ", copied.Columns)}) from stdin (format binary)", cancellation);
        for (var i = half; i < copied.Rows.Count; i += 2)
        {
            await writer.StartRowAsync(cancellation);
            for (var column = 0; column < types.Length; column++)
            {
                if (copied.Rows[i][column] is DBNull)
                    await writer.WriteNullAsync(cancellation);
                else
                    await writer.WriteAsync(copied.Rows[i][column], types[column], cancellation);
            }
        }
        await writer.CompleteAsync(cancellation);
    }

    private static NpgsqlDbType TypeOf(string name) => name.Split('(')[0] switch
    {
        "bigint" => NpgsqlDbType.Bigint,
        "integer" => NpgsqlDbType.Integer,
        "uuid" => NpgsqlDbType.Uuid,
        "jsonb" => NpgsqlDbType.Jsonb,
        "date" => NpgsqlDbType.Date,
        "boolean" => NpgsqlDbType.Boolean,
        "bytea" => NpgsqlDbType.Bytea,
        "timestamp with time zone" => NpgsqlDbType.TimestampTz,
        _ => NpgsqlDbType.Text,
    };
}
