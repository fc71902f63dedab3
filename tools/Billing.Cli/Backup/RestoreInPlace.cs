using Billing.Platform;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// Adopts databases that were set back by other means than a backup of this tool: by a fail-over to a standby that
/// lacked the last transactions, or by a provider's recovery. They stay where they are; epochs, republishing and
/// rebuilding of rows are as after a restore.
/// </summary>
/// <param name="since">The time from which everything is published again; everything when null.</param>
internal sealed class RestoreInPlace(DateTimeOffset? since)
{
    private readonly ConsoleOutput _console = new();

    /// <summary>Checks, with the services stopped, before anything is changed.</summary>
    /// <exception cref="Failure">A service holds facts as events that their publisher does not know.</exception>
    public static async Task Check(CancellationToken cancellation)
    {
        foreach (var facts in KeptFacts.All)
        {
            await using var publisher = await RestoredDatabase.Open(
                Instance.OwnerPostgres(facts.Publisher), cancellation);
            await using var receiver = await RestoredDatabase.Open(
                Instance.OwnerPostgres(facts.Receiver), cancellation);
            if (await facts.Unknown(publisher, receiver, cancellation) is > 0 and var unknown)
                throw new Failure(
                    $"{facts.Receiver} keeps {unknown:N0} {facts.What} of which {facts.Publisher} knows nothing, and " +
                    "their numbers would be given to others: nothing was changed, and the services stay stopped. Set " +
                    "all databases back to one earlier instant, by ./billing restore --from the last backup or by " +
                    "what recovered them; partners repeat what came since.");
        }
    }

    /// <summary>
    /// Begins a new epoch, with the services stopped, so that facts recorded from now on are distinguished from those
    /// published before.
    /// </summary>
    public async Task Adopt(CancellationToken cancellation)
    {
        RestoreLog.Keep(Instance.Folder, since ?? DateTimeOffset.UnixEpoch);
        foreach (var service in ServiceModel.All)
        {
            await using var its = await RestoredDatabase.Open(Instance.OwnerPostgres(service.Name), cancellation);
            await using var begin = new NpgsqlCommand("select begin_epoch(0, 0)", its);
            await begin.ExecuteNonQueryAsync(cancellation);
        }
        await PublishAgain(cancellation);
        var deleted = await new Queues(
            Instance.RabbitMq, Instance.RabbitMqManagement, ServiceModel.All.Select(service => service.Name))
            .Empty(cancellation);
        _console.Line($"queues: {deleted:N0} messages were deleted; what is stored is published again");
    }

    /// <summary>
    /// Rebuilds rows that follow from messages, with the services running, so that they contain only facts that still
    /// exist.
    /// </summary>
    public async Task Finish(CancellationToken cancellation)
    {
        await PublishAgain(cancellation);
        foreach (var service in ServiceModel.All)
            await RebuildCommand.MakeFromMessages(service, cancellation);
        _console.Line(
            "What was lost has to come again: partners repeat payments under the same serials, and their day-end " +
            "files say which are missing then (bank-only); files of accounts and readings are imported again.");
    }

    private async Task PublishAgain(CancellationToken cancellation)
    {
        foreach (var service in ServiceModel.All)
        {
            await using var its = await RestoredDatabase.Open(Instance.OwnerPostgres(service.Name), cancellation);
            var position = since is { } moment ? await new StoredEvents(its).Before(moment, cancellation) : 0;
            await RelayPosition.SetBack(its, position, cancellation);
        }
    }
}
