using System.Collections.Concurrent;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Billing.Payments;

/// <summary>The files of partners, compared with the recorded payments at each query.</summary>
public sealed class PartnerDays(NpgsqlDataSource source, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private const string Told = """
        select d.lines @> @payment::jsonb and not exists (
          select 1 from partner_day r
          where r.partner = @partner and r.bank_date >= @day and r.reversals @> @reversal::jsonb)
        from partner_day d where d.partner = @partner and d.bank_date = @day
        """;

    private readonly ConcurrentDictionary<PartnerCode, (DateOnly Day, long At)> _open = new();

    /// <summary>Whether the partner's file of a day was taken.</summary>
    public async Task<bool> IsClosed(PartnerCode partner, DateOnly bankDate, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "select exists (select 1 from partner_day where partner = $1 and bank_date = $2)");
        command.Parameters.Add(new() { Value = partner.Value });
        command.Parameters.Add(new() { Value = bankDate });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Whether as many payments of a partner's day were blocked before they came.</summary>
    public async Task<bool> BlockedOf(PaymentKey key, int most, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("""
            select count(*) >= $3 from (
              select from payment where bank_date = $2 and partner = $1 and status = 'Blocked' limit $3) blocked
            """);
        command.Parameters.Add(new() { Value = key.Partner.Value });
        command.Parameters.Add(new() { Value = key.BankDate });
        command.Parameters.Add(new() { Value = most });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>
    /// Whether the partner's file of a payment's day reports exactly this payment, and no file reverses it; null while
    /// the file of the day was not taken. This is asked for every payment, so the absence of a file for the current day
    /// is cached briefly; an instance learns of a file taken through another one within <see cref="Fresh"/>.
    /// </summary>
    public async ValueTask<bool?> Tells(
        PaymentKey key, AccountNo account, Money amount, CancellationToken cancellation)
    {
        if (_open.TryGetValue(key.Partner, out var open) && open.Day == key.BankDate
            && clock.GetElapsedTime(open.At) < Fresh)
            return null;
        var asked = clock.GetTimestamp();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var told = await connection.ExecuteScalarAsync<bool?>(new CommandDefinition(Told, new
        {
            partner = key.Partner.Value,
            day = key.BankDate.ToDateTime(default),
            payment = Line(BankLineType.Pay),
            reversal = Line(BankLineType.Reversal),
        }, cancellationToken: cancellation));
        if (told is null)
            _open[key.Partner] = (key.BankDate, asked);
        return told;

        string Line(BankLineType type) =>
            JsonSerializer.Serialize(new[] { new { key.Serial, account, amount, type } }, Wire.Stored);
    }

    /// <summary>Forgets the cached absence of a file: the day has one now.</summary>
    public void Close(PartnerCode partner) => _open.TryRemove(partner, out _);

    /// <summary>The comparison of a day, or null while there is no file.</summary>
    public async Task<ReconciledDay?> Read(PartnerCode partner, DateOnly bankDate, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var books = new PartnerBooks(connection, partner, bankDate, cancellation);
        if (await books.Hash() is not { } hash)
            return null;
        var (filed, held) = await books.Read();
        var compared = Reconciliation.Compare(bankDate, filed, held);
        var classes = compared.CountBy(line => line.Class)
            .OrderBy(entry => entry.Key)
            .ToDictionary(entry => entry.Key, entry => entry.Value);
        return new(
            partner, bankDate, hash, Side(Bank(BankLineType.Pay), Bank(BankLineType.Reversal)),
            Side(
                Ours(payment => payment.BankDate == bankDate && payment.Status != PaymentStatus.Blocked),
                Ours(payment => payment.ReversedOn == bankDate)),
            classes, [.. compared.Where(line => line.Class != LineClass.Match)]);

        ReconciledTotal Bank(BankLineType type) => Total(filed
            .Where(told => told.File == bankDate && told.Line.Type == type).Select(told => told.Line.Amount));

        ReconciledTotal Ours(Func<HeldPayment, bool> counts) =>
            Total(held.Where(counts).Select(payment => payment.Amount));
    }

    private static ReconciledSide Side(ReconciledTotal payments, ReconciledTotal reversals) =>
        new(payments.Count - reversals.Count, payments.Amount - reversals.Amount, payments, reversals);

    private static ReconciledTotal Total(IEnumerable<Money> amounts)
    {
        var all = amounts.ToList();
        return new(all.Count, Money.Sum(all));
    }
}
