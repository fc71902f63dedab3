using System.CommandLine;

namespace Billing.Tools;

/// <summary><c>import</c>: imports files into the services and reports the result of every line.</summary>
internal static class ImportCommand
{
    public static Command Create() => new("import", "Takes over price plans, accounts or readings from files.")
    {
        For("accounts", "accounts.csv", async (takeOver, file) => (await takeOver.Accounts(file)).RefusedTotal),
        For("readings", "readings-….csv", async (takeOver, file) => (await takeOver.Readings(file)).RefusedTotal),
        For("plans", "a plan document, or a folder of them", async (takeOver, file) =>
        {
            if (Directory.Exists(file))
                await takeOver.Plans(file);
            else
                Console.WriteLine($"  {await takeOver.Plan(file)} published");
            return 0;
        }),
    };

    private static Command For(string what, string form, Func<TakeOver, string, Task<long>> import)
    {
        var file = new Argument<string>("file") { Description = form };
        var command = new Command(what, $"Takes over {what}; exit code 1 when lines were refused.") { file };
        command.SetAction(async arguments =>
        {
            var path = arguments.GetValue(file)!;
            if (!File.Exists(path) && !Directory.Exists(path))
                throw new Failure($"There is no {path}.");
            using var services = new Services();
            return await import(new(services, new ConsoleOutput()), path) == 0 ? 0 : 1;
        });
        return command;
    }
}
