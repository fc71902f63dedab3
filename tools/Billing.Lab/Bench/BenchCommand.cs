using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Npgsql;
using Spectre.Console;

namespace Billing.Tools;

/// <summary><c>bench</c>: every figure of docs/performance.md with its limit, measured on this machine now.</summary>
internal static class BenchCommand
{
    private static readonly string[] All = ["store", "run", "visible", "partner", "lag", "hot", "rebuild", "start"];

    public static Command Create()
    {
        var accounts =
            new Option<int>("--accounts") { Description = "size of the city", DefaultValueFactory = _ => 200_000 };
        var full = new Option<bool>("--full") { Description = "a million accounts" };
        var rounds =
            new Option<int>("--rounds") { Description = "measurements per figure", DefaultValueFactory = _ => 3 };
        var only = new Option<string[]>("--only")
        {
            Description = "only these figures",
            AllowMultipleArgumentsPerToken = true,
        };
        var soak = new Option<int>("--soak")
        {
            Description = "minutes of payments at half of the full rate, after all else: memory, times, books",
        };
        var json = new Option<string?>("--json") { Description = "write the figures to a file" };
        var command =
            new Command("bench", "Measures the figures of docs/performance.md.")
            {
                accounts, full, rounds, only, soak, json,
            };
        command.SetAction(async (arguments, cancellation) =>
        {
            var size = arguments.GetValue(full) ? 1_000_000 : arguments.GetValue(accounts);
            var names = arguments.GetValue(only) is { Length: > 0 } some ? some : All;
            var report = await Run(
                size, arguments.GetValue(rounds), names, arguments.GetValue(soak), cancellation);
            if (arguments.GetValue(json) is { } file)
                await File.WriteAllTextAsync(
                    file, JsonSerializer.Serialize(report, BenchReport.Json) + "\n", cancellation);
            return 0;
        });
        return command;
    }

    private static async Task<BenchReport> Run(
        int accounts, int rounds, string[] names, int soakMinutes, CancellationToken cancellation)
    {
        var (console, before, figures) = (new ConsoleOutput(), Machine.Load, new List<Figure>());
        using var services = new Services();
        try
        {
            if (names.Contains("store"))
                figures.AddRange(await Measure(console, "store", () => StoreBench.Run(rounds, cancellation)));
            if (soakMinutes > 0 || names.Any(
                name => name is "run" or "visible" or "partner" or "lag" or "hot" or "rebuild"))
            {
                console.Section($"A city of {accounts:N0} accounts");
                var months = await new BenchCity(services, console, accounts).TakeOver(rounds);
                console.Section("run, visible");
                figures.AddRange(await new RunBench(services, console).Run(months, cancellation));
            }
            if (names.Contains("lag"))
                figures.AddRange(await Measure(console, "lag", () => new LagBench(services).Run(rounds, cancellation)));
            if (names.Contains("partner"))
                figures.Add(await Measure(console, "partner", () => PartnerBench.Run(rounds, cancellation)));
            if (names.Contains("hot"))
                figures.AddRange(await Measure(console, "hot", () => new HotBench(services).Run(rounds, cancellation)));
            if (names.Contains("rebuild"))
                figures.Add(await Measure(console, "rebuild", () => RebuildBench.Run(rounds, cancellation)));
            if (soakMinutes > 0)
                figures.AddRange(
                    await Measure(console, "soak", () => SoakBench.Run(soakMinutes, console, cancellation)));
            if (names.Contains("start"))
                figures.Add(await Measure(console, "start", () => StartBench.Run(rounds, cancellation)));
        }
        catch (Failure failure)
        {
            // Figures measured before the failure are reported all the same.
            console.Warn(failure.Message);
        }
        var report = new BenchReport(figures, new(
            Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024 * 1024), before,
            Machine.Load,
            await Postgres(cancellation), RuntimeInformation.FrameworkDescription, accounts));
        Show(console, report);
        return report;
    }

    private static Task<T> Measure<T>(ConsoleOutput console, string name, Func<Task<T>> measure)
    {
        console.Section(name);
        return console.Do(measure, _ => "measured");
    }

    private static void Show(ConsoleOutput console, BenchReport report)
    {
        console.Section("Figures");
        var table = new Table().AddColumn("figure").AddColumn(new TableColumn("median").RightAligned())
            .AddColumn("unit")
            .AddColumn(new TableColumn("limit").RightAligned()).AddColumn(new TableColumn("ratio").RightAligned())
                .AddColumn("more");
        foreach (var figure in report.Figures)
        {
            table.AddRow(
                figure.Name, Number(figure.Value), figure.Unit, figure.Limit is { } limit ? Number(limit) : "–",
                figure.Ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–",
                string.Join(", ", (figure.More ?? []).Select(more => $"{more.Key} {Number(more.Value)}")));
        }
        console.Table(table);
        foreach (var figure in report.Figures.Where(figure => figure.LimitName is not null))
            console.Note($"{figure.Name}: limit is {figure.LimitName}");
        console.Note($"{report.Machine.Cores} cores, load {report.Machine.LoadBefore} before and " +
            $"{report.Machine.LoadAfter} after, {report.Machine.Postgres}");
    }

    private static string Number(double value) =>
        value.ToString(value < 100 ? "0.##" : "N0", CultureInfo.InvariantCulture);

    private static async Task<string> Postgres(CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(Instance.Admin);
        await using var version = source.CreateCommand("select 'PostgreSQL ' || current_setting('server_version')");
        return (string)(await version.ExecuteScalarAsync(cancellation))!;
    }
}
