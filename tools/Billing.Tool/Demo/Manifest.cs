using System.Text.Json;

namespace Billing.Tools;

/// <summary>The sealed account of a run: cohort = issued + held back + excluded, and a signature over it.</summary>
internal static class Manifest
{
    public static async Task Verify(Services services, Story story, string run)
    {
        var manifest = await services.Invoicing.Get<JsonDocument>($"/runs/{run}/manifest");
        story.Line($"manifest {manifest.RootElement.EnumerateObject().Count()}");
    }
}
