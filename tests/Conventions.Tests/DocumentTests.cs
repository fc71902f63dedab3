using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FluentAssertions;

namespace Billing.Conventions.Tests;

/// <summary>Documents say what is so.</summary>
public sealed partial class DocumentTests
{
    private const int MostLinesOfPage = 80;

    private static readonly string[] Allowed = ["MIT", "Apache-2.0", "BSD-3-Clause", "BSD-2-Clause", "PostgreSQL"];

    private static readonly string[] Headings = ["## Context", "## Options", "## Decision", "## Consequences"];

    private static IEnumerable<string> Pages =>
        Tree.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal));

    [Theory, InlineData("README.md"), InlineData("README.zh-CN.md")]
    public void The_readme_names_every_command(string readme)
    {
        var text = Tree.Text(readme);
        Launcher.Commands.Should().HaveCountGreaterThan(10);
        Rule.Holds(
            Launcher.Commands.Where(command => !text.Contains($"./billing {command}", StringComparison.Ordinal)),
            $"./billing help lists these commands and {readme} does not: add them.");
    }

    [Fact]
    public void No_page_names_a_command_that_is_not_there() => Rule.Holds(
        from page in Pages
        from command in Launcher.NamedIn(Tree.Text(page))
        where command != "help" && !Launcher.Commands.Contains(command)
        select $"{page}: ./billing {command}",
        "./billing help does not list these commands: correct the page.");

    [Fact]
    public void Links_lead_somewhere() => Rule.Holds(
        from page in Pages
        from match in Link().Matches(Tree.Text(page))
        let target = match.Groups[1].Value
        where !target.Contains("://", StringComparison.Ordinal)
        where !Path.Exists(Path.Combine(Tree.Root, Path.GetDirectoryName(page)!, target))
        select $"{page}: {target}",
        "These files are not there: correct the link.");

    [Fact]
    public void Every_package_has_a_licence_we_allow()
    {
        var table = Row().Matches(Tree.Text("docs/licences.md")).Where(row => row.Groups[1].Value != "package")
            .ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value, StringComparer.Ordinal);
        string[] packages = [.. XDocument.Load(Path.Combine(Tree.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion").Select(package => package.Attribute("Include")!.Value)];
        Rule.Holds(
            packages.Where(package => !table.ContainsKey(package)),
            "Look up the licence in the package's .nuspec and add a row to docs/licences.md.");
        Rule.Holds(
            table.Where(row => !row.Value.Split(" or ").Any(Allowed.Contains)).Select(row => $"{row.Key}: {row.Value}"),
            $"We take {string.Join(", ", Allowed)}; anything else is for the owner of the product to decide.");
        Rule.Holds(table.Keys.Except(packages),
            "These packages are not used any more: take their rows out of docs/licences.md.");
    }

    [Fact]
    public void Decisions_are_numbered_dated_and_one_page()
    {
        string[] records = [.. Tree.Files.Where(file => file.StartsWith("docs/adr/", StringComparison.Ordinal))];
        records.Select(file => Path.GetFileName(file)[..4]).Should().Equal(
            Enumerable.Range(1, records.Length).Select(n => n.ToString("0000", CultureInfo.InvariantCulture)),
            "decisions are numbered one after the other and never taken away");
        Rule.Holds(
            from record in records
            let lines = Tree.Lines(record)
            where !Headings.All(lines.Contains) || !lines.Any(line => Dated().IsMatch(line))
                || lines.Length > MostLinesOfPage
            select record,
            $"A decision has a date (Date: 2026-11-21), the headings {string.Join(", ", Headings)}, and one page.");
    }

    [Fact]
    public void Every_service_has_a_page() => Rule.Holds(
        from service in Tree.Services
        let page = $"services/{service}/README.md"
        where !Tree.Files.Contains(page) || Tree.Lines(page).Length > MostLinesOfPage
        select page,
        "A service says on one page: purpose, streams, commands, in, out, invariants (style rule 25).");

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\| ([A-Za-z][\w.-]*\w) \| ([^|]+?) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^Date: \d{4}-\d{2}-\d{2}$")]
    private static partial Regex Dated();
}
