using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts;
using Billing.Testing;

namespace Billing.Fuzz.Tests;

/// <summary>
/// Every operation of every service with every kind of token: what opens it is its declared right and nothing else.
/// Operations and rights are read from the services' own descriptions, so that a new one is tried without anybody
/// adding it here.
/// </summary>
[Collection(nameof(Company))]
public sealed class DoorsTests(Company company)
{
    private const int AtOnce = 8;

    public static TheoryData<string> Services => [.. Company.Services];

    /// <summary>Tokens that open nothing, whatever rights they list.</summary>
    private static readonly Dictionary<string, string> Worthless = new()
    {
        ["no token"] = "", ["no token at all"] = "not.a.token",
        ["expired"] = TestTokens.Everything(token => token.Expires = token.NotBefore!.Value.AddMinutes(1)),
        ["not yet valid"] = TestTokens.Everything(token => token.NotBefore = token.Expires!.Value.AddMinutes(-1)),
        ["good for too long"] = TestTokens.Everything(token => token.Expires = token.IssuedAt!.Value.AddYears(4)),
        ["of no known age"] = TestTokens.Everything(token => token.IssuedAt = null),
        ["another audience"] = TestTokens.Everything(token => token.Audience = "shop"),
        ["another issuer"] = TestTokens.Everything(token => token.Issuer = "https://elsewhere.test/"),
        ["another type"] = TestTokens.Everything(token => token.TokenType = "JWT"),
        ["unsigned"] = TestTokens.Everything(token => token.SigningCredentials = null),
        ["signed by somebody else"] = TestTokens.Everything(token =>
            token.SigningCredentials = TestTokens.OtherKey),
        ["signed with the public key as a secret"] = TestTokens.Everything(token =>
            token.SigningCredentials = TestTokens.PublicKeyAsSecret),
    };

    [Theory, MemberData(nameof(Services))]
    public async Task Only_a_good_token_opens_an_operation(string service)
    {
        var wrong = await Try(service, Worthless.Keys, (operation, what) => (
            Worthless[what], answer => answer is (HttpStatusCode.Unauthorized, "token-invalid")
                ? null
                : $"{operation} with a token that is {what} answers {answer}"));

        wrong.Should().BeEmpty();
    }

    [Theory, MemberData(nameof(Services))]
    public async Task A_role_opens_what_its_rights_say_and_nothing_else(string service)
    {
        var rights = await Rights(service);
        var wrong = await Try(service, Role.Delivered.Select(role => role.Code), (operation, code) =>
        {
            var role = Role.Find(code)!;
            var may = role.Rights.Contains(rights[operation]);
            return (TestTokens.InRole(code), answer => (may, answer) switch
            {
                (false, (HttpStatusCode.Forbidden, "right-missing")) => null,
                (true, (not HttpStatusCode.Unauthorized, not "right-missing")) => null,
                _ => $"{operation} needs {rights[operation]}, and {code} is answered {answer}",
            });
        });

        wrong.Should().BeEmpty();
    }

    [Theory, MemberData(nameof(Services))]
    public async Task Who_sees_another_part_of_the_organisation_opens_only_what_says_so(string service)
    {
        var scopes = (await Operations(service)).ToDictionary(
            operation => operation.Name,
            operation => operation.Description.TryGetProperty("x-scope", out var scope) ? scope.GetString() : null);
        var elsewhere = TestTokens.Limited("zhang", ["nowhere"], [], Enum.GetValues<Right>());
        var wrong = await Try(service, [elsewhere], (operation, _) => (elsewhere, answer =>
            (scopes[operation], answer) switch
            {
                ("everything" or "filtered", (_, not "scope-other")) => null,
                (not ("everything" or "filtered"), (HttpStatusCode.Forbidden, "scope-other")) => null,
                // There is no such thing, so it belongs nowhere.
                (not null, (HttpStatusCode.NotFound, _)) => null,
                _ => $"{operation} ({scopes[operation] ?? "about everything"}) answers {answer}",
            }));

        wrong.Should().BeEmpty();
    }

    [Theory, MemberData(nameof(Services))]
    public async Task Nobody_is_who_the_request_says(string service)
    {
        foreach (var (name, value) in new[]
        {
            ("X-Actor", "user:admin"), ("X-Forwarded-User", "admin"), ("X-Partner", "icbc"), ("Cookie", "token=x"),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/lag").With(TestTokens.For("nobody"));
            request.Headers.Add(name, value);
            using var answer = await company[service].Http.SendAsync(request);
            answer.StatusCode.Should().Be(HttpStatusCode.Forbidden, $"{name} gives no right");
        }
    }

    private async Task<Dictionary<string, Right>> Rights(string service) =>
        (await Operations(service)).ToDictionary(
            operation => operation.Name,
            operation => Enum.Parse<Right>(operation.Description.GetProperty("x-right").GetString()!));

    private async Task<IEnumerable<(string Name, JsonElement Description)>> Operations(string service) =>
        (await Document(service)).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject()
                .Select(operation => (operation.Value.GetProperty("operationId").GetString()!, operation.Value)));

    private Task<JsonElement> Document(string service) =>
        company[service].Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

    /// <summary>
    /// Sends every operation without a body, so that nothing happens where a door is open, with every kind of token.
    /// </summary>
    private async Task<IReadOnlyCollection<string>> Try(
        string service, IEnumerable<string> kinds,
        Func<string, string, (string Token, Func<(HttpStatusCode, string), string?> Judge)> attempt)
    {
        var document = await Document(service);
        var (samples, wrong) = (new Samples(document, Company.Today), new ConcurrentBag<string>());
        var operations = Operation.Of(document);
        operations.Should().NotBeEmpty();
        await Parallel.ForEachAsync(
            from operation in operations from kind in kinds select (operation, kind),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (one, cancellation) =>
            {
                var (token, judge) = attempt(one.operation.Name, one.kind);
                var nothing = Attack.On(one.operation, samples).First() with { Body = "?"u8.ToArray() };
                using var request = nothing.ToRequest(company[service].Http.BaseAddress!);
                request.Headers.Authorization = token.Length == 0 ? TestTokens.Nobody : TestTokens.Bearer(token);
                using var answer = await company[service].Http.SendAsync(request, cancellation);
                if (judge((answer.StatusCode, await CodeOf(answer, cancellation))) is { } finding)
                    wrong.Add(finding);
            });
        return wrong;
    }

    private static async Task<string> CodeOf(HttpResponseMessage answer, CancellationToken cancellation) =>
        answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("code").GetString()!
            : "";
}
