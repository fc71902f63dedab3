using System.Collections.Immutable;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Decides about many readings in one transaction: the accounts' streams are locked, their facts are read in one round
/// trip, and events and rows are written by COPY. A batch that is repeated finds its own readings and changes nothing.
/// </summary>
public sealed class ReadingBatch(EventStore store, IOptions<ReadingLimits> limits)
{
    private const string BooksSql = """
        select a.account_no, a.opened_on, a.meters, (
          select max(i.period) from invoice i where i.account_no = a.account_no and i.utility = 'Electricity'), a.class
        from account_supply a where a.account_no = any($1) and a.electricity_plan is not null
        """;

    // A meter that replaced another is compared with the consumption of the other.
    private const string PastSql = """
        select r.account_no, r.meter_no, r.read_on, r.kind, r.total, r.peak, r.valley, r.period, r.from_on, r.kwh,
          r.withdrawn
        from (
          select account_no, meter_no from unnest($1::text[], $2::text[]) as l(account_no, meter_no)
          union
          select a.account_no, m ->> 'meterNo' from account_supply a, jsonb_array_elements(a.meters) m
          where a.account_no = any($1) and m ->> 'to' is not null) m
        cross join lateral (
          select * from reading r where r.account_no = m.account_no and r.meter_no = m.meter_no and not r.withdrawn
          order by r.read_on desc limit $4) r
        union
        select r.account_no, r.meter_no, r.read_on, r.kind, r.total, r.peak, r.valley, r.period, r.from_on, r.kwh,
          r.withdrawn
        from unnest($1::text[], $2::text[], $3::date[]) as l(account_no, meter_no, read_on)
        join reading r using (account_no, meter_no, read_on)
        order by 1, 2, 3 desc
        """;

    /// <summary>Decides in the given order; the decisions are in that order, too.</summary>
    public Task<Decision<AccountEvent>[]> Execute(
        IReadOnlyList<AcceptReading> commands, CancellationToken cancellation) =>
        store.Bulk(
            commands.Select(command => Account.Stream(command.Account).Id),
            async session =>
            {
                var books = await Load(session.Connection, commands, cancellation);
                var decisions = new Decision<AccountEvent>[commands.Count];
                for (var i = 0; i < decisions.Length; i++)
                {
                    var command = commands[i];
                    var book = books.GetValueOrDefault(command.Account, MeterBook.Streams.Fold([]));
                    decisions[i] = command.Decide(book);
                    if (decisions[i].Events.Count == 0)
                        continue;
                    books[command.Account] = decisions[i].Events.Aggregate(book, MeterBook.Evolve);
                    session.Append(Account.Stream(command.Account), AsAccount(book), decisions[i].Events);
                }
                return decisions;
            },
            cancellation);

    /// <summary>The part of the account's state from which the rows of a reading follow.</summary>
    private static Account AsAccount(MeterBook book) => Account.Streams.Fold([]) with
    {
        Withdrawn = book is MeterBook.Open open ? open.Withdrawn : [],
    };

    /// <summary>The months whose electricity is being posted; read after passing the posting gate.</summary>
    internal static async Task<IReadOnlySet<BillingPeriod>> BeingPosted(NpgsqlConnection connection)
    {
        var periods = await connection.QueryAsync<string>(
            "select period from run where state = 'posting' and utility = 'Electricity'");
        return periods.Select(period => BillingPeriod.Parse(period)).ToHashSet();
    }

    private async Task<Dictionary<AccountNo, MeterBook>> Load(
        NpgsqlConnection connection, IReadOnlyList<AcceptReading> commands, CancellationToken cancellation)
    {
        await PostingGate.Share(connection, cancellation);
        var beingPosted = await BeingPosted(connection);

        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(BooksSql)
        {
            Parameters = { Texts(commands.Select(command => command.Account.Value).Distinct()) },
        });
        batch.BatchCommands.Add(new(PastSql)
        {
            Parameters =
            {
                Texts(commands.Select(command => command.Account.Value)),
                Texts(commands.Select(command => command.Meter.Value)),
                new NpgsqlParameter<DateOnly[]> { TypedValue = [.. commands.Select(command => command.ReadOn)] },
                new NpgsqlParameter<int> { TypedValue = MeterBook.Remembered + 1 },
            },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var books = new Dictionary<AccountNo, MeterBook>();
        while (await reader.ReadAsync(cancellation))
        {
            books[AccountNo.Wrap(reader.GetString(0))] = new MeterBook.Open(
                reader.GetFieldValue<DateOnly>(1),
                Enum.Parse<CustomerClass>(reader.GetString(4)),
                JsonSerializer.Deserialize<MeterStay[]>(reader.GetFieldValue<byte[]>(2), Wire.Stored)!,
                reader.IsDBNull(3) ? null : BillingPeriod.Wrap(reader.GetString(3)),
                beingPosted,
                ImmutableDictionary<MeterNo, ImmutableList<PastReading>>.Empty,
                limits.Value);
        }
        await reader.NextResultAsync(cancellation);
        await AddPast(reader, books, cancellation);
        return books;
    }

    private static async Task AddPast(
        NpgsqlDataReader reader, Dictionary<AccountNo, MeterBook> books, CancellationToken cancellation)
    {
        var (account, meter, past) = ("", "", ImmutableList.CreateBuilder<PastReading>());
        while (await reader.ReadAsync(cancellation))
        {
            var (rowAccount, rowMeter) = (reader.GetString(0), reader.GetString(1));
            if (rowAccount != account || rowMeter != meter)
            {
                Keep();
                (account, meter) = (rowAccount, rowMeter);
            }
            if (reader.GetBoolean(10))
            {
                Mark(new(MeterNo.Wrap(meter), reader.GetFieldValue<DateOnly>(2)));
                continue;
            }
            past.Add(new(
                reader.GetFieldValue<DateOnly>(2), Enum.Parse<ReadingKind>(reader.GetString(3)), reader.GetDecimal(4),
                reader.IsDBNull(5) ? null : reader.GetDecimal(5), reader.IsDBNull(6) ? null : reader.GetDecimal(6),
                BillingPeriod.Wrap(reader.GetString(7)),
                reader.IsDBNull(8) ? null : reader.GetFieldValue<DateOnly>(8),
                reader.IsDBNull(9) ? null : reader.GetInt64(9)));
        }
        Keep();

        void Mark(ReadingName withdrawn)
        {
            if (books.GetValueOrDefault(AccountNo.Wrap(account)) is MeterBook.Open open)
                books[AccountNo.Wrap(account)] = open with { Withdrawn = open.Withdrawn.Add(withdrawn) };
        }

        void Keep()
        {
            if (past.Count > 0 && books.GetValueOrDefault(AccountNo.Wrap(account)) is MeterBook.Open open)
            {
                books[AccountNo.Wrap(account)] = open with
                {
                    Past = open.Past.SetItem(MeterNo.Wrap(meter), past.ToImmutable()),
                };
            }
            past.Clear();
        }
    }

    private static NpgsqlParameter<string[]> Texts(IEnumerable<string> texts) => new() { TypedValue = [.. texts] };
}
