using Billing.Platform;
using Npgsql;

namespace Billing.Tools;

/// <summary>Prepares databases that were set back to an earlier time.</summary>
internal static class RestoredDatabase
{
    /// <summary>
    /// Opens an unpooled connection to a database: a pool would hold the database that is about to be renamed.
    /// </summary>
    public static async Task<NpgsqlConnection> Open(string connection, CancellationToken cancellation)
    {
        var alone = new NpgsqlConnectionStringBuilder(connection) { Pooling = false };
        var open = new NpgsqlConnection(alone.ConnectionString);
        await open.OpenAsync(cancellation);
        return open;
    }

    /// <summary>The same; null when the database does not exist or does not answer.</summary>
    public static async Task<NpgsqlConnection?> TryOpen(string connection, CancellationToken cancellation)
    {
        try
        {
            return await Open(connection, cancellation);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    /// <summary>
    /// Prepares a database for further use, while no service uses it: migrated, in a new epoch (docs/adr/0034), and
    /// with its relay at the position up to which all receivers had consumed.
    /// </summary>
    /// <param name="service">The service it belongs to.</param>
    /// <param name="restored">The restored database, as its owner.</param>
    /// <param name="live">The database that it replaces, or null when that does not answer.</param>
    /// <param name="said">Its entry in the manifest.</param>
    /// <param name="cancellation">Cancels between two steps.</param>
    /// <exception cref="Failure">It does not contain what the manifest says.</exception>
    public static async Task MakeReady(
        ServiceModel service, string restored, NpgsqlConnection? live, BackedUpService said,
        CancellationToken cancellation)
    {
        await using var connection = await Open(restored, cancellation);
        var head = await new StoredEvents(connection).Head(cancellation);
        if (head < said.Head)
            throw new Failure(
                $"The backup is not what it says: {service.Name} ends at event {head}, and its manifest says " +
                $"{said.Head}.");
        var role = new NpgsqlConnectionStringBuilder(Instance.Postgres(service.Name)).Username;
        await using (var source = NpgsqlDataSource.Create(restored))
            await new Schema(source, service.Assembly!, Instance.MasterKeys).Migrate(
                role == new NpgsqlConnectionStringBuilder(restored).Username ? null : role, cancellation);
        var (sequence, epoch) = live is null ? (0, 0) : await Given(live, cancellation);
        await using var begin = new NpgsqlCommand("select begin_epoch($1, $2)", connection)
        {
            Parameters = { new() { Value = sequence }, new() { Value = epoch } },
        };
        await begin.ExecuteNonQueryAsync(cancellation);
        await RelayPosition.SetBack(connection, said.Received, cancellation);
    }

    /// <summary>The number of events of each kind; null when they cannot be read.</summary>
    public static async Task<IReadOnlyDictionary<string, long>?> Events(
        NpgsqlConnection? connection, CancellationToken cancellation)
    {
        if (connection is null)
            return null;
        try
        {
            return await new StoredEvents(connection).CountByName(cancellation);
        }
        catch (PostgresException)
        {
            return null;
        }
    }

    /// <summary>Reports the events that a database had and no longer has.</summary>
    public static void ReportLost(
        ConsoleOutput console, string service, IReadOnlyDictionary<string, long>? before,
        IReadOnlyDictionary<string, long> now)
    {
        string[] lost = [.. (before ?? now).Where(kind => kind.Value > now.GetValueOrDefault(kind.Key))
            .Select(kind => $"{kind.Value - now.GetValueOrDefault(kind.Key):N0} {kind.Key}")];
        if (before is null)
            console.Warn($"{service}: its former database does not answer, so nobody can count what is lost");
        else if (lost.Length > 0)
            console.Warn($"{service}: not in the backup are {string.Join(", ", lost)}");
        else
            console.Line($"{service}: nothing was recorded since");
    }

    /// <summary>
    /// The highest event number and the highest epoch that a database assigned; 0 when there is none.
    /// </summary>
    private static async Task<(long Sequence, int Epoch)> Given(
        NpgsqlConnection live, CancellationToken cancellation)
    {
        try
        {
            var sequence = await new StoredEvents(live).Head(cancellation);
            await using var read = new NpgsqlCommand("select coalesce(max(epoch), 0) from restart_epoch", live);
            return (sequence, (int)(await read.ExecuteScalarAsync(cancellation))!);
        }
        catch (PostgresException)
        {
            return (0, 0);
        }
    }
}
