using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Billing.Conventions.Tests;

/// <summary>
/// How an event is called in storage stands once, on its record, and where events lie is known to Platform. Golden
/// copies hold the names, being no code; a migration is as old as the names it was written with.
/// </summary>
public sealed partial class StorageTests
{
    private static readonly string[] Theirs = ["services/Platform/", "tests/Platform.Tests/"];

    private static IEnumerable<string> Others => Tree.Code.Where(file =>
        !Theirs.Any(folder => file.StartsWith(folder, StringComparison.Ordinal))
        && !file.Contains("/migrations/", StringComparison.Ordinal));

    [Fact]
    public void A_stored_name_stands_once_on_its_record() => Rule.Holds(
        from file in Others
        where file.EndsWith(".cs", StringComparison.Ordinal)
        from text in Texts(file)
        where StoredName().IsMatch(text.ValueText) && !IsOnRecord(text)
        select $"{file}:{text.GetLocation().GetLineSpan().StartLinePosition.Line + 1} {text.ValueText.Trim()}",
        "Name the record: StoredAsAttribute.NameOf(typeof(…)), or ask StoredEvents, which takes the name from there.");

    [Fact]
    public void No_query_names_an_event() => Rule.Holds(
        from file in Others
        where file.EndsWith(".sql", StringComparison.Ordinal) || Path.GetExtension(file).Length == 0
        from line in Tree.Lines(file).Select((text, i) => (Number: i + 1, Text: text))
        where StoredName().IsMatch(line.Text)
        select $"{file}:{line.Number} {line.Text.Trim()}",
        "Ask StoredEvents, which takes the name from the record.");

    [Fact]
    public void Only_platform_knows_where_events_lie() => Rule.Holds(
        from file in Others
        from line in Tree.Lines(file).Select((text, i) => (Number: i + 1, Text: text))
        where Lies().IsMatch(line.Text)
        select $"{file}:{line.Number} {line.Text.Trim()}",
        "Ask StoredEvents. Who must write SQL about all events takes the tables' names from EventTables.");

    [Fact]
    public void There_is_something_to_look_at()
    {
        Assert.True(Others.SelectMany(Names).Count() > 20, "Stored names were not found on their records.");
        Assert.Matches(Lies(), Tree.Text("services/Platform/EventStore/EventTables.cs"));
    }

    private static IEnumerable<string> Names(string file) => file.EndsWith(".cs", StringComparison.Ordinal)
        ? Texts(file).Where(IsOnRecord).Select(text => text.ValueText).Where(text => StoredName().IsMatch(text))
        : [];

    private static IEnumerable<SyntaxToken> Texts(string file) => Tree.Syntax(file).DescendantTokens()
        .Where(token => token.IsKind(SyntaxKind.StringLiteralToken)
            || token.IsKind(SyntaxKind.SingleLineRawStringLiteralToken)
            || token.IsKind(SyntaxKind.MultiLineRawStringLiteralToken)
            || token.IsKind(SyntaxKind.Utf8StringLiteralToken)
            || token.IsKind(SyntaxKind.InterpolatedStringTextToken));

    private static bool IsOnRecord(SyntaxToken text) =>
        text.Parent?.FirstAncestorOrSelf<AttributeSyntax>()?.Name.ToString() == "StoredAs";

    [GeneratedRegex(@"\b[a-z]+(-[a-z]+)+\.v\d+\b")]
    private static partial Regex StoredName();

    [GeneratedRegex(@"\bmt_(events|streams|event_progression)")]
    private static partial Regex Lies();
}
