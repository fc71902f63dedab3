using System.Text.RegularExpressions;

namespace Billing.Conventions.Tests;

/// <summary>What <c>./billing</c> can be told to do.</summary>
internal static partial class Launcher
{
    /// <summary>The commands that <c>./billing help</c> lists.</summary>
    public static readonly HashSet<string> Commands = [.. NamedIn(Tree.Text("billing").Split("TEXT")[1])];

    /// <summary>The commands that a text names, each as often as it does.</summary>
    public static IEnumerable<string> NamedIn(string text) =>
        Named().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"\./billing ([a-z]+(?:-[a-z]+)*)")]
    private static partial Regex Named();
}
