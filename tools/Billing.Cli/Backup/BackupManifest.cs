using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Platform;

namespace Billing.Tools;

/// <summary>One service in a backup.</summary>
/// <param name="Schema">The versions of its schema.</param>
/// <param name="Head">The highest event number when copying began; the backup holds at least these events.</param>
/// <param name="Relayed">The position of its relay at that time.</param>
/// <param name="Received">Every receiver in this backup has applied everything up to this position. From here a restore
/// publishes again.</param>
internal sealed record BackedUpService(
    IReadOnlyList<string> Schema, long Head, long Relayed, [property: JsonPropertyName("heard")] long Received);

/// <summary>
/// The contents of a backup, in <c>backup.json</c> beside the copy of the server's data. It is written last, so that a
/// folder without it is an incomplete backup.
/// </summary>
/// <param name="Format">The version of this file; 1.</param>
/// <param name="Instance">The instance that was backed up.</param>
/// <param name="Begun">When copying began, UTC.</param>
/// <param name="Instant">The instant of all databases in it, UTC: when copying ended.</param>
/// <param name="Postgres">The major version of the server.</param>
/// <param name="Services">The services, by the names of their databases.</param>
internal sealed record BackupManifest(
    int Format, string Instance, DateTimeOffset Begun, DateTimeOffset Instant, int Postgres,
    IReadOnlyDictionary<string, BackedUpService> Services)
{
    /// <summary>The suffix of a backup's folder while it is being made.</summary>
    public const string Partial = ".partial";

    private const int Known = 1;
    private const string Name = "backup.json", Data = "data";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The folder of the copy of the server's data.</summary>
    public static string DataIn(string folder) => Path.Combine(folder, Data);

    /// <summary>Reads the manifest of a backup.</summary>
    /// <exception cref="Failure">The folder has no manifest, or an incomplete backup, or one of a later
    /// version.</exception>
    public static BackupManifest Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new Failure($"There is no folder {folder}.", 2);
        var file = Path.Combine(folder, Name);
        if (folder.EndsWith(Partial, StringComparison.Ordinal)
            || (!File.Exists(file) && Directory.Exists(DataIn(folder))))
            throw new Failure($"{folder} is half a backup: making it was interrupted. Take another.", 2);
        if (!File.Exists(file))
            throw new Failure($"{folder} holds no backup.{Others(folder)}", 2);
        try
        {
            var manifest = JsonSerializer.Deserialize<BackupManifest>(File.ReadAllText(file), Json);
            return manifest is { Format: Known, Services: not null }
                ? manifest
                : throw new Failure($"{file} was written by another version of this program.", 2);
        }
        catch (JsonException e)
        {
            throw new Failure($"{file} cannot be read: {e.Message}", 2);
        }
    }

    /// <summary>Writes the manifest and flushes it to the disk.</summary>
    public void Write(string folder)
    {
        using var file = new FileStream(Path.Combine(folder, Name), FileMode.CreateNew);
        JsonSerializer.Serialize(file, this, Json);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Refuses a backup that this program and this server cannot restore.</summary>
    /// <param name="postgres">The major version of the server.</param>
    /// <param name="services">The services of this program.</param>
    /// <exception cref="Failure">They do not fit.</exception>
    public void MustFit(int postgres, IReadOnlyList<ServiceModel> services)
    {
        if (Postgres != postgres)
            throw new Failure(
                $"The backup is of PostgreSQL {Postgres} and this instance runs {postgres}: only the same major " +
                $"version can read it. Install PostgreSQL {Postgres}, restore, and upgrade then.", 2);
        string[] ours = [.. services.Select(service => service.Name).Order(StringComparer.Ordinal)];
        string[] its = [.. Services.Keys.Order(StringComparer.Ordinal)];
        if (!ours.SequenceEqual(its))
            throw new Failure(
                $"The backup is of other services: it has {string.Join(", ", its)}, and this program " +
                $"{string.Join(", ", ours)}.", 2);
        string[] newer = [.. services.SelectMany(service => Services[service.Name].Schema.Except(Scripts(service)))];
        if (newer.Length > 0)
            throw new Failure(
                $"The backup is newer than this program: its schema has {string.Join(", ", newer)}. Restore it with " +
                "the program that made it, or a later one.", 2);
    }

    /// <summary>
    /// Refuses the restore of one service from the backup of another server: the other services know nothing of its
    /// accounts. All services together may be restored from any server.
    /// </summary>
    /// <param name="backup">The server that was copied, by PostgreSQL's system identifier.</param>
    /// <param name="live">The server of this instance.</param>
    /// <param name="instance">The instance that was backed up.</param>
    /// <exception cref="Failure">They are different servers.</exception>
    public static void MustBeOf(string backup, string live, string instance)
    {
        if (backup != live)
            throw new Failure(
                $"The backup is of another server, that of '{instance}' (system identifier {backup}; here it is " +
                $"{live}). One service of it would know what no other here knows. Take a backup of this instance, or " +
                "restore all services.", 2);
    }

    /// <summary>The backups in a folder that was given in place of one of them.</summary>
    private static string Others(string folder)
    {
        string[] others = [.. Directory.GetDirectories(folder)
            .Where(child => File.Exists(Path.Combine(child, Name))).Order(StringComparer.Ordinal)];
        return others.Length == 0 ? "" : $" These in it are: {string.Join(", ", others.Select(Path.GetFileName))}.";
    }

    /// <summary>The migration scripts and the steps in code that this program knows.</summary>
    private static IEnumerable<string> Scripts(ServiceModel service) =>
        new[] { typeof(Schema).Assembly, service.Assembly! }.SelectMany(Scripts)
            .Concat(SchemaStep.In(service.Assembly!).Select(step => step.Name));

    private static IEnumerable<string> Scripts(Assembly assembly)
    {
        const string folder = "migrations/";
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .Select(name => $"{assembly.GetName().Name!.Split('.')[^1].ToLowerInvariant()}/{name[folder.Length..]}");
    }
}
