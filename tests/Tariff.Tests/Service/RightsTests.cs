using System.Text;
using System.Text.Json;
using Billing.Contracts;
using Billing.Testing;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests.Service;

/// <summary>Who may decide about prices.</summary>
public sealed class RightsTests
{
    private const string Version = "plans/beijing-residential-electricity/versions/1";

    [Fact]
    public async Task Only_those_who_have_the_right_publish_and_withdraw()
    {
        await using var tariff = await Running.Start(Program.Build);
        var zhao = TestTokens.For("zhao", Right.WithdrawPlan);
        var li = TestTokens.For("li", Right.PublishPlan);
        var document = Plans.Text("beijing-residential-electricity");
        (await Send(tariff, HttpMethod.Put, Version, TestTokens.For("wang", Right.DraftPlan), document))
            .Should().Be("Created");

        using var asked = await tariff.Http.As("user:wang", HttpMethod.Post, $"{Version}/publish");
        var proposal = await asked.Proposal();
        var seen = JsonSerializer.Serialize(new { seen = proposal.Seen });
        var approve = $"approvals/{proposal.Kind}/{proposal.Key}/approve";
        (await Send(tariff, HttpMethod.Post, approve, zhao, seen)).Should().Be("Forbidden right-missing");
        (await Send(tariff, HttpMethod.Post, approve, TestTokens.For("nobody"), seen))
            .Should().Be("Forbidden right-missing");
        (await Send(tariff, HttpMethod.Post, approve, li, seen)).Should().Be("OK");
        const string reason = """{"reason":"wrong price"}""";
        (await Send(tariff, HttpMethod.Post, $"{Version}/withdraw", li, reason)).Should().Be("Forbidden right-missing");
        (await Send(tariff, HttpMethod.Post, $"{Version}/withdraw", li, "no json"))
            .Should().Be("Forbidden right-missing", "a request is not read before it is clear that it may be made");
        (await Send(tariff, HttpMethod.Post, $"{Version}/withdraw", zhao, reason)).Should().Be("OK");
    }

    private static async Task<string> Send(
        Running tariff, HttpMethod method, string path, string token, string? json = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await tariff.Http.SendAsync(request.With(token));
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? $"{response.StatusCode}"
            : $"{response.StatusCode} {JsonElement.Parse(text).GetProperty("code")}";
    }
}
