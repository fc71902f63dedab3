using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Npgsql;

namespace Billing.Payments;

/// <summary>A partner's day compared with ours.</summary>
/// <param name="Partner">The partner.</param>
/// <param name="BankDate">Its business date.</param>
/// <param name="FileHash">SHA-256 of the file that was taken.</param>
/// <param name="Bank">Count and sum of what stands on the bank's side.</param>
/// <param name="Ours">Count and sum of what stands on our side.</param>
/// <param name="Classes">How many payments there are of each class.</param>
/// <param name="Differences">Everything that is no match.</param>
public sealed record ReconciledDay(
    string Partner, DateOnly BankDate, string FileHash, Side Bank, Side Ours,
    IReadOnlyDictionary<LineClass, int> Classes,
    IReadOnlyList<Compared> Differences);

/// <summary>One side of a day.</summary>
/// <param name="Count">Payments that stand.</param>
/// <param name="Amount">Their sum.</param>
public sealed record Side(int Count, Money Amount);

/// <summary>The files that partners sent, compared with our payments whenever somebody looks.</summary>
public sealed class PartnerDays(NpgsqlDataSource source)
{
    /// <summary>Whether the partner's file of a day was taken.</summary>
    public async Task<bool> IsClosed(string partner, DateOnly bankDate, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "select exists (select 1 from partner_day where partner = $1 and bank_date = $2)");
        command.Parameters.Add(new() { Value = partner });
        command.Parameters.Add(new() { Value = bankDate });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The comparison of a day, or null while there is no file.</summary>
    public async Task<ReconciledDay?> Read(string partner, DateOnly bankDate, CancellationToken cancellation)
    {
        var parameters = new
        {
            partner,
            from = bankDate.AddDays(-1).ToDateTime(default),
            to = bankDate.AddDays(1).ToDateTime(default),
        };
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var files = (await connection.QueryAsync<FileRow>(new CommandDefinition(
            "select bank_date as Day, file_hash as Hash, lines from partner_day where partner = @partner "
            + "and bank_date between @from and @to", parameters, cancellationToken: cancellation)))
            .ToDictionary(row => row.Day);
        if (!files.TryGetValue(bankDate, out var file))
            return null;
        var payments = (await connection.QueryAsync<PaymentRow>(new CommandDefinition(
            "select bank_date as Day, serial, account_no as Account, amount_fen as Fen, status from payment "
            + "where partner = @partner and bank_date between @from and @to",
            parameters, cancellationToken: cancellation))).ToLookup(row => row.Day, row => row.ToTold());
        var told = files.ToDictionary(day => day.Key, day => Reconciliation.TellingOf(day.Value.ToLines()));

        return Answer(
            partner, bankDate, file.Hash, told[bankDate], [.. payments[bankDate]],
            bankNextDoor: NextDoor(ours: false), oursNextDoor: NextDoor(ours: true));

        ILookup<Told, DateOnly> NextDoor(bool ours) => new[] { bankDate.AddDays(-1), bankDate.AddDays(1) }
            .SelectMany(day => ours
                ? Without(payments[day], told.GetValueOrDefault(day, [])).Select(one => (one, day))
                : Without(told.GetValueOrDefault(day, []), payments[day]).Select(one => (one, day)))
            .ToLookup(pair => pair.one, pair => pair.day);
    }

    /// <summary>What stands on one side and is not known to the other.</summary>
    private static IEnumerable<Told> Without(IEnumerable<Told> side, IEnumerable<Told> other)
    {
        var known = other.Select(told => told.Serial).ToHashSet(StringComparer.Ordinal);
        return side.Where(told => told.Stands && !known.Contains(told.Serial));
    }

    private static ReconciledDay Answer(
        string partner, DateOnly bankDate, string hash, IReadOnlyList<Told> bank, IReadOnlyList<Told> ours,
        ILookup<Told, DateOnly> bankNextDoor, ILookup<Told, DateOnly> oursNextDoor)
    {
        var compared = Reconciliation.Compare(bank, ours, bankNextDoor, oursNextDoor);
        var classes = compared.CountBy(line => line.Class)
            .OrderBy(entry => entry.Key)
            .ToDictionary(entry => entry.Key, entry => entry.Value);
        return new(
            partner, bankDate, hash, SideOf(bank), SideOf(ours), classes,
            [.. compared.Where(line => line.Class != LineClass.Match)]);
    }

    private static Side SideOf(IReadOnlyList<Told> told) => new(
        told.Count(one => one.Stands), Money.Sum(told.Where(one => one.Stands).Select(one => one.Amount)));

    private sealed record FileRow(DateOnly Day, string Hash, string Lines)
    {
        public IReadOnlyList<BankLine> ToLines() =>
            JsonSerializer.Deserialize<IReadOnlyList<BankLine>>(Lines, Wire.Stored)!;
    }

    private sealed record PaymentRow(DateOnly Day, string Serial, string Account, long Fen, string Status)
    {
        public Told ToTold() =>
            new(Serial, AccountNo.Wrap(Account), new(Fen), Status == nameof(PaymentStatus.Received));
    }
}
