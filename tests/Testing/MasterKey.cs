using System.Security.Cryptography;

namespace Billing.Testing;

/// <summary>
/// The master key of the personal data of a test process; the kit configures it for every service it starts.
/// </summary>
public static class MasterKey
{
    private static readonly Lazy<string> Made = new(() => New());

    /// <summary>The setting that names its file.</summary>
    public const string Setting = "Billing:PersonalData:MasterKeys:0";

    /// <summary>The file.</summary>
    public static string File => Made.Value;

    /// <summary>Makes another key and returns its file.</summary>
    public static string New()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("billing-key-").FullName, "master.key");
        System.IO.File.WriteAllText(file, RandomNumberGenerator.GetHexString(64, lowercase: true));
        return file;
    }
}
