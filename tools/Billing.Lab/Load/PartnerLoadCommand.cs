using System.CommandLine;
using System.Text.Json;

namespace Billing.Tools;

/// <summary>
/// <c>partner-load</c>: payments as fast as the service accepts them, measured from outside; prints one line of JSON.
/// </summary>
internal static class PartnerLoadCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Command Create()
    {
        var payments =
            new Option<int>("--payments") { Description = "how many payments", DefaultValueFactory = _ => 20_000 };
        var connections =
            new Option<int>("--connections") { Description = "how many at once", DefaultValueFactory = _ => 64 };
        var query =
            new Option<bool>("--query") { Description = "query the bill before each payment, and pay what is owed" };
        var rate = new Option<double?>("--rate") { Description = "payments a second; without it, as fast as it goes" };
        var accounts = new Option<string?>("--accounts-file")
        {
            Description = "account numbers, one on a line or first in a CSV line; without it, accounts that owe, " +
                "from Payments' database",
        };
        var command =
            new Command("partner-load", "Measures payments over HTTP.")
            {
                payments, connections, query, rate, accounts,
            };
        command.SetAction(async (arguments, cancellation) =>
        {
            var count = arguments.GetValue(payments);
            var numbers = await LoadAccounts.Read(arguments.GetValue(accounts), count, cancellation);
            using var load = new PartnerLoad(
                Instance.Payments, numbers, arguments.GetValue(connections), arguments.GetValue(query),
                arguments.GetValue(rate));
            var result = await load.Run(count, cancellation);
            Console.WriteLine(JsonSerializer.Serialize(result, Json));
            return result.Errors == 0 ? 0 : 1;
        });
        return command;
    }
}
