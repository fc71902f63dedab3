using System.CommandLine;

namespace Billing.Tools;

/// <summary><c>explain</c>: how an invoice was calculated.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var invoice = new Argument<string>("invoice") { Description = "the number of an invoice" };
        var command = new Command("explain", "Explains an invoice line by line.") { invoice };
        command.SetAction(async arguments =>
        {
            using var services = new Services();
            await new Samples(services, new ConsoleOutput()).Invoice(arguments.GetValue(invoice)!);
            return 0;
        });
        return command;
    }
}
