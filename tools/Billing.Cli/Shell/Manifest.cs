using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Billing.Invoicing;

namespace Billing.Tools;

/// <summary>
/// Verifies the manifest of a run without the service that made it: needed are the two files and the public key of the
/// sealer, which must be obtained from elsewhere.
/// </summary>
internal static class Manifest
{
    /// <summary>
    /// Fetches the manifest of a run and its lines, into a folder when one is given, and verifies them.
    /// </summary>
    public static async Task<bool> Verify(
        Services services, ConsoleOutput console, string run, string keyFile, string? folder = null)
    {
        var invoicing = services.Invoicing.As(People.Approver);
        var text = await invoicing.Get<string>($"/runs/{run}/manifest");
        var lines = await invoicing.Get<string>($"/runs/{run}/manifest/lines");
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{run}.manifest.json"), text);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{run}.lines.csv"), lines);
        }
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(lines));
        return Verify(console, Encoding.UTF8.GetBytes(text), file, keyFile);
    }

    /// <summary>Verifies a manifest and its lines in files.</summary>
    public static bool Verify(ConsoleOutput console, string manifestFile, string linesFile, string keyFile)
    {
        try
        {
            using var lines = File.OpenRead(linesFile);
            return Verify(console, File.ReadAllBytes(manifestFile), lines, keyFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Failure(e.Message);
        }
    }

    private static bool Verify(ConsoleOutput console, byte[] text, Stream lines, string keyFile)
    {
        using var key = KeyFrom(keyFile);
        Contracts.Api.Manifest manifest;
        try
        {
            manifest = ManifestSeal.Parse(text);
        }
        catch (JsonException e)
        {
            throw new Failure($"This is not a manifest as runs seal them: {e.Message}");
        }
        var wrong = manifest.Verify(lines, key);
        foreach (var reason in wrong)
            console.Warn($"manifest of {manifest.Run}: {reason}");
        if (manifest.SealedLater is { } later)
        {
            console.Warn($"manifest of {manifest.Run}: sealed later 补封, on {later.On:yyyy-MM-dd} by {later.By} " +
                $"({later.Reason}); what its bills were before that day it does not prove");
        }
        if (wrong.Count == 0)
            console.Line($"manifest verified: {manifest.FirstInvoice} to {manifest.LastInvoice}, no number missing, " +
                $"seal unbroken");
        return wrong.Count == 0;
    }

    private static ECDsa KeyFrom(string file)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            return key;
        }
        catch (Exception e) when (
            e is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new Failure($"{file} is not a PEM file with a public key for ECDSA: {e.Message}");
        }
    }
}
