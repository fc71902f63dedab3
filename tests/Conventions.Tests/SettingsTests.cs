using System.Text.Json.Nodes;
using FluentAssertions;
using Xunit;

namespace Billing.Conventions.Tests;

/// <summary>Whoever deploys finds every setting in one file, and what it means in the manual.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void Every_setting_is_explained_where_deployment_is()
    {
        var manual = File.ReadAllText(Path.Combine(Tree.Root, "deploy/README.md"));
        var settings = Names(JsonNode.Parse(File.ReadAllText(Path.Combine(Tree.Root, "services/appsettings.json")))!
            ["Billing"]!.AsObject()).ToList();

        settings.Should().HaveCountGreaterThan(20);
        settings.Where(name => !manual.Contains($"`Billing__{name}`", StringComparison.Ordinal)
            && !manual.Contains($"`…__{name.Split("__")[^1]}`", StringComparison.Ordinal)
            && !manual.Contains($"`Billing__{name}=", StringComparison.Ordinal)).Should().BeEmpty();
    }

    /// <summary>The members that have a value; of a section by class or service, its first.</summary>
    private static IEnumerable<string> Names(JsonObject section, string before = "") =>
        section.SelectMany(member => member.Value switch
        {
            JsonObject inner when member.Key is "KwhPerDay" or "Services" =>
                [$"{before}{member.Key}__{inner.First().Key}"],
            JsonObject inner => Names(inner, $"{before}{member.Key}__"),
            _ => [$"{before}{member.Key}"],
        });
}
