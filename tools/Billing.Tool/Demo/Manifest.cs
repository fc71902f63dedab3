using Sealed = Billing.Invoicing.Manifest;

namespace Billing.Tools;

/// <summary>
/// The sealed account of a run, proved without the service that made it: only the two files are needed.
/// </summary>
internal static class Manifest
{
    /// <summary>
    /// Fetches the manifest of a run and its lines, into a folder when one is given, and verifies them.
    /// </summary>
    public static async Task<bool> Verify(Services services, Story story, string run, string? folder = null)
    {
        var text = await services.Invoicing.Get<string>($"/runs/{run}/manifest");
        var lines = await services.Invoicing.Get<string>($"/runs/{run}/manifest/lines");
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{run}.manifest.json"), text);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{run}.lines.csv"), lines);
        }
        return Verify(story, text, lines.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Verifies what lies in files.</summary>
    public static bool Verify(Story story, string text, IEnumerable<string> lines)
    {
        var manifest = Sealed.Parse(text);
        var wrong = manifest.Verify(lines);
        foreach (var reason in wrong)
            story.Warn($"manifest of {manifest.Run}: {reason}");
        if (wrong.Count == 0)
            story.Line($"manifest verified: {manifest.FirstInvoice} to {manifest.LastInvoice}, no number missing, " +
                $"seal unbroken");
        return wrong.Count == 0;
    }
}
