using System.Reflection;
using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Billing.Conventions.Tests;

/// <summary>How commands, events and services are made.</summary>
public sealed partial class DesignTests
{
    private static readonly string[] Ceremony = ["Repository", "Mapper", "Mediator", "Helper", "Helpers", "Util",
        "Utils", "Manager"];

    private static readonly string[] NamelessOnTheWire = ["Body", "Answer", "Page", "View"];

    private static readonly Type[] NeverInFacts = [typeof(float), typeof(double), typeof(DateTime)];

    [Fact]
    public void There_is_something_to_look_at()
    {
        Ours.Commands.Should().HaveCountGreaterThan(10);
        Ours.Streams.Should().HaveCountGreaterThan(5);
        Tree.Services.Should().HaveCountGreaterThanOrEqualTo(5);
    }

    [Fact]
    public void Commands_are_sealed_records() => Rule.Holds(
        Ours.Commands.Where(type => !Ours.IsSealedRecord(type)).Select(type => type.FullName!),
        "A command is a value: make it a sealed record.");

    [Fact]
    public void Commands_cannot_be_changed() => Rule.Holds(
        from type in Ours.Commands
        from property in type.GetProperties()
        where property.SetMethod is { } setter
            && !setter.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit")
        select $"{type.FullName}.{property.Name}",
        "A command does not change after it was given: make its members init-only.");

    [Fact]
    public void Commands_hold_facts_and_no_services() => Rule.Holds(
        from type in Ours.Commands
        from property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        where IsService(property.PropertyType)
        select $"{type.FullName}.{property.Name} is a {property.PropertyType.Name}",
        "Gather facts at the edge and put the facts into the command; Decide reads nothing else (style rule 5).");

    [Fact]
    public void Decisions_are_synchronous() => Rule.Holds(
        from file in Tree.Sources
        from method in Tree.All<MethodDeclarationSyntax>(file)
        where method.Identifier.Text == "Decide" && method.Parent is TypeDeclarationSyntax { BaseList: { } bases }
            && bases.ToString().Contains("ICommand<", StringComparison.Ordinal)
        where method.ReturnType.ToString().StartsWith("Task", StringComparison.Ordinal)
            || method.Modifiers.Any(modifier => modifier.Text == "async")
            || method.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Any(
                m => m.Name.ToString() == "GetAwaiter")
        select $"{file}:{Tree.LineOf(method)}",
        "Decide is pure and synchronous: what it waits for belongs to the edge (style rule 5).");

    [Fact]
    public void Every_command_has_a_test_class_that_speaks_of_it()
    {
        var tests = Tree.Sources
            .Where(file => file.StartsWith("tests/", StringComparison.Ordinal))
            .Where(file => Tree.All<ClassDeclarationSyntax>(file)
                .Any(type => type.Identifier.Text.EndsWith("Tests", StringComparison.Ordinal)))
            .SelectMany(file => Tree.All<SimpleNameSyntax>(file).Select(name => name.Identifier.Text))
            .ToHashSet(StringComparer.Ordinal);
        Rule.Holds(
            Ours.Commands.Where(command => !tests.Contains(command.Name)).Select(command => command.FullName!),
            "Write a …Tests class with a Spec for each of them: every refusal, and both sides of every boundary.");
    }

    [Fact]
    public void Events_are_sealed_records() => Rule.Holds(
        Ours.Streams.SelectMany(stream => stream.Names.Values).Distinct()
            .Where(type => !Ours.IsSealedRecord(type)).Select(type => type.FullName!),
        "An event is a value and final: make it a sealed record.");

    [Fact]
    public void Every_event_has_a_stored_name() => Rule.Holds(
        from stream in Ours.Streams
        from type in Ours.Types
        where type.IsAssignableTo(stream.Events) && !type.IsAbstract
            && !Ours.Streams.Any(other => other.Names.Values.Contains(type))
        select type.FullName,
        "Register the event in its stream's EventNames, or delete it.");

    [Fact]
    public void Stored_names_are_kebab_case_with_a_version() => Rule.Holds(
        from stream in Ours.Streams
        from name in stream.Names.Keys
        where !StoredName().IsMatch(name)
        select $"{stream.Owner.FullName}: {name}",
        "A stored name is in kebab case, ends in its version, and is for ever.");

    [Fact]
    public void No_two_streams_of_a_service_share_a_category() => Rule.Holds(
        from stream in Ours.Streams.DistinctBy(stream => (stream.Owner.Assembly, stream.Owner, stream.Category))
        group stream by (stream.Owner.Assembly, stream.Category) into same
        where same.Select(stream => stream.Events).Distinct().Count() > 1
        select $"{same.Key.Assembly.GetName().Name}: {same.Key.Category}",
        "The category is the stream id's prefix; give each family its own.");

