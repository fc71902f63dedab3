using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Billing.Conventions.Tests;

/// <summary>
/// docs/requirements.md has a row for every requirement of the product, and what a row names is there. Whether a state
/// is true is for whoever reviews.
/// </summary>
public sealed partial class RequirementsTests
{
    private const string Page = "docs/requirements.md";
    private const string Nothing = "–";
    private const string Command = "./billing ";
    private const string Works = "works";
    private const string Partly = "partly";
    private const string NotYet = "not yet";
    private const string Self = "`tests/Conventions.Tests/RequirementsTests.cs`";

    /// <summary>How many requirements the product has under each letter, in the order of the page.</summary>
    private static readonly (char Letter, int Count)[] Numbered =
        [('C', 14), ('T', 10), ('I', 11), ('P', 11), ('A', 10), ('X', 5)];

    private static readonly string[] Columns =
        ["#", "requirement", "state", "where it lives", "tests that show it", "what is missing"];

    private static readonly string[] Legend = ["state", "---", Works, Partly, NotYet];

    private static readonly HashSet<string> TopFolders =
        [.. Tree.Files.Select(file => file.Split('/')).Where(parts => parts.Length > 1).Select(parts => parts[0])];

    /// <summary>The lines of all tables but the first, which says what the states mean; without their heads.</summary>
    private static IEnumerable<string> Rows => Tree.Lines(Page)
        .Where(line => line.StartsWith('|'))
        .SkipWhile(line => !CellsOf(line).SequenceEqual(Columns))
        .Where(line => !CellsOf(line).SequenceEqual(Columns) && CellsOf(line).Any(cell => cell.Trim('-').Length > 0));

    [Fact]
    public void Every_requirement_has_one_row() => Rows.Select(row => CellsOf(row)[0]).Should().Equal(
        Numbered.SelectMany(group => Enumerable.Range(1, group.Count).Select(number => $"{group.Letter}{number}")),
        "each requirement has one row, and they stand in the order of their numbers");

    [Fact]
    public void A_row_names_what_its_state_demands_and_what_is_there() => Rule.Holds(
        from row in Rows
        from mistake in MistakesIn(row)
        select $"{CellsOf(row)[0]}: {mistake}",
        $"Correct these rows of {Page}; its first lines say how they are written.");

    [Fact]
    public void A_path_on_the_page_leads_somewhere() => Rule.Holds(
        from match in InBackticks().Matches(Tree.Text(Page))
        let path = match.Groups[1].Value
        where path.Contains('/', StringComparison.Ordinal) && TopFolders.Contains(path.Split('/')[0])
        where !IsThere(path)
        select path,
        $"These files and folders are not there: correct {Page}.");

    [Fact]
    public void The_page_explains_the_states_that_it_uses() => Tree.Lines(Page)
        .Where(line => line.StartsWith('|'))
        .TakeWhile(line => !CellsOf(line).SequenceEqual(Columns))
        .Select(line => CellsOf(line)[0])
        .Should().Equal(Legend, "the page uses these states and no other");

    [Theory]
    [InlineData($"| T1 | plans | works | `tests/Conventions.Tests` | {Self} | – |")]
    [InlineData($"| T1 | plans | works | `./billing audit` | {Self} | – |")]
    [InlineData("| T1 | plans | partly | `tests/Conventions.Tests/Tree.cs`, `./billing what-if` | – | much |")]
    [InlineData("| T1 | plans | not yet | – | – | all |")]
    public void A_row_that_is_right_passes(string row) => MistakesIn(row).Should().BeEmpty();

