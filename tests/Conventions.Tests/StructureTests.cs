using System.Reflection;
using System.Xml.Linq;
using FluentAssertions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit.Abstractions;

namespace Billing.Conventions.Tests;

/// <summary>How the parts of the tree stand to each other.</summary>
public sealed class StructureTests(ITestOutputHelper output)
{
    private const int MostLinesOfProgram = 60;

    private const BindingFlags Own =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] SharedByServices = ["Billing.Contracts", "Billing.Platform", "Billing.Rating"];

    [Fact]
    public void No_service_refers_to_another() => Rule.Holds(
        from project in Tree.Projects
        where project.StartsWith("services/", StringComparison.Ordinal)
        from reference in References(project, "ProjectReference")
        let name = Path.GetFileNameWithoutExtension(reference)
        where !SharedByServices.Contains(name)
        select $"{project} refers to {name}",
        "Services speak through messages in contracts/ and share Platform; nothing else (style, section 4).");

    [Fact]
    public void Contracts_depend_on_nothing() => References("contracts/Billing.Contracts.csproj", "PackageReference")
        .Concat(References("contracts/Billing.Contracts.csproj", "ProjectReference"))
        .Should().BeEmpty("contracts are what others compile against; they bring no packages");

    [Fact]
    public void Everything_public_in_contracts_is_explained()
    {
        var explained = XDocument.Load(Path.ChangeExtension(Ours.Contracts.Location, ".xml"))
            .Descendants("member").Where(member => member.HasElements)
            .Select(member => (string)member.Attribute("name")!).ToHashSet(StringComparer.Ordinal);
        Rule.Holds(
            from type in Ours.Contracts.GetExportedTypes()
            let name = type.FullName!.Replace('+', '.')
            from key in type.GetProperties(Own).Select(property => $"P:{name}.{property.Name}").Prepend($"T:{name}")
            where !explained.Contains(key)
            select key,
            "Say what it is: unit, inclusivity, what the default means, the number of the rule.");
    }

    [Fact]
    public void Versions_of_packages_stand_in_one_place() => Rule.Holds(
        from project in Tree.Projects
        from reference in XDocument.Load(Path.Combine(Tree.Root, project)).Descendants()
        where reference.Name.LocalName is "PackageReference" or "PackageVersion"
        where reference.Name.LocalName == "PackageVersion" || reference.Attribute("Version") is not null
            || reference.Attribute("VersionOverride") is not null
        select $"{project}: {reference.Attribute("Include")?.Value}",
        "Put the version into Directory.Packages.props.");

    [Fact]
    public void The_solution_names_every_project()
    {
        var solution = Tree.Text("Billing.sln").Replace('\\', '/');
        Rule.Holds(
            Tree.Projects.Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal)),
            "Add them: dotnet sln Billing.sln add --solution-folder <top folder> <project>.");
    }

    [Fact]
    public void Platform_keeps_within_its_budget()
    {
        var lines = Tree.Sources
            .Where(file => file.StartsWith("services/Platform/", StringComparison.Ordinal)).Sum(LinesOfCode);
        output.WriteLine($"Platform has {lines} lines of code; the budget is {Ratchet.PlatformLines}.");
        lines.Should().BeLessThanOrEqualTo(
            Ratchet.PlatformLines,
                "every reader of every service pays for these lines: take some out before you put some in");
        lines.Should().BeGreaterThan(
            Ratchet.PlatformLines - 100, "Platform got smaller: lower Ratchet.PlatformLines to the next 50 above {0}",
                lines);
    }

    [Fact]
    public void A_program_has_at_most_60_lines() => Rule.Holds(
        from service in Tree.Services
        let file = $"services/{service}/Program.cs"
        let lines = Tree.Lines(file).Length
        where lines > MostLinesOfProgram
        select $"{file}: {lines} lines",
        "Program.cs only lists what there is; move the rest to where it belongs (style rule 19).");

    [Fact]
    public void A_program_names_every_endpoint() => Rule.Holds(
        from service in Tree.Services
        let program = Tree.Text($"services/{service}/Program.cs")
        from file in InService(service)
        from method in Tree.All<MethodDeclarationSyntax>(file)
        where method.ParameterList.Parameters is [var first, ..] && first.Modifiers.Any(SyntaxKind.ThisKeyword)
            && first.Type?.ToString() is "IEndpointRouteBuilder" or "WebApplication"
        where !program.Contains($".{method.Identifier.Text}(", StringComparison.Ordinal)
        select $"{file}: {method.Identifier.Text} is not called in {service}'s Program.cs",
        "An endpoint that Program.cs does not name cannot be found, and is not there (style rule 19).");

    [Fact]
    public void A_service_names_every_consumer() => Rule.Holds(
        from service in Tree.Services
        let inbound = Tree.TextIfAny($"services/{service}/Inbound.cs") + Tree.Text($"services/{service}/Program.cs")
        from file in InService(service)
        from type in Tree.All<ClassDeclarationSyntax>(file)
        where !type.Modifiers.Any(SyntaxKind.AbstractKeyword)
            && type.BaseList is { } bases && bases.Types.Any(IsConsumer)
        where !inbound.Contains(
            type.TypeParameterList is null ? $"<{type.Identifier.Text}>" : $"typeof({type.Identifier.Text}<",
            StringComparison.Ordinal)
        select $"{file}: {type.Identifier.Text} is not in {service}'s Inbound.cs",
        "A consumer that neither Inbound.cs nor Program.cs names has no queue (style rule 19).");

    [Fact]
    public void Only_outbound_sees_what_its_service_publishes() => Rule.Holds(
        from service in Tree.Services
        from file in InService(service)
        where Path.GetFileName(file) != "Outbound.cs"
        from name in Tree.All<NameSyntax>(file)
        where name.ToString() == $"Billing.Contracts.{service}"
        select $"{file}:{Tree.LineOf(name)}",
        "A service's own public messages are made in Outbound.cs alone, from its private events (docs/adr/0009).");

    [Fact]
    public void No_namespace_is_named_like_a_type()
    {
        var spaces = Tree.Sources.SelectMany(Tree.All<BaseNamespaceDeclarationSyntax>)
            .SelectMany(space => space.Name.ToString().Split('.')).Where(part => part != "Billing")
            .ToHashSet(StringComparer.Ordinal);
        Rule.Holds(
            from file in Tree.Sources
            from type in Tree.All<BaseTypeDeclarationSyntax>(file)
            where type.Parent is BaseNamespaceDeclarationSyntax && spaces.Contains(type.Identifier.Text)
            select $"{file}: {type.Identifier.Text}",
            "C# takes the namespace where you mean the type (CS0118): find a better noun for one of them.");
    }

    private static IEnumerable<string> InService(string service) =>
        Tree.Sources.Where(file => file.StartsWith($"services/{service}/", StringComparison.Ordinal));

    private static bool IsConsumer(BaseTypeSyntax type) => type.Type is GenericNameSyntax generic
        && generic.Identifier.Text is "Consumer" or "BulkConsumer" or "IConsumer";

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Path.Combine(Tree.Root, project)).Descendants(kind)
            .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'));

    /// <summary>Lines on which something of the program begins or ends; blank lines and comments have none.</summary>
    private static int LinesOfCode(string file) => Tree.Syntax(file).DescendantTokens()
        .Where(token => token.Span.Length > 0)
        .SelectMany(token => Span(token.GetLocation().GetLineSpan()))
        .Distinct().Count();

    private static IEnumerable<int> Span(FileLinePositionSpan span) => Enumerable.Range(
        span.StartLinePosition.Line, span.EndLinePosition.Line - span.StartLinePosition.Line + 1);
}
