using Billing.Testing;

namespace Billing.Contracts.Tests;

/// <summary>Files that are generated, committed and compared.</summary>
internal static class Golden
{
    /// <summary>Whether the committed files are to be brought up to date.</summary>
    public static bool Updating { get; } = Environment.GetEnvironmentVariable("UPDATE_SCHEMAS") == "1";

    /// <summary>The command that does it, for messages.</summary>
    public const string HowToUpdate = "UPDATE_SCHEMAS=1 ./billing test tests/Contracts.Tests";

    public static string Folder(params string[] path) => Path.Combine([Backend.Root, .. path]);

    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
