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
        string[] services = [.. ServiceModel.All.Select(model => model.Name)];
        var service = new Argument<string>("service") { Description = string.Join(", ", services) };
        service.AcceptOnlyFromAmong(services);
        var command = new Command("rebuild", "Rebuilds a service's read models from its events.") { service };
        command.SetAction(async (arguments, cancellation) =>
        {
            var name = arguments.GetValue(service)!;
            await using var source = Database.Source(Instance.OwnerPostgres(name), "rebuild");
            foreach (var streams in ServiceModel.All.Single(model => model.Name == name).Streams
                .Where(streams => streams.Tables.Count > 0))
            {
                await new Story().Do(
                    () => Rebuild.Run(source, streams, null, cancellation),
                    events => $"{name}: {string.Join(", ", streams.Tables.Select(table => table.Name))} rebuilt from " +
                        $"{events:N0} events");
            }
            return 0;
        });
        return command;
    }
}
