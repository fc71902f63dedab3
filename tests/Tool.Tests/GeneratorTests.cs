using System.Security.Cryptography;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

public sealed class GeneratorTests
{
    [Fact]
    public void The_same_seed_writes_the_same_bytes()
    {
        using var first = new Folder();
        using var second = new Folder();
        new Generator(700, 42, first.Path).Run();
        new Generator(700, 42, second.Path).Run();
        Hashes(second).Should().Equal(Hashes(first)).And.HaveCountGreaterThan(5);
    }

    [Fact]
    public void Another_seed_writes_another_city()
    {
        using var first = new Folder();
        using var second = new Folder();
        new Generator(100, 1, first.Path).Run();
        new Generator(100, 2, second.Path).Run();
        File.ReadAllText(second["accounts.csv"]).Should().NotBe(File.ReadAllText(first["accounts.csv"]));
    }

    [Fact]
    public void What_is_expected_is_what_is_in_the_files()
    {
        using var folder = new Folder();
        var expected = new Generator(3_000, 7, folder.Path).Run();
        Generator.Read(folder.Path).Should().BeEquivalentTo(expected);
        var (accounts, electricity, heat) = (0, 0, 0);
        using (var file = new CsvTable(folder["accounts.csv"]))
        {
            var wrong = WrongLines(expected, "accounts.csv");
            while (file.Read())
            {
                if (wrong.Contains(file.Line))
                    continue;
                accounts++;
                electricity += file["electricity_plan"].Length > 0 ? 1 : 0;
                heat += file["heat_plan"].Length > 0 ? 1 : 0;
            }
        }
        (accounts, electricity, heat).Should().Be((3_000, expected.ElectricityAccounts, expected.HeatAccounts));
        (expected.Accounts, expected.Missing + expected.Exchanged + expected.RolledOver).Should().Match<(int, int)>(
            found => found.Item1 == 3_000 && found.Item2 > 0);
    }

    [Fact]
    public void The_readings_hold_what_is_counted()
    {
        using var folder = new Folder();
        var expected = new Generator(3_000, 7, folder.Path).Run();
        var initial = Readings(folder, expected, "readings-2026-09.csv").ToDictionary(row => row.Meter);
        var october = Readings(folder, expected, "readings-2026-10.csv").ToList();
        var regular = october.Where(row => row.Kind == "regular").ToDictionary(row => row.Meter);
        var down = initial.Where(row => regular.TryGetValue(row.Key, out var now)
            && now.Total < row.Value.Total).ToList();

        october.Count(row => row.Kind == "final").Should().Be(expected.Exchanged);
        october.Count(row => row.Kind == "initial").Should().Be(expected.Exchanged);
        down.Should().HaveCount(expected.Implausible + expected.RolledOver);
        initial.Keys.Count(meter => !regular.ContainsKey(meter)).Should().Be(expected.Missing + expected.Exchanged);
        initial.Count(row => regular.TryGetValue(row.Key, out var now) && now.Total == row.Value.Total)
            .Should().Be(expected.Vacant);
    }

    [Fact]
    public void Peak_and_valley_are_never_more_than_the_total()
    {
        using var folder = new Folder();
        var expected = new Generator(2_000, 3, folder.Path).Run();
        var before = Readings(folder, expected, "readings-2026-09.csv").ToDictionary(row => row.Meter);
        foreach (var after in Readings(folder, expected, "readings-2026-10.csv").Where(row => row.Peak is not null))
        {
            if (before.TryGetValue(after.Meter, out var start) && after.Total >= start.Total)
                (after.Peak - start.Peak + after.Valley - start.Valley).Should()
                    .BeLessThanOrEqualTo(after.Total - start.Total);
        }
    }

    [Fact]
    public void The_plans_are_copied_and_serve_the_accounts()
    {
        using var folder = new Folder();
        new Generator(200, 1, folder.Path).Run();
        var plans = Directory.GetFiles(folder["plans"]).Select(file =>
            PlanDocument.TryParse(File.ReadAllText(file), out var plan, out _) ? plan.Code.Value : "").ToHashSet();
        using var file = new CsvTable(folder["accounts.csv"]);
        while (file.Read())
        {
            foreach (var column in new[] { "electricity_plan", "heat_plan" })
                (file[column].Length == 0 || plans.Contains(file[column])).Should().BeTrue();
        }
    }

    private static HashSet<int> WrongLines(Expected expected, string file) =>
        [.. expected.Files.Single(known => known.Name == file).Refused.Select(line => line.Line)];

    private static List<Reading> Readings(Folder folder, Expected expected, string name)
    {
        var wrong = WrongLines(expected, name);
        using var file = new CsvTable(folder[name]);
        var rows = new List<Reading>();
        while (file.Read())
        {
            if (!wrong.Contains(file.Line))
                rows.Add(new(file["meter"], file["kind"], file.Number("total")!.Value, file.Number("peak"), file.Number(
                    "valley")));
        }
        return rows;
    }

    private static List<string> Hashes(Folder folder) =>
        [.. Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => Path.GetFileName(file) + Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))))];

    private sealed record Reading(string Meter, string Kind, decimal Total, decimal? Peak, decimal? Valley);
}
