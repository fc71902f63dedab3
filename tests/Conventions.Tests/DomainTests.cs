using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Billing.Conventions.Tests;

/// <summary>The rules of the business and their examples, against what speaks of them.</summary>
public sealed partial class DomainTests
{
    private static readonly string[] Speaking = [".cs", ".razor", ".sql", ".md", ".json"];

    private static readonly string[] ExampleFiles = ["docs/domain/vectors.json", "docs/domain/vectors-2.json"];

    private static readonly HashSet<string> Rules =
        [.. Defined().Matches(Tree.Text("docs/domain/rules.md")).Select(rule => rule.Groups[1].Value)];

    private static readonly HashSet<string> Sections =
        [.. Heading().Matches(Tree.Text("docs/domain/rules.md")).Select(heading => heading.Groups[1].Value)];

    private static readonly HashSet<string> StyleRules =
        [.. Numbered().Matches(Tree.Text("docs/style.md")).Select(rule => rule.Groups[1].Value)];

    private static readonly string Excuses = Tree.Text("docs/domain/README.md");

    [Fact]
    public void There_is_something_to_cite()
    {
        Rules.Should().HaveCountGreaterThan(150).And.Contain(["G-1", "H-33", "E-33", "B-13", "R-6"]);
        Sections.Should().Contain(["1.1", "2.5", "5.3", "7"]);
        StyleRules.Should().Contain(["5", "26"]);
        Places().Count().Should().BeGreaterThan(150);
        Citing().SelectMany(file => SectionCited().Matches(Tree.Text(file))).Should().HaveCountGreaterThan(15);
    }

    [Fact]
    public void Every_rule_that_is_cited_exists() => Rule.Holds(
        from place in Places()
        where !Rules.Contains(place.Rule)
        select $"{place.File}: {place.Rule}",
        "docs/domain/rules.md has no such rule: name the one that you mean.");

    [Fact]
    public void Every_section_that_is_cited_exists() => Rule.Holds(
        from file in Citing()
        from match in SectionCited().Matches(Tree.Text(file))
        where !Sections.Contains(match.Groups[1].Value)
        select $"{file}: {match.Value}",
        "docs/domain/rules.md has no such section.");

    [Fact]
    public void Every_rule_of_style_that_is_cited_exists() => Rule.Holds(
        from file in Citing()
        from match in StyleCited().Matches(Tree.Text(file))
        where !StyleRules.Contains(match.Groups[1].Value)
        select $"{file}: {match.Value}",
        "docs/style.md has no such rule.");

    [Fact]
    public void Every_example_is_computed_by_a_test_or_has_a_reason() => Rule.Holds(
        from example in Examples()
        let used = Uses(example.Id, example.Area)
        let excused = Excuses.Contains($"\n| {example.Id} | ", StringComparison.Ordinal)
        where used == excused
        select used ? $"{example.Id} is computed, and docs/domain/README.md says it is not" : example.Id,
        "Compute it, through the public engine and a real run where the rule reaches a bill, or say why not.");

    [Fact]
    public void Only_examples_are_excused()
    {
        var known = Examples().Select(example => example.Id).ToHashSet(StringComparer.Ordinal);
        known.Should().HaveCountGreaterThan(100);
        Rule.Holds(
            Excused().Matches(Excuses).Select(row => row.Groups[1].Value).Where(id => !known.Contains(id)),
            "docs/domain/README.md excuses what is no example.");
    }

    [Theory]
    [InlineData("// as E-99 says", "E-99")]
    [InlineData("rules.md H-19 and C-6", "H-19 C-6")]
    [InlineData("ECDSA P-256, region A-1, ICBC-2024, 2026-11-01, TV-E03, XE-21, E-21-x", "")]
    public void A_citation_is_a_letter_of_the_rules_and_a_number(string text, string cited) =>
        string.Join(' ', Cited().Matches(text).Select(match => match.Value)).Should().Be(cited);

    private static IEnumerable<(string File, string Rule)> Places() =>
        from file in Citing()
        from match in Cited().Matches(Tree.Text(file))
        select (file, match.Value);

    private static IEnumerable<string> Citing() => Tree.Files.Where(file =>
        Speaking.Contains(Path.GetExtension(file)) && file is not "docs/style.md" and not "docs/domain/rules.md"
        && file != "tests/Conventions.Tests/DomainTests.cs");

    private static IEnumerable<(string Id, string Area)> Examples() =>
        from file in ExampleFiles
        from example in JsonElement.Parse(Tree.Text(file)).EnumerateArray()
        select (example.GetProperty("id").GetString()!, example.GetProperty("area").GetString()!);

    /// <summary>The code of a file without its comments: what only a comment names is computed by nobody.</summary>
    private static string Spoken(string file) => Code.GetOrAdd(file, known =>
    {
        var text = Tree.Text(known).ToCharArray();
        foreach (var comment in Tree.Syntax(known).DescendantTrivia(descendIntoTrivia: false)
            .Where(trivia => !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia)))
            Array.Fill(text, ' ', comment.FullSpan.Start, comment.FullSpan.Length);
        return new(text);
    });

    private static readonly ConcurrentDictionary<string, string> Code = new(StringComparer.Ordinal);

    /// <summary>By its own name, or by its area's, as a key or a choice in a table of tests.</summary>
    private static bool Uses(string id, string area) => Tree.Sources
        .Where(file => file.StartsWith("tests/", StringComparison.Ordinal))
        .Select(Spoken)
        .Any(text => text.Contains($"[\"{area}\"] =", StringComparison.Ordinal)
            || text.Contains($"(\"area\").GetString() == \"{area}\"", StringComparison.Ordinal)
            || Regex.IsMatch(text, $@"\b{Regex.Escape(id).Replace("-", "[-_]", StringComparison.Ordinal)}(?![\w-])"));

    [GeneratedRegex(@"^[ \t]*(?:[-|*][ \t]*)*\**([A-Z]-\d+)\b", RegexOptions.Multiline)]
    private static partial Regex Defined();

    [GeneratedRegex(@"^#{2,3} (\d+(?:\.\d+)?)\b", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(\d+)\. ", RegexOptions.Multiline)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"(?<![\w-])(?!P-256)[BCDEGHIKLPR]-\d+(?![\w-])")]
    private static partial Regex Cited();

    [GeneratedRegex(@"\brules?(?:\.md)? (\d+\.\d+)\b")]
    private static partial Regex SectionCited();

    [GeneratedRegex(@"\bstyle rule (\d+)\b")]
    private static partial Regex StyleCited();

    [GeneratedRegex(@"^\| (TV2?-\w+) \| ", RegexOptions.Multiline)]
    private static partial Regex Excused();
}
