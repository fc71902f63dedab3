using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Platform;
using Billing.Testing;
using Json.Schema;

namespace Billing.Fuzz.Tests;

/// <summary>The committed OpenAPI documents say all that somebody needs who knows nothing else of us.</summary>
public sealed class DescriptionTests
{
    /// <summary>Types whose refusals nobody is answered with: they are the exceptions of a run.</summary>
    private static readonly string[] OfRuns = ["Drafting", "MetersRead", "CompleteRun"];

    private static readonly Dictionary<string, Assembly> Assemblies = new()
    {
        ["Customer"] = typeof(Customers.Program).Assembly, ["Tariff"] = typeof(Tariffs.Program).Assembly,
        ["Invoicing"] = typeof(Invoicing.Program).Assembly, ["Payments"] = typeof(Payments.Program).Assembly,
        ["Collections"] = typeof(Collections.Program).Assembly, ["Identity"] = typeof(Identity.Program).Assembly,
    };

    public static TheoryData<string> Services => [.. Company.Services];

    public static TheoryData<string> Documents => [.. Company.Documents];

    [Theory, MemberData(nameof(Documents))]
    public void Every_operation_says_what_it_is_for_and_how_it_may_end(string service) =>
        Description.Gaps(Committed(service)).Should().BeEmpty();

    [Theory]
    [InlineData("operationId", "has no name")]
    [InlineData("summary", "has no summary")]
    [InlineData("tags", "has not exactly one tag")]
    [InlineData("responses/200", "does not say how it succeeds")]
    [InlineData("responses/500", "does not say how it fails")]
    [InlineData("responses/404/x-problem-codes", "names no problem of 404")]
    [InlineData("responses/404/content", "answers 404 without a problem")]
    public void What_an_operation_does_not_say_is_noticed(string missing, string gap)
    {
        var document = Committed("Payments");
        var steps = missing.Split('/');
        var place = steps[..^1].Aggregate(
            document["paths"]!["/partners/{partner}"]!["get"]!, (node, step) => node[step]!);
        place.AsObject().Remove(steps[^1]).Should().BeTrue();

        Description.Gaps(document).Should().Equal($"GET /partners/{{partner}} {gap}");
    }

    [Theory, MemberData(nameof(Services))]
    public void Every_refusal_of_a_service_is_declared_by_an_operation(string service)
    {
        // Payments has a document for partners, too.
        string[] documents = service == "Payments" ? [service, Company.Partners] : [service];
        var declared = documents.SelectMany(document => Description.Operations(Committed(document)))
            .SelectMany(one => Description.CodesOf(one.Operation)).ToHashSet(StringComparer.Ordinal);
        var refusals =
            from type in Assemblies[service].GetTypes()
            where !type.ContainsGenericParameters && !OfRuns.Contains(type.Name)
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            where field.FieldType == typeof(Rejection)
            let refusal = (Rejection)field.GetValue(null)!
            // A line of a file is refused within an answer that succeeds.
            where !refusal.Code.StartsWith("line-", StringComparison.Ordinal)
            select refusal.Code;
        refusals.Except(declared).Should().BeEmpty("no operation says that it may answer this");
    }

    [Fact]
    public void What_partners_call_is_shown_by_examples()
    {
        var operations = Description.Operations(Committed(Company.Partners)).ToList();
        operations.Should().NotBeEmpty();
        foreach (var (where, operation) in operations)
        {
            operation["parameters"]!.AsArray().Should().AllSatisfy(
                parameter => parameter!["example"].Should().NotBeNull($"{where} {parameter["name"]}"));
            ContentsOf(operation).Should().AllSatisfy(content => content["example"].Should().NotBeNull(where));
        }
    }

    [Theory, MemberData(nameof(Documents))]
    public void Examples_are_of_the_form_that_is_described(string service)
    {
        var document = Committed(service);
        foreach (var (where, operation) in Description.Operations(document))
        {
            foreach (var content in ContentsOf(operation).Where(content => content["example"] is not null))
                Misfits(document, content["schema"]!, content["example"]!).Should().BeEmpty(where);
        }
    }

    [Fact]
    public void An_example_of_another_form_is_noticed()
    {
        var document = Committed(Company.Partners);
        var content = ContentsOf(document["paths"]!["/partner/v1/bills/{account}"]!["get"]!).Single();
        content["example"]!["due"]!["fen"] = "110.84";

        Misfits(document, content["schema"]!, content["example"]!).Should().NotBeEmpty();
    }

    /// <summary>The bodies that go in and, of answers that succeed, come out.</summary>
    private static IEnumerable<JsonNode> ContentsOf(JsonNode operation) =>
        operation["responses"]!.AsObject().Where(answer => answer.Key[0] == '2').Select(answer => answer.Value!)
            .Append(operation["requestBody"]).OfType<JsonNode>()
            .SelectMany(body => body["content"]?.AsObject() ?? []).Select(content => content.Value!);

    private static IEnumerable<string> Misfits(JsonNode document, JsonNode schema, JsonNode example)
    {
        var whole = schema.DeepClone().AsObject();
        whole["$defs"] = document["components"]!["schemas"]!.DeepClone();
        var text = whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        var found = JsonSchema.FromText(text, new() { SchemaRegistry = new() })
            .Evaluate(JsonSerializer.SerializeToElement(example), new() { OutputFormat = OutputFormat.List });
        return found.IsValid
            ? []
            : (found.Details ?? []).Where(place => !place.IsValid)
                .Select(place => $"{place.InstanceLocation} does not fit {place.EvaluationPath}");
    }

    private static JsonNode Committed(string service) => JsonNode.Parse(File.ReadAllText(
        Path.Combine(Backend.Root, "contracts/openapi", $"{service.ToLowerInvariant()}.json")))!;
}
