using System.CommandLine;

namespace Billing.Tools;

/// <summary><c>demo</c>: the whole process of a utility, once, on a running instance.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var accounts = new Option<int>("--accounts") { Description = "how many accounts to " +
            "invent", DefaultValueFactory = _ => 20_000 };
        var seed = new Option<int>("--seed") { Description = "the same seed invents the same " +
            "city", DefaultValueFactory = _ => 1 };
        var data = new Option<string?>("--data")
        {
            Description =
                "your own files instead: plans/*.json, accounts.csv, readings-*.csv and, if you have them, bank/*.txt",
        };
        var command = new Command("demo", "Bills a city, takes its money and proves that every fen is accounted for.")
        {
            accounts, seed, data,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            using var services = new Services();
            var demo = new Demo(services, new ConsoleOutput(), arguments.GetValue(seed));
            var own = arguments.GetValue(data);
            var folder = own ?? Path.Combine(Instance.Folder, "data");
            return await demo.Run(folder, own is null ? arguments.GetValue(accounts) : null, cancellation) ? 0 : 1;
        });
        return command;
    }
}
