using System.CommandLine;
using System.Diagnostics;

namespace Billing.Tools;

/// <summary><c>generate</c>: writes a city's files.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var accounts =
            new Option<int>("--accounts") { Description = "how many accounts", DefaultValueFactory = _ => 20_000 };
        var seed = new Option<int>("--seed") { Description = "the same seed writes the same " +
            "files", DefaultValueFactory = _ => 1 };
        var folder = new Option<string>("--out") { Description = "the folder to write to", Required = true };
        var command = new Command("generate", "Writes plans, accounts and readings of an invented city.")
        {
            accounts, seed, folder,
        };
        command.SetAction(arguments =>
        {
            var watch = Stopwatch.StartNew();
            var expected = new Generator(
                arguments.GetValue(accounts), arguments.GetValue(seed), arguments.GetValue(folder)!).Run();
            Console.WriteLine($"{expected.Accounts:N0} accounts in {watch.Elapsed.TotalSeconds:0.0} s → " +
                $"{arguments.GetValue(folder)}");
            foreach (var file in expected.Files)
                Console.WriteLine($"  {file.Name,-22} {file.Lines,12:N0} lines, {file.Refused.Count} wrong on purpose");
            return 0;
        });
        return command;
    }
}
