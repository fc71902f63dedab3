using System.CommandLine;
using Billing.Platform;
using Billing.Rebuilding;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// <c>rebuild</c>: rebuilds a service's read models from its events, beside the live ones, and swaps them.
/// </summary>
internal static class RebuildCommand
{
    public static Command Create()
    {
        string[] services = [.. ServiceModel.All.Select(model => model.Name)];
        var service = new Argument<string>("service") { Description = string.Join(", ", services) };
        service.AcceptOnlyFromAmong(services);
        var command = new Command("rebuild", "Rebuilds a service's read models from its events.") { service };
        command.SetAction(async (arguments, cancellation) =>
        {
            try
            {
                await Make(ServiceModel.All.Single(model => model.Name == arguments.GetValue(service)), cancellation);
                return 0;
            }
            catch (Exception e) when (
                e is InvalidOperationException or InvalidDataException or TimeoutException or NpgsqlException)
            {
                throw new Failure($"Nothing was changed: {e.Message}");
            }
        });
        return command;
    }

    private static async Task Make(ServiceModel service, CancellationToken cancellation)
    {
        await using var source = Database.Source(Instance.OwnerPostgres(service.Name), "rebuild");
        foreach (var streams in service.Streams.Where(streams => streams.Tables.Count > 0))
            await new ConsoleOutput().Do(
                () => Rebuild.Run(source, streams, null, cancellation),
                events => $"{service.Name}: {string.Join(", ", streams.Tables.Select(table => table.Name))} rebuilt " +
                    $"from {events:N0} events");
        await MakeFromMessages(service, cancellation);
    }

    /// <summary>Rebuilds only the tables that follow from other services' messages.</summary>
    public static async Task MakeFromMessages(ServiceModel service, CancellationToken cancellation)
    {
        if (service.Inbound is not { Tables.Count: > 0 } inbound)
            return;
        await using var source = Database.Source(Instance.OwnerPostgres(service.Name), "rebuild");
        var publishers = ServiceModel.All.Where(other => other != service && other.Outbound is not null)
            .Select(other => new Publisher(
                Database.Source(Instance.Postgres(other.Name), "rebuild"), other.Streams, other.Outbound!)).ToList();
        try
        {
            await new ConsoleOutput().Do(
                () => new MessageRebuild(source, inbound, publishers).Run(cancellation),
                facts => $"{service.Name}: {string.Join(", ", inbound.Tables)} rebuilt from {facts:N0} facts of " +
                    "other services");
        }
        finally
        {
            foreach (var publisher in publishers)
                await publisher.Source.DisposeAsync();
        }
    }
}
