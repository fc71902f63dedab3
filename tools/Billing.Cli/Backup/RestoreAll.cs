using Npgsql;

namespace Billing.Tools;

/// <summary>
/// Restores all databases to the instant of a backup: a copy of the backup is prepared and replaces the server's data.
/// No service knows later facts then; the broker's messages may contain some, so its queues are emptied.
/// </summary>
internal sealed class RestoreAll(BackupManifest manifest)
{
    private readonly ConsoleOutput _console = new();

    /// <summary>Prepares the copy while the services still work, if they do.</summary>
    public async Task Prepare(CancellationToken cancellation)
    {
        foreach (var service in ServiceModel.All)
        {
            await using var live = await RestoredDatabase.TryOpen(Live(service), cancellation);
            await RestoredDatabase.MakeReady(
                service, Beside(service), live, manifest.Services[service.Name], cancellation);
        }
        // The copied server may have had another password.
        var password = new NpgsqlConnectionStringBuilder(Instance.Admin).Password!;
        await using var admin = await RestoredDatabase.Open(Instance.Beside("postgres"), cancellation);
        await using var quote = new NpgsqlCommand("select format('alter role postgres password %L', $1::text)", admin)
        {
            Parameters = { new() { Value = password } },
        };
        await using var alter = new NpgsqlCommand((string)(await quote.ExecuteScalarAsync(cancellation))!, admin);
        await alter.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Reports what will be lost, with the services stopped, and the former databases still there if they answer.
    /// </summary>
    public async Task Report(CancellationToken cancellation)
    {
        foreach (var service in ServiceModel.All)
        {
            await using var restored = await RestoredDatabase.Open(Beside(service), cancellation);
            await using var live = await RestoredDatabase.TryOpen(Live(service), cancellation);
            var now = (await RestoredDatabase.Events(restored, cancellation))!;
            RestoredDatabase.ReportLost(
                _console, service.Name, await RestoredDatabase.Events(live, cancellation), now);
        }
    }

    /// <summary>Runs just before the copy replaces the server's data.</summary>
    public async Task Switch(CancellationToken cancellation)
    {
        RestoreLog.Keep(Instance.Folder, manifest.Instant);
        var deleted = await new Queues(Instance.RabbitMq, Instance.RabbitMqManagement, manifest.Services.Keys)
            .Empty(cancellation);
        _console.Line($"queues: {deleted:N0} messages of the discarded history were deleted");
    }

    /// <summary>
    /// Publishes again when all services have declared their queues: an empty broker had no queue for a message before.
    /// </summary>
    public async Task Finish(CancellationToken cancellation)
    {
        await PublishAgain(manifest, cancellation);
        _console.Line($"All services are as they were at {RestoredTime.Text(manifest.Instant)}.");
        _console.Line(
            "What came in since has to come again: files of accounts and readings are imported again, partners " +
            "repeat payments under the same serials, and their day-end files say which are missing then (bank-only).");
    }

    /// <summary>
    /// Sets all relays back to the position up to which every receiver had consumed at the instant of the backup.
    /// </summary>
    public static async Task PublishAgain(BackupManifest manifest, CancellationToken cancellation)
    {
        foreach (var service in ServiceModel.All)
        {
            await using var live = await RestoredDatabase.Open(Live(service), cancellation);
            await RelayPosition.SetBack(live, manifest.Services[service.Name].Received, cancellation);
        }
    }

    private static string Live(ServiceModel service) => Instance.OwnerPostgres(service.Name);

    private static string Beside(ServiceModel service)
    {
        var its = new NpgsqlConnectionStringBuilder(Live(service));
        return new NpgsqlConnectionStringBuilder(Instance.Beside(its.Database!)) { Username = its.Username }
            .ConnectionString;
    }
}
