using System.Globalization;

namespace Billing.Tools;

/// <summary>
/// Records the restores of all databases and their instants, in <c>restores</c> of the instance's folder. A backup made
/// between an instant and the restore to it belongs to a history that the restore has discarded: it can still be
/// restored as a whole, but a single service of it would have facts that no other knows.
/// </summary>
internal static class RestoreLog
{
    private const string Name = "restores";

    /// <summary>Records that everything is restored to an instant now.</summary>
    public static void Keep(string folder, DateTimeOffset instant) => File.AppendAllText(
        Path.Combine(folder, Name),
        string.Create(CultureInfo.InvariantCulture, $"{instant:O} {TimeProvider.System.GetUtcNow():O}\n"));

    /// <summary>Refuses the restore of one service from a backup of a discarded history.</summary>
    /// <exception cref="Failure">After the backup was made, everything was restored to an instant before
    /// it.</exception>
    public static void MustGoOnFrom(string folder, DateTimeOffset backup)
    {
        var file = Path.Combine(folder, Name);
        if (!File.Exists(file))
            return;
        foreach (var line in File.ReadLines(file))
        {
            var times = line.Split(' ').Select(time => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture))
                .ToArray();
            if (times[0] < backup && backup < times[1])
                throw new Failure(
                    $"After this backup was made, everything was restored to {RestoredTime.Text(times[0])}: it knows " +
                    "of what is no more. For one service take a backup from before that, or after the restore.", 2);
        }
    }
}
