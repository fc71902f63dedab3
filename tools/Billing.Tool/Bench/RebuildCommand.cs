using System.CommandLine;
using Billing.Platform;

namespace Billing.Tools;

/// <summary>
/// <c>rebuild</c>: makes a service's read models again from its events, beside the live ones, and swaps them.
/// </summary>
internal static class RebuildCommand
{
    public static Command Create()
    {
        var service = new Argument<string>("service") { Description = "payments, invoicing or collections" };
        service.AcceptOnlyFromAmong("payments", "invoicing", "collections");
        var command = new Command("rebuild", "Rebuilds a service's read models from its events.") { service };
        command.SetAction(async (arguments, cancellation) =>
        {
            var name = arguments.GetValue(service)!;
            await using var source = Database.Source(Instance.Postgres(name), "rebuild");
            var events = await new Story().Do(
                () => name switch
                {
                    "payments" => new Rebuild<Payments.Account, Payments.AccountEvent>(source, Payments.Account.Streams)
                        .Run(ReadModels.Payments, null, cancellation),
                    "invoicing" =>
                        new Rebuild<Invoicing.Account, Invoicing.AccountEvent>(source, Invoicing.Account.Streams)
                        .Run(ReadModels.Invoicing, null, cancellation),
                    _ => new Rebuild<Collections.Account, Collections.AccountEvent>(source, Collections.Account.Streams)
                        .Run(ReadModels.Collections, null, cancellation),
                },
                events => $"{name}: read models rebuilt from {events:N0} events");
            return events >= 0 ? 0 : 1;
        });
        return command;
    }
}

/// <summary>The tables that follow from the events of accounts' streams, per service.</summary>
internal static class ReadModels
{
    public static readonly string[] Payments =
        ["open_charge", "account_balance", "payment", "refund", "reversal_request"];

    public static readonly string[] Invoicing = ["reading", "invoice", "credit"];
    public static readonly string[] Collections = ["standing"];
}
