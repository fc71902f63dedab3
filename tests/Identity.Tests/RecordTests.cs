using System.Net;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;
using Billing.Testing;
using Dapper;

namespace Billing.Identity.Tests;

/// <summary>Who gave whom which rights, when and why, is on record.</summary>
[Collection(nameof(IdentityService))]
public sealed class RecordTests(IdentityService identity)
{
    [Fact]
    public async Task What_is_changed_of_a_user_a_role_and_a_secret_is_on_record()
    {
        await identity.Save("watched.person", "clerk");
        await identity.Save("watched.person", "run-approver");
        await identity.Send(HttpMethod.Post, "/users/watched.person/lock", new { reason = "离职" });
        await identity.Send(HttpMethod.Post, "/users/watched.person/unlock");
        foreach (var right in (string[])["ReadRuns", "ReadPlans"])
        {
            await identity.Send(HttpMethod.Put, "/roles/watched", new
            {
                name = new { zh = "受看", en = "Watched" }, rights = (string[])[right], secondFactor = false,
            });
        }
        var until = TimeProvider.System.Today().AddDays(3);
        await identity.Send(HttpMethod.Put, "/clients/watched/secrets/one", new
        {
            name = "watched", rights = (string[])["ReadRuns"], expiresOn = until,
        });
        await identity.Send(HttpMethod.Delete, "/clients/watched/secrets/one");

        (await Details("SaveUser", "watched.person")).Should().Equal(
            """null > {"roles":["clerk"],"regions":[],"projects":[]}""",
            """{"roles":["clerk"],"regions":[],"projects":[]}""" + " > "
            + """{"roles":["run-approver"],"regions":[],"projects":[]}""");
        (await Details("LockUser", "watched.person")).Should().Equal(
            """{"locked":false} > {"locked":true,"reason":"离职"}""");
        (await Details("UnlockUser", "watched.person")).Should().Equal(
            """{"locked":true,"reason":"离职"} > {"locked":false}""");
        (await Details("SaveRole", "watched")).Should().Equal(
            """null > {"rights":["ReadRuns"],"secondFactor":false}""",
            """{"rights":["ReadRuns"],"secondFactor":false} > {"rights":["ReadPlans"],"secondFactor":false}""");
        var issued = $$"""{"rights":["ReadRuns"],"expiresOn":"{{until:yyyy-MM-dd}}"}""";
        (await Details("IssueSecret", "watched/one")).Should().Equal($"null > {issued}");
        (await Details("RevokeSecret", "watched/one")).Should().Equal($"{issued} > null");
    }

    [Fact]
    public async Task Who_signs_in_and_from_where_a_secret_is_guessed_is_on_record()
    {
        using var person = await identity.Somebody("known.by.name", "clerk");
        using var form = new FormUrlEncodedContent(
        [
            KeyValuePair.Create("grant_type", "client_credentials"),
            KeyValuePair.Create("client_id", "billing-console"), KeyValuePair.Create("client_secret", "guess"),
        ]);
        using var http = new HttpClient();
        (await http.PostAsync(new Uri(identity.Address, "/connect/token"), form)).StatusCode
            .Should().Be(HttpStatusCode.Unauthorized);

        await Eventually.Is(
            "user:known.by.name", () => One(
                "select max(actor) from audit_trail where operation = 'SignIn' and target = $1", "user:known.by.name"),
            "who signed in");
        await Eventually.Is(
            "anonymous 127.0.0.1", () => One(
                "select max(actor || ' ' || address) from audit_trail where operation = 'Token' and target = $1",
                "client:billing-console"), "who guessed");
    }

    [Fact]
    public async Task Whoever_comes_to_the_front_page_goes_on_to_the_console()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var answer = await http.GetAsync(identity.Address);

        (answer.StatusCode, answer.Headers.Location).Should()
            .Be((HttpStatusCode.Redirect, new Uri(IdentityService.Console)));
    }

    private async Task<IReadOnlyList<string>> Details(string operation, string target)
    {
        await using var connection = await identity.Running.Source.OpenConnectionAsync();
        var rows = await connection.QueryAsync<string>(
            "select details::text from audit_trail where operation = @operation and target = @target order by id",
            new { operation, target });
        return [.. rows.Select(text => JsonDocument.Parse(text).RootElement)
            .Select(details => $"{Text(details, "before")} > {Text(details, "after")}")];

        static string Text(JsonElement details, string name) =>
            details.GetProperty(name).GetRawText().Replace(" ", "", StringComparison.Ordinal);
    }

    private async Task<string?> One(string sql, string target)
    {
        await using var command = identity.Running.Source.CreateCommand(sql);
        command.Parameters.Add(new() { Value = target });
        return $"{await command.ExecuteScalarAsync()}";
    }
}