    [Theory]
    [InlineData("| T1 | plans | done | `tests/Conventions.Tests` | – | much |", "state")]
    [InlineData("| T1 | plans | Works | `tests/Conventions.Tests` | – | – |", "state")]
    [InlineData("| T1 | plans | works | `tests/Conventions.Tests` | – | – |", "names no test")]
    [InlineData($"| T1 | plans | works | `tests/Conventions.Tests` | {Self} | much |", "lacks")]
    [InlineData($"| T1 | plans | works | – | {Self} | – |", "lives nowhere")]
    [InlineData("| T1 | plans | partly | – | – | much |", "lives nowhere")]
    [InlineData("| T1 | plans | partly | `tests/Conventions.Tests` | – | – |", "does not say")]
    [InlineData("| T1 | plans | not yet | – | – | – |", "does not say")]
    [InlineData($"| T1 | plans | not yet | – | {Self} | all |", "names")]
    [InlineData("| T1 | plans | not yet | `tests/Conventions.Tests` | – | all |", "names")]
    [InlineData("| T1 | plans | partly | `tests/Conventions.Test` | – | much |", "no place")]
    [InlineData("| T1 | plans | partly | `Conventions.Tests/Tree.cs` | – | much |", "no place")]
    [InlineData("| T1 | plans | partly | tests/Conventions.Tests | – | much |", "no place")]
    [InlineData("| T1 | plans | partly | `tests/Conventions.Tests` and others | – | much |", "no place")]
    [InlineData("| T1 | plans | partly | `./billing what` | – | much |", "no place")]
    [InlineData("| T1 | plans | partly | `tests/Conventions.Tests` | `tests/Conventions.Tests` | much |",
        "no file with tests")]
    [InlineData("| T1 | plans | partly | `./billing up` | `tests/Conventions.Tests/Tree.cs` | much |",
        "no file with tests")]
    [InlineData("| T1 | plans | partly | `tests/Conventions.Tests` | `RequirementsTests` | much |",
        "no file with tests")]
    [InlineData("| T1 | plans | partly | `tests/Conventions.Tests` | – |", "columns")]
    [InlineData("| T1 | plans | partly | `tests/Conventions.Tests` | – | much", "columns")]
    [InlineData("| T1 | plans | partly | `tests/Conventions.Tests` | – | much | more |", "columns")]
    [InlineData("| T1 |  | partly | `tests/Conventions.Tests` | – | much |", "columns")]
    public void A_row_that_is_wrong_is_noticed(string row, string mistake) =>
        MistakesIn(row).Should().ContainSingle().Which.Should().Contain(mistake);

    private static IEnumerable<string> MistakesIn(string row)
    {
        var cells = CellsOf(row);
        if (cells.Length != Columns.Length || cells.Contains(""))
            return [$"does not fill the columns {string.Join(", ", Columns)}"];
        var (places, tests) = (NamesIn(cells[3]), NamesIn(cells[4]));
        return MistakeOfState(cells[2], places.Length, tests.Length, cells[5]) is { } mistake
            ? [mistake]
            : places.Where(name => !IsPlace(name)).Select(name => $"{name} is no place of this tree")
                .Concat(tests.Where(name => !IsTest(name)).Select(name => $"{name} is no file with tests"));
    }

    private static string? MistakeOfState(string state, int places, int tests, string missing) => state switch
    {
        not (Works or Partly or NotYet) => $"its state is not {Works}, {Partly} or {NotYet}",
        NotYet when places + tests > 0 => "names what is not there yet",
        not NotYet when places == 0 => "lives nowhere",
        Works when tests == 0 => "works, and names no test that shows it",
        Works when missing != Nothing => "works, and lacks something",
        not Works when missing == Nothing => "does not say what is missing",
        _ => null,
    };

    private static string[] CellsOf(string line) => [.. line.Split('|')[1..^1].Select(cell => cell.Trim())];

    private static string[] NamesIn(string cell) => cell == Nothing ? [] : cell.Split(", ");

    /// <summary>What stands in backticks, or nothing when something else stands there.</summary>
    private static string Unquoted(string name) =>
        name.Length > 2 && name[0] == '`' && name[^1] == '`' ? name[1..^1] : "";

    private static bool IsPlace(string name) =>
        Unquoted(name) is var place && (place.StartsWith(Command, StringComparison.Ordinal)
            ? Launcher.Commands.Contains(place[Command.Length..])
            : IsThere(place));

    private static bool IsTest(string name) =>
        Unquoted(name) is var file && file.StartsWith("tests/", StringComparison.Ordinal)
        && file.EndsWith(".cs", StringComparison.Ordinal) && Tree.Files.Contains(file)
        && Tree.All<AttributeSyntax>(file).Any(attribute => attribute.Name.ToString() is "Fact" or "Theory");

    /// <summary>A folder is there when it holds a file of ours: what a build left behind does not count.</summary>
    private static bool IsThere(string path) => Tree.Files.Any(file =>
        file == path || file.StartsWith($"{path}/", StringComparison.Ordinal));

    [GeneratedRegex(@"`([^`\n]+)`")]
    private static partial Regex InBackticks();
}
