using System.Globalization;

using Billing.Contracts;

namespace Billing.Tools;

/// <summary>
/// The city of the benchmarks: accounts made by the generator, and a reading for every meter and month.
/// </summary>
internal sealed class BenchCity(Services services, ConsoleOutput console, int accounts)
{
    private static readonly string[] MonthEnds = ["2026-06-30", "2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31"];

    /// <summary>Writes the files and imports them; returns the months that can be billed.</summary>
    public async Task<IReadOnlyList<string>> TakeOver(int months)
    {
        var folder = Path.Combine(Instance.Folder, "data");
        new Generator(accounts, 1, folder).Run();
        var takeOver = new TakeOver(services, console);
        await takeOver.Plans(Path.Combine(folder, "plans"));
        await takeOver.Accounts(Path.Combine(folder, "accounts.csv"));
        string[] days = ["2026-05-31", .. MonthEnds.Take(months)];
        for (var month = 0; month < days.Length; month++)
        {
            var file = Path.Combine(folder, $"bench-readings-{days[month]}.csv");
            Write(Path.Combine(folder, "accounts.csv"), file, days[month], month);
            await takeOver.Readings(file);
        }
        return [.. MonthEnds.Take(months).Select(day => day[..7])];
    }

    /// <summary>
    /// Writes the readings. A meter uses the same every month, so no reading is flagged: 20 to 519 kWh, spread by its
    /// number.
    /// </summary>
    private static void Write(string accountFile, string file, string day, int month)
    {
        using var readings = new CsvFile(file, ReadingRow.Header);
        var readOn = DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var kind = month == 0 ? ReadingKind.Initial : ReadingKind.Regular;
        using var rows = new CsvTable(accountFile);
        while (rows.Read())
        {
            foreach (var meter in rows["meters"].Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = meter.Split(':');
                var used = 20 + parts[0].Aggregate(7, (hash, c) => (hash * 31 + c) % 100_003) % 500;
                var total = 1000 + used * month;
                var registers = parts[3] == "1"
                    ? new Registers(total, 400 + used * month * 4 / 10, 200 + used * month * 2 / 10)
                    : new Registers(total, null, null);
                readings.Write(new ReadingRow(rows["account"], parts[0], readOn, kind, registers));
            }
        }
    }
}
