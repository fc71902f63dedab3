using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Marten;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Billing.Platform;

/// <summary>A stream's state and the events it was folded from.</summary>
/// <param name="State">The state.</param>
/// <param name="Version">The number of events folded.</param>
/// <param name="Last">The id of the last of them.</param>
/// <param name="Kept">The version of its last snapshot, as far as is known.</param>
internal readonly record struct Known<TState>(TState State, long Version, Guid Last, long Kept);

/// <summary>
/// Stores snapshots of long streams, so that a process that has not cached a state need not fold all of its events.
/// They are written outside of the commands' transactions, and seldom enough that their cost stays small for a stream
/// of any length. A lost snapshot loses no data.
/// </summary>
internal sealed class Snapshots(NpgsqlDataSource source, ILogger logger)
{
    private const int Every = 500;
    private const int Share = 8;
    private const int Waiting = 64;

    private readonly Channel<(string Stream, string Fold, long Version, Guid Last, Func<byte[]> State)> _queue =
        Channel.CreateBounded<(string, string, long, Guid, Func<byte[]>)>(
            new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>
    /// Identifies the code that made a state: its type, for one stream may be folded to several, and the assemblies of
    /// this system that fold and write it. A snapshot made by other code is not read.
    /// </summary>
    public static string FoldOf<TState>()
    {
        var service = typeof(TState).Assembly;
        var ours = service.GetReferencedAssemblies()
            .Where(name => name.Name!.StartsWith("Billing.", StringComparison.Ordinal)).Select(Assembly.Load)
            .Append(service).Append(typeof(Snapshots).Assembly).Append(typeof(Contracts.Money).Assembly);
        var code = ours.Select(assembly => $"{assembly.GetName().Name} {assembly.ManifestModule.ModuleVersionId}")
            .Distinct().Order(StringComparer.Ordinal).Append($"{typeof(TState)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', code))))[..32];
    }

    /// <exception cref="UnreadableSnapshotException">The JSON is not what this code writes.</exception>
    public static TState Read<TState>(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<TState>(json, Wire.Stored)
                ?? throw new UnreadableSnapshotException("It is null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new UnreadableSnapshotException(e.Message);
        }
    }

    /// <summary>
    /// Stores a snapshot when the state has moved far enough since the last one; returns what is known of it then.
    /// </summary>
    public Known<TState> Keep<TState, TEvent>(StreamName<TState, TEvent> stream, Known<TState> known)
        where TEvent : class
    {
        if (stream.Type.FoldVersion is not { } fold
            || known.Version - known.Kept < Math.Max(Every, known.Version / Share))
            return known;
        var state = known.State;
        _queue.Writer.TryWrite((
            stream.Id, fold, known.Version, known.Last,
            () => JsonSerializer.SerializeToUtf8Bytes(state, Wire.Stored)));
        return known with { Kept = known.Version };
    }

    public async Task Run(CancellationToken stopping)
    {
        await foreach (var (stream, fold, version, last, state) in _queue.Reader.ReadAllAsync(stopping)
            .ConfigureAwait(false))
        {
            try
            {
                await using var keep = source.CreateCommand("""
                    insert into stream_snapshot as n (stream_id, fold, version, last, state)
                    values ($1, $2, $3, $4, $5)
                    on conflict (stream_id) do update set fold = excluded.fold, version = excluded.version,
                      last = excluded.last, state = excluded.state
                    """);
                keep.Parameters.Add(new() { Value = stream });
                keep.Parameters.Add(new() { Value = fold });
                keep.Parameters.Add(new() { Value = version });
                keep.Parameters.Add(new() { Value = last });
                keep.Parameters.Add(new() { Value = state(), NpgsqlDbType = NpgsqlDbType.Jsonb });
                await keep.ExecuteNonQueryAsync(stopping);
            }
            catch (Exception e) when (e is NpgsqlException or JsonException or NotSupportedException)
            {
                logger.NoSnapshot(stream, version, e.Message);
            }
        }
    }
}

/// <summary>A snapshot that cannot be read: it is ignored, because the events define the state.</summary>
internal sealed class UnreadableSnapshotException(string message) : Exception(message);
