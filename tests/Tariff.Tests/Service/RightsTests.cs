using System.Text;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;
using Billing.Testing;
using FluentAssertions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Xunit;

namespace Billing.Tariffs.Tests.Service;

/// <summary>Who may decide about prices, as the configuration says it.</summary>
public sealed class RightsTests
{
    private const string Version = "plans/beijing-residential-electricity/versions/1";

    [Fact]
    public async Task Only_those_who_are_configured_publish_and_withdraw()
    {
        await using var tariff = await Running.Start(
            Program.Build, null, null, "--Billing:Rights:PublishPlan:0=user:zhang",
            "--Billing:Rights:PublishPlan:1=user:li", "--Billing:Rights:WithdrawPlan=user:zhao");
        (await Send(tariff, HttpMethod.Put, Version, "user:wang", Plans.Text("beijing-residential-electricity")))
            .Should().Be("Created");

        (await Send(tariff, HttpMethod.Post, $"{Version}/publish", "user:zhao")).Should().Be("Forbidden right-missing");
        (await Send(tariff, HttpMethod.Post, $"{Version}/publish", "")).Should().Be("Forbidden right-missing");
        (await Send(tariff, HttpMethod.Post, $"{Version}/publish", "user:li")).Should().Be("OK");
        const string reason = """{"reason":"wrong price"}""";
        (await Send(tariff, HttpMethod.Post, $"{Version}/withdraw", "user:li", reason))
            .Should().Be("Forbidden right-missing");
        (await Send(tariff, HttpMethod.Post, $"{Version}/withdraw", "user:li", "no json"))
            .Should().Be("Forbidden right-missing", "a request is not read before it is clear that it may be made");
        (await Send(tariff, HttpMethod.Post, $"{Version}/withdraw", "user:zhao", reason)).Should().Be("OK");
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"Billing":{"Rights":{"WithdrawPlan":["user:li"]}}}""", true)]
    [InlineData("""{"Billing":{"Rights":{"PublishPlan":["user:li","user:zhang"]}}}""", true)]
    [InlineData("""{"Billing":{"Rights":{"PublishPlan":"user:zhang"}}}""", true)]
    [InlineData("""{"Billing":{"Rights":{"PublishPlan":["user:li"]}}}""", false)]
    [InlineData("""{"Billing":{"Rights":{"PublishPlan":"user:zhang2"}}}""", false)]
    [InlineData("""{"Billing":{"Rights":{"PublishPlan":""}}}""", false)]
    [InlineData("""{"Billing":{"Rights":{"PublishPlan":[]}}}""", false)]
    public void A_right_that_is_not_configured_everybody_has(string configuration, bool expected)
    {
        var rights = new Rights(new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(configuration))).Build(),
            Options.Create(new TokenOptions()));

        rights.IsConfigured("user:zhang", Right.PublishPlan).Should().Be(expected);
    }

    private static async Task<string> Send(
        Running tariff, HttpMethod method, string path, string actor, string? json = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Add("X-Actor", actor);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await tariff.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? $"{response.StatusCode}"
            : $"{response.StatusCode} {JsonElement.Parse(text).GetProperty("code")}";
    }
}
