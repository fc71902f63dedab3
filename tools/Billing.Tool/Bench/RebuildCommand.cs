using System.CommandLine;
using Billing.Platform;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// <c>rebuild</c>: makes a service's read models again from its events, beside the live ones, and swaps them.
/// </summary>
internal static class RebuildCommand
{
    public static Command Create()
    {
        string[] services = [.. ReadModels.All.Select(model => model.Service).Distinct(StringComparer.Ordinal)];
        var service = new Argument<string>("service") { Description = string.Join(", ", services) };
        service.AcceptOnlyFromAmong(services);
        var command = new Command("rebuild", "Rebuilds a service's read models from its events.") { service };
        command.SetAction(async (arguments, cancellation) =>
        {
            var name = arguments.GetValue(service)!;
            await using var source = Database.Source(Instance.Postgres(name), "rebuild");
            foreach (var model in ReadModels.All.Where(model => model.Service == name))
            {
                await new Story().Do(
                    () => model.Rebuild(source, cancellation),
                    events => $"{name}: {string.Join(", ", model.Tables)} rebuilt from {events:N0} events");
            }
            return 0;
        });
        return command;
    }
}

/// <summary>The tables that follow from the events of one family of streams.</summary>
/// <param name="Service">The service, as its database is called.</param>
/// <param name="Category">The family of streams.</param>
/// <param name="Tables">The tables.</param>
/// <param name="Rebuild">Makes them again; answers how many events that took.</param>
internal sealed record ReadModel(
    string Service, string Category, IReadOnlyList<string> Tables,
    Func<NpgsqlDataSource, CancellationToken, Task<long>> Rebuild);

/// <summary>All read models that are written with events. A test fails while a table or a family is missing.</summary>
internal static class ReadModels
{
    public static readonly IReadOnlyList<ReadModel> All =
    [
        Of("customer", Customers.Account.Streams, "accounts"),
        Of("tariff", Tariffs.PricePlan.Streams, "plan_versions"),
        Of("invoicing", Invoicing.Account.Streams, "reading", "invoice", "credit"),
        Of("invoicing", Invoicing.Run.Streams, "run"),
        Of("payments", Payments.Account.Streams,
            "open_charge", "account_balance", "payment", "refund", "reversal_request"),
        Of("payments", Payments.PartnerDay.Streams, "partner_day"),
        Of("collections", Collections.Account.Streams, "standing"),
    ];

    private static ReadModel Of<TState, TEvent>(
        string service, StreamType<TState, TEvent> streams, params string[] tables)
        where TEvent : class =>
        new(service, streams.Category, tables, (source, cancellation) =>
            new Rebuild<TState, TEvent>(source, streams).Run(tables, null, cancellation));
}
