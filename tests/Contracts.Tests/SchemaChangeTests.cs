using System.Text.Json.Nodes;

namespace Billing.Contracts.Tests;

/// <summary>
/// The guard itself: each kind of change that breaks somebody is named, and each that does not is let through.
/// </summary>
public sealed class SchemaChangeTests
{
    private const string Before = """
        {
          "type": "object",
          "properties": {
            "account": { "type": "string", "description": "who" },
            "paidOn": { "type": "string", "format": "date" },
            "channel": { "enum": ["Bank", "Counter"] },
            "note": { "type": ["string", "null"] },
            "items": { "type": "array", "items": { "type": "object", "properties": { "fen": { "type": "integer" } } } },
            "plans": { "type": "object", "additionalProperties": { "type": "integer" } }
          },
          "required": ["account", "paidOn", "channel", "items", "plans"]
        }
        """;

    [Theory]
    [InlineData("\"account\": {", "\"accountNo\": {", ".account is gone or renamed")]
    [InlineData(
        "\"type\": \"string\", \"description\"", "\"type\": \"integer\", \"description\"", ".account was of type*")]
    [InlineData("\"format\": \"date\"", "\"format\": \"date-time\"", ".paidOn was of format*")]
    [InlineData("\"Counter\"]", "\"Desk\"]", ".channel may no longer be \"Counter\"")]
    [InlineData("\"enum\": [\"Bank\", \"Counter\"]", "\"type\": \"string\"", "*channel was*")]
    [InlineData("[\"string\", \"null\"]", "\"string\"", ".note was of type*")]
    [InlineData("\"fen\": { \"type\": \"integer\" }", "\"fen\": { \"type\": \"number\" }", ".items[].fen was of type*")]
    [InlineData("\"fen\":", "\"yuan\":", ".items[].fen is gone*")]
    [InlineData(
        "Properties\": { \"type\": \"integer\"", "Properties\": { \"type\": \"string\"", ".plans{} was of type*")]
    [InlineData("\"required\": [", "\"required\": [\"note\", ", ".note could be missing*")]
    [InlineData("\"required\": [", "\"required\": [\"extra\", ", ".extra is new and must be there*")]
    public void A_change_that_breaks_somebody_is_named(string old, string changed, string reason)
    {
        var after = Before.Replace(old, changed, StringComparison.Ordinal);
        after.Should().NotBe(Before);
        SchemaChange.Breaking(JsonNode.Parse(Before)!, JsonNode.Parse(after)!).Should()
            .Contain(found => Like(found, reason));
    }

    [Theory]
    [InlineData("\"who\"", "\"who paid\"")]
    [InlineData("\"Counter\"]", "\"Counter\", \"WeChat\"]")]
    [InlineData("\"note\": {", "\"extra\": { \"type\": \"string\" }, \"note\": {")]
    [InlineData("\"required\": [\"account\", ", "\"required\": [")]
    [InlineData("", "")]
    public void A_change_that_breaks_nobody_is_let_through(string old, string changed)
    {
        var after = old.Length == 0 ? Before : Before.Replace(old, changed, StringComparison.Ordinal);
        SchemaChange.Breaking(JsonNode.Parse(Before)!, JsonNode.Parse(after)!).Should().BeEmpty();
    }

    private static bool Like(string text, string pattern)
    {
        var parts = pattern.Split('*');
        var at = 0;
        foreach (var part in parts)
        {
            var found = text.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
                return false;
            at = found + part.Length;
        }
        return true;
    }
}
