using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using DbUp;
using DbUp.Engine;
using DbUp.Postgresql;
using DbUp.Support;
using JasperFx;
using Marten;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// The schema of one service's database as a sequence of versions: Marten's own tables, then the platform's numbered
/// scripts, then the service's, then its steps in code. A script that has run is never run again and never changed; the
/// journal records which have.
/// </summary>
/// <param name="source">The database, as its owner when it is to be changed.</param>
/// <param name="service">The service's assembly.</param>
/// <param name="masterKeys">The files of the master keys, for steps that encrypt; null when there are none.</param>
public sealed class Schema(NpgsqlDataSource source, Assembly service, IReadOnlyList<string>? masterKeys = null)
{
    private const string Journal = "schema_version";
    private const string PutRight = "marten: tables put right";

    private readonly SqlScript[] _scripts =
        [.. ScriptsOf(typeof(Schema).Assembly, 1), .. ScriptsOf(service, 2)];

    private readonly IReadOnlyList<SchemaStep> _steps = SchemaStep.In(service);

    private string[]? _expected;

    /// <summary>
    /// Brings the database up to date; one process at a time, the others wait and then find nothing to do.
    /// </summary>
    /// <param name="grants">The role under which the service runs, when that is not the owner.</param>
    /// <param name="cancellation">Cancels between steps.</param>
    /// <returns>The names of the steps that were run.</returns>
    public async Task<IReadOnlyList<string>> Migrate(string? grants = null, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await Run(connection, $"select pg_advisory_lock({AdvisoryLock.Schema})", cancellation);
        try
        {
            var missing = await Missing(connection, cancellation);
            if (missing.Count > 0)
                await Apply(connection, missing, cancellation);
            else if (grants is not null && await Repair())
                missing = [PutRight];
            if (grants is not null)
                await Run(connection, Grants(grants), cancellation);
            return missing;
        }
        finally
        {
            await Run(connection, $"select pg_advisory_unlock({AdvisoryLock.Schema})", CancellationToken.None);
        }
    }

