using System.Text.Encodings.Web;
using System.Text.Json;

namespace Billing.Tools;

/// <summary>
/// Writes the files of a whole city: plans, accounts, readings, and the results expected of a correct system. The same
/// seed gives the same bytes. It streams: a million accounts need no more memory than a hundred.
/// </summary>
internal sealed class Generator(int accounts, int seed, string folder)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Expected _expected = new() { Seed = seed };

    public Expected Run()
    {
        Directory.CreateDirectory(folder);
        CopyPlans();
        using (var accountFile = new OutputFile(folder, "accounts.csv", AccountRow.Header, _expected))
        using (var readings = new ReadingFiles(folder, _expected))
        {
            var reader = new MeterReader(seed, _expected);
            foreach (var resident in new Town(seed, accounts).Residents())
            {
                var account = reader.Read(resident, readings);
                accountFile.Write(account);
                _expected.Accounts++;
                _expected.HeatAccounts += account.Heat is null ? 0 : 1;
                Mistakes(account, accountFile, readings);
            }
        }
        File.WriteAllText(Path.Combine(folder, "expected.json"), JsonSerializer.Serialize(_expected, Json) + "\n");
        return _expected;
    }

    /// <summary>Reads the expected results of an earlier run, or null where the data were not generated.</summary>
    public static Expected? Read(string folder)
    {
        var file = Path.Combine(folder, "expected.json");
        return File.Exists(file) ? JsonSerializer.Deserialize<Expected>(File.ReadAllText(file), Json) : null;
    }

    /// <summary>Adds some lines that every system must refuse, spread over the first accounts.</summary>
    private void Mistakes(AccountRow account, OutputFile accountFile, ReadingFiles readings)
    {
        var meter = account.Electricity?.Meters[0].No ?? "E000000000";
        switch (_expected.Accounts)
        {
            case 7:
                accountFile.WriteWrong(Line(account with { Account = "10000O0001" }), "account number with a letter");
                readings.OctoberWrong($"{account.Account},{meter},2026-10-31,regular,12O45.1,,", "not a number");
                break;
            case 23:
                accountFile.WriteWrong(
                    Line(account with { Account = "9900000001" }).Replace(
                        "Residential", "Resident", StringComparison.Ordinal)
                        .Replace("Commercial", "Shop", StringComparison.Ordinal), "no such class");
                readings.OctoberWrong("9999999999,E999999999,2026-10-31,regular,1024.5,,", "no such account");
                break;
            case 41:
                accountFile.WriteWrong(
                    Line(account with { Account = "9900000002", Electricity = null, Heat = null }), "no supply at all");
                readings.OctoberWrong($"{account.Account},{meter},2026-13-31,regular,1024.5,,", "no such day");
                break;
            case 59:
                accountFile.WriteWrong(
                    Line(account with { Account = "9900000003", Electricity = null, Heat = Odd }), "area is negative");
                readings.OctoberWrong($"{account.Account},X000000000,2026-10-31,regular,88,,", "no such meter");
                break;
            case 60:
                readings.OctoberWrong($"{account.Account},{meter},2026-10-31,guess,88,,", "no such kind");
                break;
        }
    }

    private static HeatRow Odd => new("beijing-residential-heat", -88.5m, null, "住宅", false);

    private static string Line(AccountRow row) => CsvFile.Text(row);

    private void CopyPlans()
    {
        var plans = Directory.CreateDirectory(Path.Combine(folder, "plans")).FullName;
        var ready = Path.Combine(AppContext.BaseDirectory, "plans");
        foreach (var file in Town.Plans.Select(plan => plan + ".json"))
            File.Copy(Path.Combine(ready, file), Path.Combine(plans, file), overwrite: true);
    }
}
