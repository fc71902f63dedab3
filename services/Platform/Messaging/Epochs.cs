using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Which events were recorded after which restore. A database that was set back to an earlier time gives versions out
/// that others have heard of already; the epoch tells which of the two facts came later.
/// </summary>
/// <param name="begun">The last number that each restore found given out, oldest first.</param>
public sealed class Epochs(IReadOnlyList<(int Epoch, long AfterSequence)> begun)
{
    /// <summary>Those of a database that was never set back.</summary>
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

    /// <summary>Reads those of a database.</summary>
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
