using System.Net;
using System.Text.Json;
using Billing.Testing;
using FluentAssertions;

namespace Billing.Platform.Tests;

/// <summary>What a test reads strictly it cannot pass over.</summary>
public sealed class StrictAnswersTests
{
    [Theory]
    [InlineData("""{"name":"a","count":1}""", true)]
    [InlineData("""{"name":"a","count":1,"more":2}""", false)]
    [InlineData("""{"name":"a"}""", false)]
    [InlineData("""{"name":null,"count":1}""", false)]
    [InlineData("""{"name":"a","count":"1"}""", false)]
    [InlineData("null", false)]
    public void Unknown_missing_and_null_members_fail(string json, bool good)
    {
        var read = () => StrictAnswers.Read<Answer>(json);
        if (good)
            read().Should().Be(new Answer("a", 1));
        else
            read.Should().Throw<JsonException>();
    }

    [Fact]
    public async Task A_refusal_is_told_as_it_was_answered()
    {
        using var refused = new HttpResponseMessage(HttpStatusCode.Conflict) { Content = new StringContent("taken") };
        var read = () => refused.Read<Answer>();
        (await read.Should().ThrowAsync<InvalidOperationException>()).WithMessage("409: taken");
    }

    private sealed record Answer(string Name, int Count);
}
