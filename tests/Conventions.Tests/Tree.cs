using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Billing.Conventions.Tests;

/// <summary>The repository as its files.</summary>
internal static class Tree
{
    private static readonly string[] NotOurs =
        [".git", ".run", ".vs", ".idea", "artifacts", "data", "bin", "obj", "TestResults", "node_modules"];

    private static readonly string[] CodeSuffixes = [".cs", ".razor", ".sql", ".css", ".js", ".sh"];

    private static readonly ConcurrentDictionary<string, SyntaxNode> Parsed = new(StringComparer.Ordinal);

    public static readonly string Root = FindRoot();

    /// <summary>Every file of ours, as a path from the root with slashes.</summary>
    public static readonly IReadOnlyList<string> Files = [.. Under(Root).Order(StringComparer.Ordinal)];

    /// <summary>What is written to be run: sources, queries and scripts.</summary>
    public static IEnumerable<string> Code => Files.Where(file =>
        CodeSuffixes.Contains(Path.GetExtension(file)) || (Path.GetExtension(file).Length == 0 && IsScript(file)));

    public static IEnumerable<string> Sources => Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<string> Projects =>
        Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal));

    /// <summary>The folders of the services, Platform left out.</summary>
    public static IEnumerable<string> Services =>
        Files.Where(file => file.StartsWith("services/", StringComparison.Ordinal)
            && file.EndsWith("/Program.cs", StringComparison.Ordinal))
            .Select(file => file.Split('/')[1]);

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>The text of a file that not everybody has.</summary>
    public static string TextIfAny(string file) => File.Exists(Path.Combine(Root, file)) ? Text(file) : "";

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    /// <summary>A source file as the compiler reads it.</summary>
    public static SyntaxNode Syntax(string file) =>
        Parsed.GetOrAdd(file, path => CSharpSyntaxTree.ParseText(Text(path)).GetRoot());

    /// <summary>All nodes of a kind in a file.</summary>
    public static IEnumerable<T> All<T>(string file)
        where T : SyntaxNode => Syntax(file).DescendantNodes().OfType<T>();

    /// <summary>The line of a node, from 1.</summary>
    public static int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    private static IEnumerable<string> Under(string folder)
    {
        foreach (var file in Directory.GetFiles(folder))
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        foreach (
            var child in Directory.GetDirectories(folder).Where(child => !NotOurs.Contains(Path.GetFileName(child))))
            foreach (var file in Under(child))
                yield return file;
    }

    private static bool IsScript(string file)
    {
        using var reader = new StreamReader(Path.Combine(Root, file));
        return reader.Read() == '#' && reader.Read() == '!';
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "global.json")))
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("The project's root was not found.");
        return folder;
    }
}
