using System.Globalization;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// Restores one database to the instant of a backup while the others stay, with facts that no longer exist. Rows that
/// follow from those are rebuilt from the publishers' events; what the restored service had consumed since is published
/// to it again.
/// </summary>
internal sealed class RestoreOne(BackupManifest manifest, ServiceModel service)
{
    private static readonly Dictionary<string, string> Missing = new()
    {
        ["customer"] = "Import the files of accounts again, and repeat changes of supply and customers.",
        ["tariff"] = "Publish the plans again, with the same versions, before anything is billed.",
        ["invoicing"] = "Import the files of readings again; draft again what was drafted.",
        ["payments"] = "Partners repeat payments under the same serials, and each counts once. Take the day-end " +
            "files again: lines that are bank-only then are what nobody has repeated, to be posted under the same " +
            "serials. Refunds and reversals of ours are repeated by hand.",
        ["collections"] = "Assess arrears again.",
    };

    private readonly ConsoleOutput _console = new();
    private readonly string _name = new NpgsqlConnectionStringBuilder(Instance.Postgres(service.Name)).Database!;

    private string Restored => $"{_name}_restoring";

    /// <summary>Restores the database beside the live one, on the same server, while all services work.</summary>
    public async Task Prepare(CancellationToken cancellation)
    {
        var server = new NpgsqlConnectionStringBuilder(Instance.Admin);
        var owner = new NpgsqlConnectionStringBuilder(Instance.OwnerPostgres(service.Name)).Username!;
        await Admin($"drop database if exists {Restored} with (force)", cancellation);
        await Admin($"create database {Restored} owner {owner} template template0 lc_collate 'C'", cancellation);
        await Admin($"revoke connect on database {Restored} from public", cancellation);
        await _console.Do(
            async () =>
            {
                await PostgresPrograms.Pipe(
                    ("pg_dump", ["-Fc", "-Z0", _name], new(Instance.Beside(_name))),
                    ("pg_restore", ["--exit-on-error", "-d", Restored], server), cancellation);
                await using var restored = await RestoredDatabase.Open(On(Restored), cancellation);
                await using var analyze = new NpgsqlCommand("analyze", restored) { CommandTimeout = 0 };
                return await analyze.ExecuteNonQueryAsync(cancellation);
            },
            _ => $"{service.Name} is there beside the live one");
        await using (var live = await RestoredDatabase.TryOpen(On(_name), cancellation))
            await RestoredDatabase.MakeReady(
                service, AsOwner(Restored), live, manifest.Services[service.Name], cancellation);
        await NobodyKeepsMore(cancellation);
    }

    /// <summary>
    /// Reports what will be lost, with the services stopped, so that nothing is recorded between the report and the
    /// restore.
    /// </summary>
    public async Task Report(CancellationToken cancellation)
    {
        await NobodyKeepsMore(cancellation);
        await using var live = await RestoredDatabase.TryOpen(On(_name), cancellation);
        await using var restored = await RestoredDatabase.Open(On(Restored), cancellation);
        RestoredDatabase.ReportLost(
            _console, service.Name, await RestoredDatabase.Events(live, cancellation),
            (await RestoredDatabase.Events(restored, cancellation))!);
    }

