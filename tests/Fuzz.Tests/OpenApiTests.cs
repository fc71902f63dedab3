using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Testing;

namespace Billing.Fuzz.Tests;

/// <summary>What each service says of its API, against what is committed for those who write to it.</summary>
[Collection(nameof(Company))]
public sealed class OpenApiTests(Company company)
{
    private const string HowToUpdate = "UPDATE_SCHEMAS=1 ./billing test tests/Fuzz.Tests";

    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TheoryData<string> Services => [.. Company.Documents];

    [Theory, MemberData(nameof(Services))]
    public async Task The_committed_description_is_what_the_service_says(string service)
    {
        var document = await Described(service);
        // The port is another each time.
        document.Remove("servers");
        var said = document.ToJsonString(Written) + "\n";
        var file = Path.Combine(Backend.Root, "contracts/openapi", $"{service.ToLowerInvariant()}.json");
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMAS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, said);
        }
        File.Exists(file).Should().BeTrue($"{file} is not there: {HowToUpdate}");
        (await File.ReadAllTextAsync(file)).Should().Be(said,
            $"who writes to it reads the committed one: {HowToUpdate}");
    }

    [Theory, MemberData(nameof(Services))]
    public async Task Every_operation_has_a_name_of_its_own_and_says_how_it_succeeds(string service)
    {
        var operations = (await Described(service))["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(method => (
                Where: $"{method.Key.ToUpperInvariant()} {path.Key}", Operation: method.Value!.AsObject())))
            .ToList();
        operations.Should().NotBeEmpty();
        operations.Select(one => (string?)one.Operation["operationId"]).Should().OnlyHaveUniqueItems()
            .And.NotContainNulls();
        operations.Where(one => !one.Operation["responses"]!.AsObject().Any(answer => answer.Key[0] == '2'))
            .Select(one => one.Where).Should().BeEmpty("whoever asks wants to know what comes back");
    }

    private async Task<JsonObject> Described(string service) =>
        JsonNode.Parse(await company.Describe(service))!.AsObject();
}

/// <summary>One company for all who only ask.</summary>
[CollectionDefinition(nameof(Company))]
public sealed class CompanyCollection : ICollectionFixture<Company>;
