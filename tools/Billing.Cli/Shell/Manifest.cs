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
        var text = await services.Invoicing.Get<string>($"/runs/{run}/manifest");
        var lines = await services.Invoicing.Get<string>($"/runs/{run}/manifest/lines");
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

    /// <summary>Makes a sealing key, with its public key beside it, unless there is one.</summary>
    public static void MakeKey(ConsoleOutput console, string folder)
    {
        var (own, open) = (Path.Combine(folder, "manifest.pem"), Path.Combine(folder, "manifest.public.pem"));
        if (File.Exists(own))
            throw new Failure($"{own} is there already, and manifests may be sealed with it: name another folder.");
        Directory.CreateDirectory(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(open, key.ExportSubjectPublicKeyInfoPem() + "\n");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(own, options);
        file.Write(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        console.Line($"{own} seals (keep it to the service), {open} verifies (give it to everybody)");
        console.Line($"fingerprint {ManifestSeal.Fingerprint(key)}");
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