    /// <summary>Sets the relays back, empties the queues, and renames both databases in one transaction.</summary>
    public async Task Switch(CancellationToken cancellation)
    {
        var aside = string.Create(
            CultureInfo.InvariantCulture, $"{_name}_until_{TimeProvider.System.GetUtcNow():yyyyMMdd't'HHmmss}");
        foreach (var other in ServiceModel.All.Where(other => other != service))
        {
            await using var its = await RestoredDatabase.Open(Instance.OwnerPostgres(other.Name), cancellation);
            await RelayPosition.SetBack(its, manifest.Services[other.Name].Received, cancellation);
        }
        var deleted = await new Queues(Instance.RabbitMq, Instance.RabbitMqManagement, manifest.Services.Keys)
            .Empty(cancellation);
        _console.Line($"queues: {deleted:N0} messages were deleted; what is stored is published again");
        bool former;
        await using (var live = await RestoredDatabase.TryOpen(On(_name), cancellation))
            former = live is not null;
        var rename = !former ? "" : $"alter database {_name} rename to {aside}; ";
        await Admin(
            $"""
            select pg_terminate_backend(pid) from pg_stat_activity where datname in ('{_name}', '{Restored}')
            """, cancellation);
        await Admin($"begin; {rename}alter database {Restored} rename to {_name}; commit", cancellation);
        if (!former)
            return;
        await Admin($"revoke connect on database {aside} from {Roles()}", cancellation);
        _console.Line($"The database of before is kept as {aside}; drop it when all is well.");
    }

    /// <summary>
    /// Rebuilds, with the services running, the rows of other services that follow from facts that no longer exist.
    /// </summary>
    public async Task Finish(CancellationToken cancellation)
    {
        await RestoreAll.PublishAgain(manifest, cancellation);
        foreach (var other in ServiceModel.All.Where(other => other == service || other.ConsumesFrom(service)))
            await MakeAgain(other, cancellation);
        _console.Line($"{service.Name} is as it was at {RestoredTime.Text(manifest.Instant)}.");
        _console.Line(Missing[service.Name]);
    }

    private async Task MakeAgain(ServiceModel other, CancellationToken cancellation)
    {
        try
        {
            await RebuildCommand.MakeFromMessages(other, cancellation);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or NpgsqlException)
        {
            throw new Failure(
                $"{service.Name} is restored, but what {other.Name} heard of it was not made again: {e.Message}\n" +
                $"Do it by ./billing rebuild {other.Name}, as docs/runbooks/restore-one.md says.");
        }
    }

    /// <summary>
    /// Checks that no service's own streams contain facts that their publisher would not know, neither facts of this
    /// service elsewhere nor others' here.
    /// </summary>
    /// <exception cref="Failure">Some do.</exception>
    private async Task NobodyKeepsMore(CancellationToken cancellation)
    {
        foreach (var facts in KeptFacts.All.Where(facts => facts.Concern(service.Name)))
        {
            await using var publisher = await RestoredDatabase.Open(AfterIt(facts.Publisher), cancellation);
            await using var receiver = await RestoredDatabase.Open(AfterIt(facts.Receiver), cancellation);
            var unknown = await facts.Unknown(publisher, receiver, cancellation);
            if (unknown == 0)
                continue;
            await publisher.CloseAsync();
            await receiver.CloseAsync();
            await Admin($"drop database {Restored} with (force)", cancellation);
            throw new Failure(
                $"With this backup of {service.Name}, {facts.Receiver} would keep {unknown:N0} {facts.What} of which " +
                $"{facts.Publisher} knows nothing, and their numbers would be given to others. Take a later backup, " +
                "or restore all services. Nothing was changed.");
        }
    }

    private string AfterIt(string name) => name == service.Name ? On(Restored) : Instance.OwnerPostgres(name);

    private string Roles() => string.Join(", ", new[]
    {
        Instance.Postgres(service.Name), Instance.OwnerPostgres(service.Name),
    }.Select(connection => new NpgsqlConnectionStringBuilder(connection).Username).Distinct());

    private string AsOwner(string database) =>
        new NpgsqlConnectionStringBuilder(Instance.OwnerPostgres(service.Name)) { Database = database }
            .ConnectionString;

    private static string On(string database) =>
        new NpgsqlConnectionStringBuilder(Instance.Admin) { Database = database }.ConnectionString;

    private static async Task Admin(string sql, CancellationToken cancellation)
    {
        await using var admin = await RestoredDatabase.Open(Instance.Admin, cancellation);
        await using var command = new NpgsqlCommand(sql, admin) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
