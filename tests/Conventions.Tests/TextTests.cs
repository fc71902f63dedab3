using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Billing.Conventions.Tests;

/// <summary>How the text of the code looks.</summary>
public sealed partial class TextTests
{
    private const int MostColumns = 120;
    private const int MostLinesOfFile = 300;
    private const int MostLinesOfMethod = 70;
    private const int MostLinesOfServiceFile = 250;
    private const int MedianLinesOfService = 75;

    private static readonly string[] WallClock = ["DateTime", "DateTimeOffset"];
    private static readonly string[] Now = ["Now", "UtcNow", "Today"];

    [Fact]
    public void Lines_have_at_most_120_columns() => Rule.Holds(
        from file in Tree.Code
        from line in Tree.Lines(file).Select((text, i) => (Number: i + 1, text.Length))
        where line.Length > MostColumns
        select $"{file}:{line.Number} has {line.Length}",
        "Break these lines at 120 columns.");

    [Fact]
    public void Files_have_at_most_300_lines() => Rule.Limit(
        MostLinesOfFile,
        Tree.Code.Select(file => (file, Tree.Lines(file).Length)),
        Ratchet.LongFiles, "lines",
        "A file is one thought. Split these where the thought changes, or say in Ratchet.cs why not.");

    /// <summary>
    /// Of a service. Platform has a budget instead; Rating's components are formulas that stand better in one piece.
    /// </summary>
    [Fact]
    public void Services_are_files_of_at_most_250_lines_and_half_of_them_of_at_most_75() => Rule.Holds(
        from service in Tree.Services
        let lines = Tree.Code.Where(file => file.StartsWith($"services/{service}/", StringComparison.Ordinal)
                && file.EndsWith(".cs", StringComparison.Ordinal))
            .Select(file => Tree.Lines(file).Length).Order().ToList()
        where lines[^1] > MostLinesOfServiceFile || lines[lines.Count / 2] > MedianLinesOfService
        select $"services/{service}: median {lines[lines.Count / 2]}, largest {lines[^1]}",
        "A file is one thought. Split the longest of these where the thought changes.");

    [Fact]
    public void Methods_have_at_most_70_lines() => Rule.Limit(
        MostLinesOfMethod,
        from file in Tree.Sources
        from method in Tree.Syntax(file).DescendantNodes()
        let name = NameOf(method)
        where name is not null
        select ($"{file} {name}", LinesOf(method)),
        Ratchet.LongMethods, "lines",
        "A method fits on a screen. Give its parts names, or say in Ratchet.cs why not.");

    [Fact]
    public void Nothing_is_left_to_be_done() => Rule.Holds(
        from file in Tree.Code
        from line in Tree.Lines(file).Select((text, i) => (Number: i + 1, Text: text))
        where Leftover().IsMatch(line.Text)
        select $"{file}:{line.Number} {line.Text.Trim()}",
        "Do it now, or write an issue and take the remark out.");

    [Fact]
    public void Nothing_throws_because_it_was_not_written() => Rule.Holds(
        from file in Tree.Sources
        from name in Tree.All<IdentifierNameSyntax>(file)
        where name.Identifier.Text == "NotImplementedException"
        select $"{file}:{Tree.LineOf(name)}",
        "Write it, or leave the member out.");

    [Fact]
    public void Nobody_looks_at_the_wall_clock() => Rule.Holds(
        from file in Tree.Sources
        from member in Tree.All<MemberAccessExpressionSyntax>(file)
        where WallClock.Contains(member.Expression.ToString().Split('.')[^1])
            && Now.Contains(member.Name.Identifier.Text)
        select $"{file}:{Tree.LineOf(member)} {member}",
        "Take a TimeProvider at the edge, and put the date into the command (style rule 16).");

    [Fact]
    public void Nobody_sleeps() => Rule.Holds(
        from file in Tree.Sources
        from member in Tree.All<MemberAccessExpressionSyntax>(file)
        where member.ToString() is "Thread.Sleep" or "System.Threading.Thread.Sleep"
        select $"{file}:{Tree.LineOf(member)}",
        "Wait for what you wait for: Eventually in tests, a signal in services.");

    [Fact]
    public void Tests_poll_and_do_not_wait_by_time() => Rule.Limit(
        0,
        from file in Tree.Sources
        where file.StartsWith("tests/", StringComparison.Ordinal)
            && !file.StartsWith("tests/Testing/", StringComparison.Ordinal)
        select (file, Tree.All<MemberAccessExpressionSyntax>(file).Count(member => member.ToString() == "Task.Delay")),
        Ratchet.Delays, "delays",
        "Use Eventually.Holds with a message. If the test is about time itself, say so in Ratchet.cs.");

    [Fact]
    public void No_test_is_skipped() => Rule.Holds(
        from file in Tree.Sources
        from argument in Tree.All<AttributeArgumentSyntax>(file)
        where argument.NameEquals?.Name.Identifier.Text == "Skip"
        select $"{file}:{Tree.LineOf(argument)}",
        "A skipped test is a lie in green. Mend it or delete it.");

    [Fact]
    public void Only_platform_and_tools_catch_everything() => Rule.Limit(
        0,
        from file in Tree.Sources
        where !file.StartsWith("services/Platform/", StringComparison.Ordinal)
            && !file.StartsWith("tools/", StringComparison.Ordinal)
        select (file, Tree.All<CatchClauseSyntax>(file).Count(CatchesEverything)),
        Ratchet.Catches, "catches of everything",
        "Catch only what you can name (style rule 20): the exceptions you expect, or nothing.");

    [Fact]
    public void File_names_have_no_spaces() => Rule.Holds(
        Tree.Files.Where(file => file.Contains(' ', StringComparison.Ordinal)), "Rename these files.");

    /// <summary>Not if a filter names the exceptions, nor if it is thrown on after something was tidied up.</summary>
    private static bool CatchesEverything(CatchClauseSyntax caught) =>
        caught.Declaration?.Type.ToString() is null or "Exception" or "System.Exception"
        && caught.Filter?.FilterExpression is not IsPatternExpressionSyntax
        && caught.Block.Statements.LastOrDefault() is not ThrowStatementSyntax { Expression: null };

    private static string? NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => $"{TypeOf(node)}.{method.Identifier.Text}",
        ConstructorDeclarationSyntax constructor => $"{TypeOf(node)}.{constructor.Identifier.Text}",
        OperatorDeclarationSyntax @operator => $"{TypeOf(node)}.operator {@operator.OperatorToken.Text}",
        LocalFunctionStatementSyntax local => $"{TypeOf(node)}.{local.Identifier.Text} (local)",
        AccessorDeclarationSyntax accessor => $"{TypeOf(node)}.{accessor.Keyword.Text} at {Tree.LineOf(accessor)}",
        _ => null,
    };

    private static string TypeOf(SyntaxNode node) =>
        node.Ancestors().OfType<BaseTypeDeclarationSyntax>().FirstOrDefault()?.Identifier.Text ?? "";

    /// <summary>From the first to the last line, without the comments above.</summary>
    private static int LinesOf(SyntaxNode node)
    {
        var span = node.SyntaxTree.GetLineSpan(node.Span);
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    [GeneratedRegex(@"\b(TO" + "DO|FIX" + "ME|HA" + @"CK|X" + @"XX)\b")]
    private static partial Regex Leftover();
}
