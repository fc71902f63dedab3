using Billing.Platform;
using Npgsql;

namespace Billing.Rebuilding;

/// <summary>Rebuilds read models from the events that they follow from.</summary>
public static class Rebuild
{
    /// <summary>Rebuilds every table of a family of streams.</summary>
    /// <param name="source">The database, as the owner of its tables.</param>
    /// <param name="type">The family.</param>
    /// <param name="progress">Receives the number of events folded so far, now and then.</param>
    /// <param name="cancellation">Cancels and leaves the live tables as they were.</param>
    /// <returns>The number of events folded.</returns>
    public static Task<long> Run(
        NpgsqlDataSource source, StreamType type, IProgress<long>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.As(new Use(source, progress, cancellation));
    }

    private sealed class Use(NpgsqlDataSource source, IProgress<long>? progress, CancellationToken cancellation)
        : IStreamTypeUse<Task<long>>
    {
        Task<long> IStreamTypeUse<Task<long>>.Use<TState, TEvent>(StreamType<TState, TEvent> type) =>
            new Rebuild<TState, TEvent>(source, type).Run(progress, cancellation);
    }
}

/// <summary>
/// Rebuilds the tables of a family of streams beside the live ones and swaps them. Everything up to a safe position is
/// folded while the service works on; then appends wait for a moment, while the few streams that moved meanwhile are
/// folded again and the tables renamed. Readers see the old rows until the new ones are complete.
/// </summary>
internal sealed class Rebuild<TState, TEvent>(NpgsqlDataSource source, StreamType<TState, TEvent> type)
    where TEvent : class
{
    private const int EventsPerCopy = 20_000;

    private readonly StoredEvents _events = new(source);

    public async Task<long> Run(IProgress<long>? progress, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            return await Run(connection, progress, cancellation);
        }
        finally
        {
            await TableSwap.End(connection);
        }
    }

    private async Task<long> Run(
        NpgsqlConnection connection, IProgress<long>? progress, CancellationToken cancellation)
    {
        string[] tables = [.. type.Tables.Select(table => table.Name)];
        await TableSwap.Begin(connection, tables, cancellation);
        var position = await new SafePosition(source).LookThrough(cancellation);
        var events = await Fold(
            _events.Streams(type, position, cancellation),
            rows => rows.Fill(connection, TableSwap.Beside, cancellation), progress, cancellation);
        await TableSwap.AddKeysAndIndexes(connection, tables, cancellation);

        var moved = 0L;
        await TableSwap.Finish(
            connection, tables, $"lock table {EventTables.Streams} in share row exclusive mode",
            async () => moved = await Fold(
                _events.Moved(type, position, cancellation),
                rows => rows.Overwrite(connection, TableSwap.Beside, cancellation), null, cancellation),
            cancellation);
        return events + moved;
    }

    private async Task<long> Fold(
        IAsyncEnumerable<Recorded<TEvent>> histories, Func<Rows, Task> write, IProgress<long>? progress,
        CancellationToken cancellation)
    {
        // Rows are written while the next ones are folded.
        var (events, rows, pending, writing) = (0L, new Rows(), 0, Task.CompletedTask);
        var (stream, state) = ("", type.Initial);
        await foreach (var recorded in histories)
        {
            if (recorded.Stream != stream)
            {
                if (pending >= EventsPerCopy)
                {
                    await writing;
                    var full = rows;
                    writing = Task.Run(() => write(full), cancellation);
                    (rows, pending) = (new Rows(), 0);
                    progress?.Report(events);
                }
                (stream, state) = (recorded.Stream, type.Initial);
            }
            state = type.Follow(rows, recorded, state);
            events++;
            pending++;
        }
        await writing;
        await write(rows);
        progress?.Report(events);
        return events;
    }
}
