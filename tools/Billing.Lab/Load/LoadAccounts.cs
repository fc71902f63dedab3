using CsvHelper;
using Npgsql;

namespace Billing.Tools;

/// <summary>The accounts that a load test pays for.</summary>
internal static class LoadAccounts
{
    public static async Task<string[]> Read(string? file, int most, CancellationToken cancellation)
    {
        var accounts = file is null
            ? await Owing(most, cancellation)
            : [.. FirstFields(file).Where(field => field.All(char.IsAsciiDigit) && field.Length > 5)];
        return accounts.Length > 0 ? accounts : throw new Failure("There are no accounts to pay for.");
    }

    private static IEnumerable<string> FirstFields(string file)
    {
        using var lines = CsvReader.FromFile(file, new() { HasHeader = false, AllowLineBreaksInQuotes = false });
        while (lines.Read())
            yield return lines.GetString(0);
    }

    private static async Task<string[]> Owing(int most, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(Instance.Postgres("payments"));
        await using var command = source.CreateCommand(
            "select account_no from account_balance order by open_fen > 0 desc, account_no limit $1");
        command.Parameters.Add(new() { Value = most });
        var accounts = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            accounts.Add(reader.GetString(0));
        return [.. accounts];
    }
}
