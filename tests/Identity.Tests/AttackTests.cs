using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts.Api;
using Billing.Platform;
using Billing.Testing;
using Dapper;

namespace Billing.Identity.Tests;

/// <summary>Many requests at the same time, and what a dump of the database tells.</summary>
[Collection(nameof(IdentityService))]
public sealed class AttackTests(IdentityService identity)
{
    [Fact]
    public async Task Guesses_at_the_same_time_are_counted_one_by_one()
    {
        using var person = await identity.Somebody("guessed", "clerk");
        var strangers = Enumerable.Range(0, 12)
            .Select(_ => new Person(identity.Address, "guessed", "not the password")).ToList();

        await Task.WhenAll(strangers.Select(stranger => stranger.SignIn()));

        (await One<int>("select access_failed_count from users where user_name = 'guessed'"))
            .Should().Be(5, "no more than five were looked at");
        (await One<bool>("select lockout_end > now() from users where user_name = 'guessed'")).Should().BeTrue();
        (await person.SignIn()).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        strangers.ForEach(stranger => stranger.Dispose());
    }

    [Fact]
    public async Task An_attempt_without_a_code_is_no_guess()
    {
        using var person = await identity.Somebody("hasty", "finance");
        using var window = new Person(identity.Address, "hasty", person.Password);

        for (var i = 0; i < 6; i++)
            await window.SignIn(code: "");

        (await window.SignIn(code: person.Code())).StatusCode.Should().Be(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Who_tries_too_often_from_one_address_waits()
    {
        await using var strict = await identity.Start(
            $"http://127.0.0.1:{FreePort.Next()}", identity.Running.Postgres,
            "--Billing:Identity:AttemptsPerMinute=3", "--Billing:Identity:Gateway=127.0.0.1");

        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 4; i++)
            answers.Add(await From("203.0.113.7"));

        answers.Take(3).Should().OnlyContain(answer => answer.StatusCode == HttpStatusCode.BadRequest);
        answers[3].StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        answers[3].Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromMinutes(1));
        WebUtility.HtmlDecode(await answers[3].Content.ReadAsStringAsync()).Should().Contain("尝试过多");
        (await From("203.0.113.8")).StatusCode.Should().Be(HttpStatusCode.BadRequest, "others are not held up");

        async Task<HttpResponseMessage> From(string address)
        {
            using var form = new FormUrlEncodedContent([KeyValuePair.Create("name", "x")]);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/sign-in", UriKind.Relative))
            {
                Content = form,
            };
            // Whatever a browser claims, the gateway puts last what it has seen.
            request.Headers.Add("X-Forwarded-For", $"198.51.100.1, {address}");
            return await strict.Http.SendAsync(request);
        }
    }

    [Fact]
    public async Task Changes_at_the_same_time_are_conflicts_and_no_faults()
    {
        await identity.Save("contended", "clerk");
        var token = await identity.Administrator.Token();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).SelectMany(i => new[]
        {
            identity.Send(token, HttpMethod.Post, "/users/contended/password"),
            identity.Send(token, HttpMethod.Post, "/users/contended/unlock"),
            identity.Send(token, HttpMethod.Put, "/clients/contended/secrets/x1", new
            {
                name = "contended", rights = (string[])["ReadPlans"], expiresOn = TimeProvider.System.Today(),
            }),
        }));

        answers.Should().OnlyContain(answer => answer.IsSuccessStatusCode
            || answer.StatusCode == HttpStatusCode.Conflict);
        answers.Should().Contain(answer => answer.IsSuccessStatusCode);
        foreach (var refused in answers.Where(answer => answer.StatusCode == HttpStatusCode.Conflict))
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()
                .Should().Be("changed-meanwhile");
    }

    [Fact]
    public async Task Limits_that_a_request_does_not_speak_of_stay()
    {
        await identity.Send(HttpMethod.Put, "/users/limited", new
        {
            displayName = "有限", roles = (string[])["clerk"], regions = (string[])["海淀区"],
        });

        await identity.Save("limited", "cashier");
        (await Details("limited")).Regions.Should().ContainSingle();

        await identity.Send(HttpMethod.Put, "/users/limited", new
        {
            displayName = "有限", roles = (string[])["clerk"], regions = Array.Empty<string>(),
        });
        (await Details("limited")).Regions.Should().BeEmpty("an empty list says that all may be seen");
    }

    [Fact]
    public async Task Users_are_found_by_a_part_of_the_name()
    {
        await identity.Save("find.me.here", "clerk", "cashier");
        await identity.Save("find-me-not", "clerk");
        var token = await identity.Administrator.Token();

        var found = await (await identity.Send(token, HttpMethod.Get, "/users?search=D.ME")).Content
            .ReadFromJsonAsync<UserPage>(Wire.Strict);
        found!.Users.Should().ContainSingle().Which.Roles.Should().HaveCount(2);
        (await identity.Send(token, HttpMethod.Get, $"/users?search={new string('x', 41)}")).StatusCode
            .Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Secrets_of_authenticator_apps_lie_encrypted_in_the_database()
    {
        using var person = await identity.Somebody("secretive", "finance");

        var stored = await One<string>(
            """
            select value from user_tokens token join users on users.id = token.user_id
            where user_name = 'secretive' and token.name = 'AuthenticatorKey'
            """);

        stored.Should().StartWith("aes-gcm:");
        (await person.SignIn()).StatusCode.Should().Be(HttpStatusCode.Redirect, "its codes are good all the same");
    }

    [Fact]
    public async Task A_change_is_carried_out_and_on_record_though_its_client_hangs_up()
    {
        await identity.Save("left.alone", "clerk");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/users/left.alone/lock", UriKind.Relative))
        {
            Content = JsonContent.Create(new { reason = "挂断" }),
        };
        request.Headers.Authorization = new("Bearer", await identity.Administrator.Token());
        await using var holder = await identity.Running.Source.OpenConnectionAsync();
        await using var holds = await holder.BeginTransactionAsync();
        await holder.ExecuteAsync("lock table roles in share row exclusive mode");
        using var patience = new CancellationTokenSource();

        var asked = identity.Running.Http.SendAsync(request, patience.Token);
        await Eventually.Is(
            1, () => One<long>("select count(*) from pg_locks where not granted and relation = 'roles'::regclass"),
            "who waits for the roles");
        await patience.CancelAsync();
        await asked.Awaiting(it => it).Should().ThrowAsync<OperationCanceledException>();
        await Task.Delay(TimeSpan.FromSeconds(0.5)); // in which the service would have noticed
        await holds.RollbackAsync();

        await Eventually.Is(
            "LockUser 200",
            () => One<string>("""
                select string_agg(concat_ws(' ', operation, outcome), ',') from audit_trail
                where target = 'left.alone' and operation <> 'SaveUser'
                """),
            "what is on record");
        (await Details("left.alone")).LockedBecause.Should().Be("挂断");
    }

    private async Task<UserDetails> Details(string user) => (await (await identity.Send(
        await identity.Administrator.Token(), HttpMethod.Get, $"/users/{user}")).Content
        .ReadFromJsonAsync<UserDetails>(Wire.Strict))!;

    private async Task<T?> One<T>(string sql)
    {
        await using var connection = await identity.Running.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql);
    }
}
