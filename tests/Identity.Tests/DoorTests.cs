using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Billing.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Billing.Identity.Tests;

/// <summary>Which tokens open a door, on every route that the service describes.</summary>
[Collection(nameof(IdentityService))]
public sealed class DoorTests(IdentityService identity)
{
    [Fact]
    public async Task No_route_opens_without_a_token_and_none_with_one_that_lacks_its_right()
    {
        using var clerk = await identity.Somebody("door.clerk", "clerk");
        var token = await clerk.Token();
        var routes = await Routes();
        routes.Should().HaveCountGreaterThan(10);

        foreach (var (method, path) in routes)
        {
            (await Ask(null, method, path)).Should().Be((HttpStatusCode.Unauthorized, "token-invalid"), path);
            if (path != "/lag")
                (await Ask(token, method, path)).Should().Be((HttpStatusCode.Forbidden, "right-missing"), path);
        }
        (await identity.Send((string?)null, HttpMethod.Get, "/users")).Headers.WwwAuthenticate.ToString()
            .Should().Be("Bearer");
    }

    public static TheoryData<string> Wrong => ["expired", "audience", "issuer", "key", "type", "none", "garbage"];

    [Theory, MemberData(nameof(Wrong))]
    public async Task A_token_that_is_not_ours_opens_nothing(string what)
    {
        using var own = ECDsa.Create();
        own.ImportFromPem(await File.ReadAllTextAsync(SealingKey.File));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTime.UnixEpoch.AddSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        string Make(string wrong) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
        {
            Issuer = wrong == "issuer" ? "https://elsewhere.test/" : $"{identity.Address}",
            Audience = wrong == "audience" ? "shop" : "billing",
            TokenType = wrong == "type" ? "JWT" : "at+jwt",
            IssuedAt = now.AddMinutes(-2), NotBefore = now.AddMinutes(-2),
            Expires = wrong == "expired" ? now.AddSeconds(-10) : now.AddMinutes(1),
            Claims = new Dictionary<string, object> { ["sub"] = "x", ["rights"] = "ReadUsers" },
            SigningCredentials = wrong == "none"
                ? null
                : new(
                    new ECDsaSecurityKey(wrong == "key" ? other : own)
                    {
                        // Signatures that are kept for later would outlive the key.
                        CryptoProviderFactory = new() { CacheSignatureProviders = false },
                    },
                    SecurityAlgorithms.EcdsaSha256),
        });

        (await Ask(Make("nothing"), HttpMethod.Get, "/users")).Status
            .Should().Be(HttpStatusCode.OK, "else this shows nothing");
        (await Ask(what == "garbage" ? "a.b.c" : Make(what), HttpMethod.Get, "/users"))
            .Should().Be((HttpStatusCode.Unauthorized, "token-invalid"));
    }

    [Theory]
    [InlineData("/connect/token", "client_id")]
    [InlineData("/sign-in", "name")]
    [InlineData("/connect/device", "client_id")]
    public async Task Text_that_cannot_be_stored_is_refused_before_anybody_reads_it(string path, string field)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create(field, "a\0b")]);

        using var http = new HttpClient { BaseAddress = identity.Address };
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), form);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()
            .Should().Be("field-unreadable");
    }

    [Fact]
    public async Task Keys_of_cookies_lie_encrypted_in_the_database()
    {
        await identity.Administrator.Get("/sign-in");
        await using var command = identity.Running.Source.CreateCommand(
            "select string_agg(xml, '') from data_protection_keys");

        var stored = (string)(await command.ExecuteScalarAsync())!;

        stored.Should().Contain("aes-gcm").And.NotContain("<value>");
    }

    [Fact]
    public void The_file_of_settings_has_them_at_their_defaults() =>
        SettingsFile.HasTheDefaultsOf<IssuerOptions>(IssuerOptions.Section);

    [Fact]
    public async Task X_Actor_opens_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/users", UriKind.Relative));
        request.Headers.Add("X-Actor", "user:admin");

        (await identity.Running.Http.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    private async Task<List<(HttpMethod Method, string Path)>> Routes()
    {
        var document = await identity.Running.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        return [..
            from path in document.GetProperty("paths").EnumerateObject()
            from method in path.Value.EnumerateObject()
            select (HttpMethod.Parse(method.Name), path.Name.Replace("{", "", default).Replace("}", "", default))];
    }

    private async Task<(HttpStatusCode Status, string Code)> Ask(string? token, HttpMethod method, string path)
    {
        var answer = await identity.Send(token, method, path);
        var code = answer.IsSuccessStatusCode
            ? ""
            : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!;
        return (answer.StatusCode, code);
    }
}
