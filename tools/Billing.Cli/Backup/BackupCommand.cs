using System.CommandLine;
using System.Globalization;
using Billing.Platform;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// <c>backup</c>: copies all databases of the instance at one instant, as a verified copy of its server, with a
/// manifest of its contents (docs/adr/0033). The services work on meanwhile.
/// </summary>
internal static class BackupCommand
{
    private static readonly TimeSpan ArrivalTimeout = TimeSpan.FromSeconds(20);

    public static Command Create()
    {
        var to = new Option<string?>("--to")
        {
            Description = "the folder in which the backup gets a folder of its own; .run/NAME.backups unless given",
        };
        var command = new Command("backup", "Copies all databases at one instant, while everybody works.") { to };
        command.SetAction(async (arguments, cancellation) =>
        {
            Console.WriteLine(await Make(arguments.GetValue(to) ?? $"{Instance.Folder}.backups", cancellation));
            return 0;
        });
        return command;
    }

    private static async Task<string> Make(string parent, CancellationToken cancellation)
    {
        var (console, server) = (new ConsoleOutput(), OneServer());
        var begun = TimeProvider.System.GetUtcNow();
        var folder = Path.Combine(
            Path.GetFullPath(parent), begun.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        var partial = folder + BackupManifest.Partial;
        if (Path.Exists(folder) || Path.Exists(partial))
            throw new Failure($"{folder} is there already, or is being made.");
        Directory.CreateDirectory(parent);
        Directory.CreateDirectory(partial);
        try
        {
            var services = await Positions(cancellation);
            services = await Received(services, console, cancellation);
            var data = BackupManifest.DataIn(partial);
            await console.Do(() => PostgresPrograms.Run(
                    "pg_basebackup", ["-D", data, "-X", "stream", "-c", "fast", "-w"], server, cancellation),
                _ => "copied all databases");
            var instant = TimeProvider.System.GetUtcNow();
            await console.Do(() => PostgresPrograms.Run("pg_verifybackup", ["-q", data], null, cancellation),
                _ => "verified every file by its checksum");
            new BackupManifest(
                1, Path.GetFileName(Instance.Folder), begun, instant, await PostgresPrograms.Major(cancellation),
                services).Write(partial);
            Directory.Move(partial, folder);
            await Sync(parent, cancellation);
            console.Fact($"{Size(folder) / 1e6:N0} MB, all at {instant:yyyy-MM-dd HH:mm:ss}Z", console.Elapsed);
            return folder;
        }
        catch (Exception e) when (e is Failure or OperationCanceledException or IOException)
        {
            if (Path.Exists(partial))
                Directory.Delete(partial, recursive: true);
            throw;
        }
    }

    /// <summary>The server that holds all databases.</summary>
    /// <exception cref="Failure">They are on several servers, which have no common instant.</exception>
    private static NpgsqlConnectionStringBuilder OneServer()
    {
        var admin = new NpgsqlConnectionStringBuilder(Instance.Admin);
        foreach (var service in ServiceModel.All)
        {
            var its = new NpgsqlConnectionStringBuilder(Instance.Postgres(service.Name));
            if ((its.Host, its.Port) != (admin.Host, admin.Port))
                throw new Failure(
                    $"The database of {service.Name} is on another server, {its.Host}:{its.Port}. This command " +
                    "copies one server; for several see deploy/README.md.");
        }
        return admin;
    }

    private static async Task<Dictionary<string, BackedUpService>> Positions(CancellationToken cancellation)
    {
        var found = new Dictionary<string, BackedUpService>(StringComparer.Ordinal);
        foreach (var service in ServiceModel.All)
        {
            await using var source = NpgsqlDataSource.Create(Instance.OwnerPostgres(service.Name));
            await using var connection = await source.OpenConnectionAsync(cancellation);
            var relayed = await new StoredEvents(connection).Relayed(cancellation);
            await using var journal = new NpgsqlCommand(
                "select scriptname from schema_version where scriptname not like 'marten-%' order by 1", connection);
            var schema = new List<string>();
            await using (var reader = await journal.ExecuteReaderAsync(cancellation))
            {
                while (await reader.ReadAsync(cancellation))
                    schema.Add(reader.GetString(0));
            }
            found[service.Name] = new(schema, await new StoredEvents(connection).Head(cancellation), relayed, relayed);
        }
        return found;
    }

    /// <summary>
    /// The position from which a restore has to publish again: the relays' present position, if everything up to it has
    /// been consumed.
    /// </summary>
    private static async Task<Dictionary<string, BackedUpService>> Received(
        Dictionary<string, BackedUpService> services, ConsoleOutput console, CancellationToken cancellation)
    {
        var queues = new Queues(Instance.RabbitMq, Instance.RabbitMqManagement, services.Keys);
        var waiting = await console.Do(
            () => Arrival.Wait(queues, ArrivalTimeout, cancellation),
            waiting => waiting.Count == 0 ? "what was published has arrived" : "messages are under way");
        if (waiting.Count == 0)
            return services;
        console.Warn($"Messages wait in {string.Join(", ", waiting)}:");
        console.Warn("a restore of this backup will publish every event again. It is safe, and takes its time.");
        return services.ToDictionary(entry => entry.Key, entry => entry.Value with { Received = 0 });
    }

    private static async Task Sync(string folder, CancellationToken cancellation)
    {
        using var sync = System.Diagnostics.Process.Start("sync", ["-f", folder]);
        await sync.WaitForExitAsync(cancellation);
        if (sync.ExitCode != 0)
            throw new Failure($"{folder} could not be written through to the disk.");
    }

    private static long Size(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
