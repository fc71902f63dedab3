using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Assigns events to epochs, which restores separate. A database restored to an earlier time assigns versions again
/// that consumers have already received; the epoch tells which of two facts with the same version is the later one.
/// </summary>
/// <param name="begun">The highest number assigned before each restore, oldest first.</param>
public sealed class Epochs(IReadOnlyList<(int Epoch, long AfterSequence)> begun)
{
    /// <summary>The epochs of a database that was never restored.</summary>
    public static readonly Epochs None = new([]);

    /// <summary>The epoch of an event: 0 before the first restore.</summary>
    public int Of(long sequence)
    {
        var epoch = 0;
        foreach (var (number, after) in begun)
        {
            if (after < sequence)
                epoch = number;
        }
        return epoch;
    }

    /// <summary>Reads the epochs of a database.</summary>
    public static async Task<Epochs> Load(NpgsqlDataSource source, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        await using var command = source.CreateCommand(
            "select epoch, after_sequence from restart_epoch order by epoch");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var begun = new List<(int, long)>();
        while (await reader.ReadAsync(cancellation))
            begun.Add((reader.GetInt32(0), reader.GetInt64(1)));
        return new(begun);
    }
}
