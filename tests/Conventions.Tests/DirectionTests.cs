using FluentAssertions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Billing.Conventions.Tests;

/// <summary>Which folder may know which.</summary>
public sealed class DirectionTests
{
    /// <summary>Each folder knows those before it, and itself.</summary>
    private static readonly string[] Platform =
        ["Abstractions", "EventStore", "PersonalData", "Messaging", "AuditTrail", "Hosting", "Approvals"];

    [Fact]
    public void Platform_has_these_folders_and_no_others() => Files()
        .Select(file => file.Split('/')[2]).Distinct().Should().BeEquivalentTo(Platform);

    [Fact]
    public void Platform_knows_only_what_stands_before()
    {
        var homes = Files()
            .SelectMany(file => Tree.Syntax(file).DescendantNodes().Where(IsDeclared)
                .Select(type => (Name: NameOf(type), Folder: FolderOf(file))))
            .GroupBy(type => type.Name, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Min(type => type.Folder), StringComparer.Ordinal);
        homes.Should().ContainKeys("Decision", "EventStore", "Relay", "BillingService", "Telemetry", "Proposal");
        Rule.Holds(
            from file in Files()
            from name in Tree.All<SimpleNameSyntax>(file)
            where homes.TryGetValue(name.Identifier.Text, out var home) && home > FolderOf(file)
                && !IsMember(name)
            select $"{file}:{Tree.LineOf(name)} {name.Identifier.Text} is in {Platform[homes[name.Identifier.Text]]}",
            $"Platform stands in one direction, {string.Join(" <- ", Platform)}: move what is needed, or turn it.");
    }

    [Fact]
    public void Platform_calls_only_extensions_that_stand_before()
    {
        var methods = Files()
            .SelectMany(file => Tree.All<MethodDeclarationSyntax>(file)
                .Select(method => (Name: method.Identifier.Text, Folder: FolderOf(file), IsExtension(method))))
            .GroupBy(method => method.Name, StringComparer.Ordinal)
            .Where(same => same.Any(method => method.Item3))
            .ToDictionary(same => same.Key, same => same.Min(method => method.Folder), StringComparer.Ordinal);
        methods.Should().ContainKeys("RequireRight", "ToProblem");
        Rule.Holds(
            from file in Files()
            from call in Tree.All<InvocationExpressionSyntax>(file)
            where call.Expression is MemberAccessExpressionSyntax or MemberBindingExpressionSyntax
            let name = call.Expression switch
            {
                MemberAccessExpressionSyntax access => access.Name,
                MemberBindingExpressionSyntax binding => binding.Name,
                _ => null,
            }
            where methods.TryGetValue(name.Identifier.Text, out var home) && home > FolderOf(file)
            select $"{file}:{Tree.LineOf(name)} {name.Identifier.Text} is in {Platform[methods[name.Identifier.Text]]}",
            "An extension method is known like a type: move it, or turn the direction.");
    }

    [Fact]
    public void Services_know_no_tools_and_the_command_line_knows_no_laboratory() => Rule.Holds(
        from project in Tree.Projects
        let text = Tree.Text(project)
        where (project.StartsWith("services/", StringComparison.Ordinal)
                && text.Contains("tools/", StringComparison.Ordinal))
            || (project.StartsWith("tools/Billing.Cli/", StringComparison.Ordinal)
                && text.Contains("Billing.Lab.csproj", StringComparison.Ordinal))
        select project,
        "What runs in production does not stand on what is invented for trying it.");

    private static IEnumerable<string> Files() =>
        Tree.Sources.Where(file => file.StartsWith("services/Platform/", StringComparison.Ordinal));

    private static int FolderOf(string file) => Array.IndexOf(Platform, file.Split('/')[2]);

    private static bool IsDeclared(SyntaxNode node) =>
        node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && node.Parent is BaseNamespaceDeclarationSyntax;

    private static bool IsExtension(MethodDeclarationSyntax method) =>
        method.ParameterList.Parameters is [var first, ..]
        && first.Modifiers.Any(modifier => modifier.ValueText == "this");

    private static string NameOf(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        _ => "",
    };

    /// <summary>A member of something, a parameter's name or a namespace is not a type, whatever it is
    /// called.</summary>
    private static bool IsMember(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Name == name,
        // Of an alias or a static import the last name is a type; of other imports no name is.
        QualifiedNameSyntax { Parent: UsingDirectiveSyntax import } last =>
            last.Right != name || import is { Alias: null, StaticKeyword.RawKind: 0 },
        QualifiedNameSyntax qualified => qualified.Left != name,
        MemberBindingExpressionSyntax or NameColonSyntax or UsingDirectiveSyntax => true,
        AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } assignment => assignment.Left == name,
        _ => false,
    };
}
