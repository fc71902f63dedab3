using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Billing.Invoicing;

namespace Billing.Tools;

/// <summary><c>keys</c>: makes the files with keys and secrets that an installation still needs.</summary>
internal static class KeysCommand
{
    private const int SecretBytes = 32;

    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "where the keys are to lie" };
        var command = new Command(
            "keys", "Makes the keys and secrets of an installation; what is there already stays as it is.") { folder };
        command.SetAction(arguments => Make(new ConsoleOutput(), arguments.GetValue(folder)!));
        return command;
    }

    /// <summary>Makes what a folder lacks, each file readable by its owner only, except public keys.</summary>
    public static void Make(ConsoleOutput console, string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Pair("manifest", "seals the manifests of billing runs; only Invoicing has it");
        Pair("identity", "signs access tokens; only Identity has it");
        Secret(
            "console.secret", "with it the console exchanges codes for tokens; Identity and the console have it",
            Base64Url.EncodeToString);
        Secret(
            "master-1.key", "locks personal data; only Customer and migrate have it, and without it no name is read",
            Convert.ToHexStringLower);
        Secret(
            "partners-1.key", "from it the secrets of partners' keys follow; only Payments has it",
            Convert.ToHexStringLower);

        void Pair(string name, string use)
        {
            var own = Path.Combine(folder, $"{name}.pem");
            if (File.Exists(own))
                return;
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var open = Path.Combine(folder, $"{name}.public.pem");
            // First: whoever finds the private key finds the public one, too.
            File.WriteAllText(open, key.ExportSubjectPublicKeyInfoPem() + "\n");
            Write(own, key.ExportPkcs8PrivateKeyPem());
            console.Line($"{own} {use}; {open} verifies (give it to everybody)");
            console.Line($"fingerprint {ManifestSeal.Fingerprint(key)}");
        }

        void Secret(string name, string use, Func<ReadOnlySpan<byte>, string> text)
        {
            var file = Path.Combine(folder, name);
            if (File.Exists(file))
                return;
            Write(file, text(RandomNumberGenerator.GetBytes(SecretBytes)));
            console.Line($"{file}: {use}");
        }
    }

    private static void Write(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        stream.Write(Encoding.ASCII.GetBytes(text + "\n"));
    }
}
