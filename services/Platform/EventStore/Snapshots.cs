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

/// <summary>A stream's state and what it stands on.</summary>
/// <param name="State">The state.</param>
/// <param name="Version">How many events it is made of.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Kept">The version of the last snapshot of it, as far as is known.</param>
internal readonly record struct Known<TState>(TState State, long Version, Guid Last, long Kept);

/// <summary>
/// Keeps the states of long streams, so that a process that does not know one yet need not fold all of it. They are
/// written beside the commands, seldom enough that a stream of any length costs a snapshot of its size only now and
/// then. Losing one loses nothing.
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
    /// Which code made a state: its type, for one stream may be seen in several ways, and the assemblies of ours that
    /// fold and write it. A snapshot of any other code is not read.
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

    /// <exception cref="UnreadableSnapshotException">It is not what this code writes.</exception>
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
    /// Keeps a state when it has moved far enough since the last time; answers what is known of it then.
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

/// <summary>A snapshot does not say what a state is; the events do.</summary>
internal sealed class UnreadableSnapshotException(string message) : Exception(message);
