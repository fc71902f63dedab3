using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts.Api;
using Billing.Platform;
using Billing.Testing;

namespace Billing.Identity.Tests;

/// <summary>A whole Identity service on a database of its own, and its first administrator.</summary>
public sealed class IdentityService : IAsyncLifetime
{
    public const string Console = "http://console.test";

    private readonly string _folder = Directory.CreateTempSubdirectory("billing-identity-").FullName;

    private readonly TimeProvider _clock;

    public IdentityService() => _clock = TimeProvider.System;

    internal IdentityService(TimeProvider clock) => _clock = clock;

    public Running Running { get; private set; } = null!;

    public Uri Address => Running.Http.BaseAddress!;

    public Person Administrator { get; private set; } = null!;

    /// <summary>The file in which the first administrator's password was told.</summary>
    public string FirstPassword => Path.Combine(_folder, "first-password");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "console"), "the-secret-of-the-console");
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        Running = await Start(address);
        Administrator = new Person(Address, "admin", (await File.ReadAllTextAsync(FirstPassword)).Trim());
    }

    /// <summary>Another process of the service on the same database.</summary>
    public async Task<Running> Start(string address, string? postgres = null, params string[] settings) =>
        await Running.Start(
            arguments => Program.Build(arguments, _clock), postgres is null ? null : Running.RabbitMq,
            postgres ?? await Backend.NewDatabase(typeof(Program).Assembly),
            [
                $"--urls={address}", $"--Billing:Tokens:Issuer={address}/",
                $"--Billing:Identity:Key={SealingKey.File}", $"--Billing:Identity:FirstPassword={FirstPassword}",
                $"--Billing:Identity:Console={Console}",
                $"--Billing:Identity:ConsoleSecret={Path.Combine(_folder, "console")}",
                // All tests come from one address.
                "--Billing:Identity:AttemptsPerMinute=10000", .. settings,
            ]);

    public async Task DisposeAsync()
    {
        await Running.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A person with these roles, who has chosen a password and set up what the roles need.</summary>
    public async Task<Person> Somebody(string name, params string[] roles)
    {
        var saved = await Save(name, roles);
        var person = new Person(Address, name, saved.OneTimePassword!);
        await person.SettleIn();
        return person;
    }

    public async Task<SavedUser> Save(string name, params string[] roles) => (await (await Send(
        HttpMethod.Put, $"/users/{name}", new { displayName = $"{name} 用户", roles })).Content
        .ReadFromJsonAsync<SavedUser>(Wire.Strict))!;

    /// <summary>Sends a request as the administrator, and expects success.</summary>
    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body = null)
    {
        var answer = await Send(await Administrator.Token(), method, path, body);
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
        return answer;
    }

    /// <summary>Sends a request with a token, or with none.</summary>
    public async Task<HttpResponseMessage> Send(string? token, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : JsonContent.Create(body);
        return await Running.Http.SendAsync(request);
    }

    /// <summary>Asks the token endpoint.</summary>
    public async Task<JsonElement> Exchange(params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(one => KeyValuePair.Create(one.Name, one.Value)));
        using var answer = await Running.Http.PostAsync(new Uri("/connect/token", UriKind.Relative), content);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}

[CollectionDefinition(nameof(IdentityService))]
public sealed class IdentityCollection : ICollectionFixture<IdentityService>;
