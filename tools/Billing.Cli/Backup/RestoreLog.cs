using System.Globalization;

namespace Billing.Tools;

/// <summary>
/// When everything was set back to which instant, in <c>restores</c> of the instance's folder. A backup made between an
/// instant and the restore to it is of a course of things that has ended: as a whole it can still be restored, but one
/// service of it would know what no other knows.
/// </summary>
internal static class RestoreLog
{
    private const string Name = "restores";

    /// <summary>Keeps that everything goes back to an instant now.</summary>
    public static void Keep(string folder, DateTimeOffset instant) => File.AppendAllText(
        Path.Combine(folder, Name),
        string.Create(CultureInfo.InvariantCulture, $"{instant:O} {TimeProvider.System.GetUtcNow():O}\n"));

    /// <summary>Refuses one service of a backup that is not of the course of things that goes on.</summary>
    /// <exception cref="Failure">Everything was restored to before the backup, after it had been made.</exception>
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
