using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Billing.Rating;

namespace Billing.Tariffs.Tests;

/// <summary>The JSON examples of a page about plans, so that what is printed is what is tested.</summary>
internal static partial class Page
{
    /// <summary>All examples of a page, in order, with the heading above each.</summary>
    public static IEnumerable<(string Heading, JsonNode Json)> Examples(string page)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "pages", page)).ReplaceLineEndings("\n");
        var heading = "";
        foreach (Match match in Parts().Matches(text))
        {
            if (match.Groups["heading"].Success)
                heading = match.Groups["heading"].Value;
            else
                yield return (heading, JsonNode.Parse(match.Groups["json"].Value)!);
        }
    }

    /// <summary>The plan of a recipe: what the page prints, and the head that every plan needs.</summary>
    public static PlanDocument Plan(string heading) => Plans.Parse(Document(
        Examples("recipes.md").First(example => example.Heading == heading).Json.AsObject()).ToJsonString());

    /// <summary>The bills of the case that a recipe prints.</summary>
    public static IReadOnlyList<Bill> Bills(string heading)
    {
        var printed = Examples("recipes.md").Last(example => example.Heading == heading).Json;
        using var json = JsonDocument.Parse(printed.ToJsonString());
        if (!RatingCase.TryParse(json.RootElement, out var cases, out var errors))
            throw new InvalidOperationException(string.Join(Environment.NewLine, errors));
        return [.. cases[0].Rate(new PlanSchedule((Plan(heading), null))).Select(rated =>
            rated.Bill ?? throw new InvalidOperationException(rated.Refusal!.Message))];
    }

    /// <summary>A plan document from some of its members.</summary>
    public static JsonObject Document(JsonObject members, string utility = "Electricity")
    {
        var document = JsonNode.Parse($$"""
            {
              "code": "printed", "version": 1, "name": {"zh": "例", "en": "Example"}, "region": "x",
              "utility": "{{utility}}", "customerClasses": ["Residential", "Commercial", "Industrial"],
              "legalDocument": "x", "source": "x", "validFrom": "2020-01-01", "rounding": "LINE",
              "vat": [{"from": "2020-01-01", "treatment": "TAXED", "rate": 0.05}]
            }
            """)!.AsObject();
        foreach (var (name, value) in members)
            document[name] = value!.DeepClone();
        return document;
    }

    [GeneratedRegex(
        @"^#+ (?<heading>[^\n]+)$|^```json\n(?<json>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Parts();
}
