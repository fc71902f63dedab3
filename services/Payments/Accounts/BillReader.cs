using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Npgsql;
using NpgsqlTypes;

namespace Billing.Payments;

/// <summary>
/// Reads bills. Bill queries are the most frequent request, so concurrent ones share one round trip, and the single
/// statement sees one snapshot of the database.
/// </summary>
public sealed class BillReader : BackgroundService
{
    private const int BatchSize = 256;

    // Written so that every account is looked up by index: the planner does not know how few there are, and for a join
    // it would scan whole tables.
    private const string Sql = """
        select account_no, coalesce(name, ''), coalesce(advance, 0), c.*
        from (
          select account_no,
            (select masked_name from account a where a.account_no = k.account_no) as name,
            (select advance_fen from account_balance b where b.account_no = k.account_no) as advance
          from unnest($1) k(account_no)) k
        left join lateral (
          select invoice_no, utility, period, issued_on, due_on, amount_fen, open_fen
          from open_charge where account_no = k.account_no and open_fen > 0 offset 0) c on true
        where name is not null or advance is not null
        """;

    private readonly NpgsqlDataSource _source;
    private readonly Batches<Request> _batches;

    public BillReader(NpgsqlDataSource source)
    {
        _source = source;
        _batches = new(BatchSize, Answer, request => request.Answer.TrySetCanceled());
    }

    /// <summary>The bill of an account, or null when the account is unknown.</summary>
    public async Task<OpenBill?> Read(AccountNo account, CancellationToken cancellation)
    {
        var request = new Request(account);
        await _batches.Add(request, cancellation);
        return await request.Answer.Task.WaitAsync(cancellation);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _batches.Run(stoppingToken);

    private async Task Answer(IReadOnlyList<Request> batch)
    {
        // A fault becomes the answer of all requests of the batch; the loop itself goes on.
        var reading = Read([.. batch.Select(request => request.Account.Value).Distinct()]);
        await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var request in batch)
        {
            if (reading.Exception is { } fault)
                request.Answer.TrySetException(fault.InnerExceptions);
            else
                request.Answer.TrySetResult((await reading).GetValueOrDefault(request.Account.Value));
        }
    }

    private async Task<Dictionary<string, OpenBill>> Read(string[] accounts)
    {
        var rows = new Dictionary<string, (string Name, Money Advance, List<OpenInvoice> Open)>(StringComparer.Ordinal);
        await using var connection = await _source.OpenConnectionAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]>
        {
            TypedValue = accounts, NpgsqlDbType = NpgsqlDbType.Text | NpgsqlDbType.Array,
        });
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
        {
            var account = reader.GetString(0);
            if (!rows.TryGetValue(account, out var row))
                rows.Add(account, row = (reader.GetString(1), new(reader.GetInt64(2)), []));
            if (!reader.IsDBNull(3))
                row.Open.Add(InvoiceOf(reader));
        }
        return rows.ToDictionary(
            row => row.Key,
            row => BillOf(AccountNo.Wrap(row.Key), row.Value.Name, row.Value.Advance, row.Value.Open),
            StringComparer.Ordinal);
    }

    private static OpenBill BillOf(AccountNo account, string name, Money advance, List<OpenInvoice> invoices)
    {
        invoices.Sort((left, right) => left.DueOn != right.DueOn
            ? left.DueOn.CompareTo(right.DueOn)
            : string.CompareOrdinal(left.Invoice.Value, right.Invoice.Value));
        return new(account, name, Money.Sum(invoices.Select(invoice => invoice.Open)), advance, invoices);
    }

    private static OpenInvoice InvoiceOf(NpgsqlDataReader row) => new(
        InvoiceNo.Wrap(row.GetString(3)), Enum.Parse<Utility>(row.GetString(4)), BillingPeriod.Wrap(row.GetString(5)),
        row.GetFieldValue<DateOnly>(6), row.GetFieldValue<DateOnly>(7), new(row.GetInt64(8)), new(row.GetInt64(9)));

    private sealed record Request(AccountNo Account)
    {
        public TaskCompletionSource<OpenBill?> Answer { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