    /// <summary>The script that <see cref="Migrate"/> would run, for review beforehand.</summary>
    /// <param name="grants">The role under which the service runs, when that is not the owner.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<string> Patch(string? grants = null, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var missing = (await Missing(connection, cancellation)).ToHashSet(StringComparer.Ordinal);
        var patch = new StringWriter();
        using var store = NewStore();
        var change = await store.Storage.CreateMigrationAsync();
        if (change.Difference != Weasel.Core.SchemaPatchDifference.None)
        {
            await patch.WriteLineAsync($"-- {MartenVersion(store)}");
            change.WriteAllUpdates(patch, new Weasel.Postgresql.PostgresqlMigrator(), AutoCreate.CreateOrUpdate);
        }
        foreach (var script in _scripts.Where(script => missing.Contains(script.Name)))
            await patch.WriteLineAsync($"-- {script.Name}\n{script.Contents}");
        foreach (var step in _steps.Where(step => missing.Contains(step.Name)))
            await patch.WriteLineAsync($"-- {step.Name}: by code, not by SQL");
        var changes = patch.ToString();
        return changes.Length == 0 || grants is null ? changes : $"{changes}-- grants\n{Grants(grants)}\n";
    }

    /// <summary>What the database lacks or has in excess; null when it is as expected.</summary>
    public async Task<SchemaDifference?> Difference(CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var (found, expected) = (await Found(connection, cancellation), Expected());
        string[] missing = [.. expected.Except(found)];
        string[] unknown =
            [.. found.Except(expected).Where(name => !name.StartsWith("marten-", StringComparison.Ordinal))];
        return (missing, unknown) switch
        {
            ([], []) => null,
            ([], _) => new($"the database is newer than this program: it has {string.Join(", ", unknown)}", false),
            _ => new($"the schema lacks {string.Join(", ", missing)}; ./billing migrate brings it up to date", true),
        };
    }

    /// <summary>
    /// Why Marten's tables differ from what it expects, whatever the journal says; null when they do not.
    /// </summary>
    public async Task<SchemaDifference?> MartenDifference()
    {
        using var store = NewStore();
        var change = await store.Storage.CreateMigrationAsync();
        return change.Difference == Weasel.Core.SchemaPatchDifference.None
            ? null
            : new("Marten's tables are not as it makes them; ./billing migrate puts them right", true);
    }

    private async Task<bool> Repair()
    {
        if (await MartenDifference() is null)
            return false;
        using var store = NewStore();
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
        return true;
    }

    private async Task Apply(
        NpgsqlConnection connection, IReadOnlyList<string> missing, CancellationToken cancellation)
    {
        using var store = NewStore();
        var marten = MartenVersion(store);
        if (missing.Contains(marten))
            await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
        var upgraded = DeployChanges.To.PostgresqlDatabase(
                new PostgresqlConnectionManager(source))
            .WithScripts(_scripts).JournalToPostgresqlTable("public", Journal).WithVariablesDisabled()
            .WithTransaction().WithExecutionTimeout(TimeSpan.FromHours(12)).LogToNowhere().Build().PerformUpgrade();
        if (!upgraded.Successful)
            throw new InvalidOperationException(
                $"{upgraded.ErrorScript?.Name}: {upgraded.Error.Message}", upgraded.Error);
        await Keep(connection, marten, cancellation);
        foreach (var step in _steps.Where(step => missing.Contains(step.Name)))
        {
            await step.Run(source, () => MasterKeys.Read(masterKeys ?? []), cancellation);
            await Keep(connection, step.Name, cancellation);
        }
    }

    private static async Task Keep(NpgsqlConnection connection, string step, CancellationToken cancellation)
    {
        await using var keep = new NpgsqlCommand(
            $"insert into {Journal} (scriptname, applied) select $1, now()::timestamp where not exists (" +
            $"select from {Journal} where scriptname = $1)", connection) { Parameters = { new() { Value = step } } };
        await keep.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<IReadOnlyList<string>> Missing(NpgsqlConnection connection, CancellationToken cancellation) =>
        [.. Expected().Except(await Found(connection, cancellation))];

    private string[] Expected()
    {
        if (_expected is null)
        {
            using var store = NewStore();
            _expected =
            [
                MartenVersion(store), .. _scripts.Select(script => script.Name), .. _steps.Select(step => step.Name),
            ];
        }
        return _expected;
    }

    private static async Task<HashSet<string>> Found(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand($"select to_regclass('public.{Journal}') is not null", connection);
        if (!(bool)(await exists.ExecuteScalarAsync(cancellation))!)
            return [];
        await using var read = new NpgsqlCommand($"select scriptname from {Journal}", connection);
        await using var reader = await read.ExecuteReaderAsync(cancellation);
        var found = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
            found.Add(reader.GetString(0));
        return found;
    }

    private DocumentStore NewStore() => new(MartenStore.Options(source, StreamType.In(service)));

    /// <summary>
    /// Marten's tables have no version numbers, so their version is a hash of the script that Marten would run.
    /// </summary>
    private static string MartenVersion(DocumentStore store)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(store.Storage.ToDatabaseScript()));
        return $"marten-{Convert.ToHexStringLower(hash)[..12]}";
    }

    private static IEnumerable<SqlScript> ScriptsOf(Assembly assembly, int group) =>
        assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("migrations/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => new SqlScript(
                $"{assembly.GetName().Name!.Split('.')[^1].ToLowerInvariant()}/{name["migrations/".Length..]}",
                Text(assembly, name),
                new SqlScriptOptions { ScriptType = ScriptType.RunOnce, RunGroupOrder = group }));

    private static string Text(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// The service's own rights: everything on its own tables, but events and the audit trail may only be added to, and
    /// the migration journal may only be read. Drafts and similar tables it creates in a schema of its own.
    /// </summary>
    private static string Grants(string role) => $"""
        grant usage on schema public to {role};
        grant select, insert, update, delete on all tables in schema public to {role};
        grant usage, select on all sequences in schema public to {role};
        alter default privileges in schema public grant select, insert, update, delete on tables to {role};
        revoke update, delete, truncate on mt_events from {role};
        revoke delete, truncate on mt_streams from {role};
        revoke update, delete, truncate on personal_data_reads from {role};
        revoke update, delete, truncate on audit_trail, audit_block, audit_digest from {role};
        revoke insert, update, delete, truncate on {Journal} from {role};
        do $$
        declare made record;
        begin
          set local lock_timeout = '10s';
          if (select nspowner::regrole::text from pg_namespace where nspname = 'work') <> '{role}' then
            alter schema work owner to {role};
          end if;
          for made in select tablename from pg_tables where schemaname = 'work' and tableowner <> '{role}' loop
            execute format('alter table work.%I owner to {role}', made.tablename);
          end loop;
        end $$;
        """;

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>How a database differs from what a program expects.</summary>
/// <param name="Text">The difference, in words.</param>
/// <param name="Lacks">Whether something is missing, so that the program cannot work; otherwise there is only something
/// in excess.</param>
public sealed record SchemaDifference(string Text, bool Lacks);