    [Fact]
    public void Facts_have_no_floating_point_and_no_local_time() => Rule.Holds(
        from type in Ours.Streams.SelectMany(stream => stream.Names.Values).Concat(
            Ours.Contracts.GetExportedTypes().Where(type => !IsAnswer(type)))
        from property in type.GetProperties()
        where NeverInFacts.Contains(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
        select $"{type.FullName}.{property.Name} is a {property.PropertyType.Name}",
        "Money is Money, quantities are decimal, days are DateOnly, instants are DateTimeOffset.");

    [Fact]
    public void Wire_types_are_named_and_have_one_home() => Rule.Holds(
        from type in Ours.Types
        where type.IsNested && NamelessOnTheWire.Contains(type.Name) && !type.IsNestedPrivate
        select type.FullName,
        "Requests and answers are records of contracts/Api, named in the field's words: FreezeRunRequest, RunStatus.");

    [Fact]
    public void What_an_endpoint_answers_is_in_the_contracts()
    {
        var answers = (
            from type in Ours.Services.SelectMany(assembly => assembly.GetTypes())
            where type.Namespace != "Billing.WebConsole"
            from method in type.GetMethods(
                BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            from answer in Parts(method.ReturnType).Where(IsResultOf).SelectMany(result => result.GetGenericArguments())
            from part in Parts(answer)
            where !part.IsGenericParameter
                && part.Namespace?.StartsWith(nameof(Billing), StringComparison.Ordinal) is true
            select (Method: $"{type.Name}.{method.Name}", Type: part)).ToList();
        answers.Select(answer => answer.Type.Name).Should().Contain(["OpenBill", "RunStatus"]);
        var declared =
            from file in Tree.Sources
            where file.StartsWith("services/", StringComparison.Ordinal)
            from name in Tree.All<GenericNameSyntax>(file)
            where name.Identifier.Text == "Produces"
            select (Method: $"{file}:{Tree.LineOf(name)}", Type: $"{name.TypeArgumentList.Arguments[0]}");
        declared.Select(answer => answer.Type).Should().Contain("Manifest");
        var shared = Ours.Contracts.GetExportedTypes().Select(type => type.Name).Append("string").ToHashSet();
        Rule.Holds(
            answers.Where(answer => answer.Type.Assembly != Ours.Contracts)
                .Select(answer => $"{answer.Method}: {answer.Type.FullName}")
                .Concat(declared.Where(answer => !shared.Contains(answer.Type))
                    .Select(answer => $"{answer.Method}: {answer.Type}")),
            "What others read is a record of contracts/Api: console, command line and partners share it.");
    }

    [Fact]
    public void What_an_endpoint_takes_is_in_the_contracts()
    {
        var taken = (
            from type in Ours.Services.SelectMany(assembly => assembly.GetTypes())
            from method in type.GetMethods(
                BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            where Parts(method.ReturnType).Any(part => typeof(IResult).IsAssignableFrom(part))
            from parameter in method.GetParameters()
            where parameter.ParameterType.Namespace?.StartsWith(nameof(Billing), StringComparison.Ordinal) is true
                && parameter.Name == "body"
            select (Method: $"{type.Name}.{method.Name}", Type: parameter.ParameterType)).ToList();
        taken.Select(body => body.Type.Name).Should().Contain(["ReceivePaymentRequest", "SaveUserRequest"]);
        Rule.Holds(
            from body in taken
            where body.Type.Assembly != Ours.Contracts
            select $"{body.Method}: {body.Type.FullName}",
            "What others send is a record of contracts/Api.");
    }

    [Fact]
    public void No_route_takes_a_whole_path() => Rule.Holds(
        from file in Tree.Sources
        where file.StartsWith("services/", StringComparison.Ordinal)
        from text in Tree.All<LiteralExpressionSyntax>(file).Select(literal => literal.Token)
            .Concat(Tree.All<InterpolatedStringTextSyntax>(file).Select(part => part.TextToken))
        where text.ValueText.Contains("{*", StringComparison.Ordinal)
        select $"{file}: {text.ValueText}",
        "A route that takes any path passes on what nobody looked at: one route per question, with typed parameters.");

    [Fact]
    public void There_is_no_ceremony() => Rule.Holds(
        from file in Tree.Sources
        from type in Tree.All<BaseTypeDeclarationSyntax>(file)
        where Ceremony.Any(suffix => type.Identifier.Text.EndsWith(suffix, StringComparison.Ordinal))
        select $"{file}: {type.Identifier.Text}",
        "We have no repositories, mappers, helpers or managers (docs/adr/0010). Name it after what it does.");

    [Fact]
    public void No_interface_has_a_single_implementation() => Rule.Holds(
        from type in Ours.Types
        where type.IsInterface && Ours.Types.Count(other => other != type && type.IsAssignableFrom(other)) == 1
        select type.FullName,
        "An interface with one implementation is a detour: use the class.");

    /// <summary>An answer may tell what was measured, such as seconds; a request is a fact like any other.</summary>
    private static bool IsAnswer(Type type) => type.Namespace == typeof(Contracts.Api.Lag).Namespace
        && !type.Name.EndsWith("Request", StringComparison.Ordinal);

    /// <summary>A type with the arguments of its arguments.</summary>
    private static IEnumerable<Type> Parts(Type type) => type.GetGenericArguments().SelectMany(Parts).Prepend(type);

    /// <summary>
    /// Whether it is a result with a body, such as <c>Ok&lt;T&gt;</c>; not the choice between several.
    /// </summary>
    private static bool IsResultOf(Type type) => type.IsGenericType
        && type.Namespace == typeof(Microsoft.AspNetCore.Http.HttpResults.Ok).Namespace
        && !type.Name.StartsWith("Results", StringComparison.Ordinal)
        // Pages are for people.
        && !type.Name.StartsWith("RazorComponent", StringComparison.Ordinal);

    private static bool IsService(Type type) =>
        typeof(Delegate).IsAssignableFrom(type) || typeof(TimeProvider).IsAssignableFrom(type)
        || typeof(Task).IsAssignableFrom(type) || typeof(Stream).IsAssignableFrom(type)
        || type.Namespace is { } space && (space.StartsWith("Npgsql", StringComparison.Ordinal)
            || space.StartsWith("System.Net", StringComparison.Ordinal)
            || space.StartsWith("MassTransit", StringComparison.Ordinal)
            || space.StartsWith("Microsoft.", StringComparison.Ordinal));

    [GeneratedRegex(@"^[a-z][a-z0-9]*(-[a-z0-9]+)*\.v[1-9][0-9]*$")]
    private static partial Regex StoredName();
}
