using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Billing.Testing;
using Microsoft.Playwright;

namespace Billing.WebConsole.Tests;

/// <summary>What an administrator does on the pages, in a real Chromium and by keyboard.</summary>
[Collection(nameof(City))]
public sealed class AdministrationTests(City city)
{
    [Theory]
    [InlineData("zh", "一次性密码", "已锁定。", "已解锁。", "已保存;权限一分钟内生效。", "请填写原因", "经存在", "新增用户")]
    [InlineData(
        "en", "One-time password", "Locked.", "Unlocked.", "Saved; rights count within a minute.", "Enter a reason",
        "exists already", "Add a user")]
    public async Task A_user_is_added_changed_locked_and_given_another_password(
        string language, string once, string locked, string unlocked, string saved, string reason, string exists,
        string add)
    {
        var name = $"hired.{language}";
        var (page, faults) = await Open(Staff.Administrator, $"/users?lang={language}");
        (await page.InnerTextAsync("#add-title")).Should().Be(add);
        await Type(page, "#name", name, "新来的人");
        await page.CheckAsync("input[value=clerk]");
        await page.Locator("form.fields button").FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await page.Locator(".told").WaitForAsync();
        (await page.InnerTextAsync(".told strong")).Should().Be(once);
        var password = await page.InnerTextAsync(".told code");
        password.Should().HaveLength(20);
        await Picture(page, $"user-added-{language}");
        await page.GotoAsync($"{city.Address}users/{name}?lang={language}");
        (await page.ContentAsync()).Should().NotContain(password, "it is shown once");

        await page.CheckAsync("input[value=collector]");
        await page.FillAsync("#regions", "海淀区\n朝阳区");
        await Press(page, "button[value=save]");
        await Says(page, ".done", saved);
        (await User(name)).Should().Match<UserDetails>(user =>
            user.Roles.Count == 2 && user.Regions.Count == 2 && user.Projects.Count == 0);

        await page.EvaluateAsync("document.querySelector('#reason').required = false");
        await Press(page, "button[value=lock]");
        await Says(page, ".wrong", reason);
        await Picture(page, $"user-refused-{language}");
        await page.FillAsync("#reason", "休假");
        await page.PressAsync("#reason", "Enter");
        await Says(page, ".done", locked);
        (await User(name)).LockedBecause.Should().Be("休假");
        await Picture(page, $"user-locked-{language}");
        await Press(page, "button[value=unlock]");
        await Says(page, ".done", unlocked);

        foreach (var action in new[] { "password", "second-factor" })
        {
            await Press(page, $"button[value={action}]");
            await page.Locator(".told").WaitForAsync();
            var next = await page.InnerTextAsync(".told code");
            next.Should().HaveLength(20).And.NotBe(password);
            password = next;
        }

        await page.GotoAsync($"{city.Address}users?lang={language}");
        await Type(page, "#name", name, "另一个人");
        await page.Keyboard.PressAsync("Enter");
        await Says(page, ".wrong", exists);
        (await page.InputValueAsync("#displayName")).Should().Be("另一个人", "what was entered stays");
        (await User(name)).DisplayName.Should().Be("新来的人");
        faults.Where(fault => !fault.Contains("422", default)).Should().BeEmpty("nothing is blocked or missing");
    }

    [Theory]
    [InlineData("zh", "须启用二次验证", "不能更改自己")]
    [InlineData("en", "needs a second factor", "Nobody changes the own")]
    public async Task A_role_is_added_and_given_rights(string language, string factor, string own)
    {
        var code = $"night.{language}";
        var (page, _) = await Open(Staff.Administrator, $"/roles?lang={language}");
        await Picture(page, $"roles-{language}");
        await Type(page, "#code", code, "夜班", "Night shift");
        await page.Keyboard.PressAsync("Enter");
        await page.Arrives($"**/roles/{code}?done=add*");

        await page.CheckAsync("input[value=ReadRuns]");
        await page.CheckAsync("input[value=PostRun]");
        await Press(page, "main form button");
        await Says(page, ".wrong", factor);
        (await page.IsCheckedAsync("input[value=PostRun]")).Should().BeTrue("what was ticked stays");
        await page.CheckAsync("input[name=secondFactor]");
        await Press(page, "main form button");
        await page.Locator(".done").WaitForAsync();
        await Picture(page, $"role-{language}");

        var roles = await city.Identity.Http.GetFromJsonAsync<List<RoleDetails>>("/roles", Wire.Strict);
        roles!.Single(role => role.Code.Value == code).Rights.Should().BeEquivalentTo([Right.ReadRuns, Right.PostRun]);
        await page.GotoAsync($"{city.Address}roles/administrator?lang={language}");
        await page.CheckAsync("input[value=ReadRuns]");
        await Press(page, "main form button");
        await Says(page, ".wrong", own);
    }

    [Theory]
    [InlineData("zh", "密钥已吊销")]
    [InlineData("en", "The secret is revoked")]
    public async Task A_client_gets_a_secret_that_is_told_once_and_revoked(string language, string revoked)
    {
        var client = $"billing.reports.{language}";
        var (page, _) = await Open(Staff.Administrator, $"/clients?lang={language}");
        await Type(page, "#client", client, "y2026", "月报");
        foreach (var right in (string[])["PostRun", "ManageUsers", "ReceivePayment"])
            (await page.Locator($"input[value={right}]").CountAsync()).Should().Be(0, "no program has this right");
        await page.CheckAsync("input[value=ReadFigures]");
        await Press(page, "main form button");
        await page.Locator(".told").WaitForAsync();
        var secret = await page.InnerTextAsync(".told code");
        await Picture(page, $"client-told-{language}");
        (await Sign(client, secret)).Should().Be(HttpStatusCode.OK);

        await page.GotoAsync($"{city.Address}clients?lang={language}");
        await Picture(page, $"clients-{language}");
        (await page.ContentAsync()).Should().Contain($"{client}/y2026").And.NotContain(secret);
        await page.GetByRole(AriaRole.Link, new() { Name = $"{client}/y2026" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Arrives($"**/clients/{client}/y2026*");
        await Press(page, "main form button");
        await Says(page, ".done", revoked);
        (await Sign(client, secret)).Should().Be(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("zh", "您没有“查看金额与指标”权限", "无权查看")]
    [InlineData("en", "You do not have the right “See figures”", "No access")]
    public async Task Who_has_no_right_is_told_so_and_sees_no_way_there(string language, string figures, string closed)
    {
        var (page, _) = await Open(Staff.Clerk, $"/?lang={language}");

        (await page.InnerTextAsync("#figures .closed >> nth=0")).Should().StartWith(figures);
        (await page.Locator(".closed").CountAsync()).Should().Be(3, "runs, figures and services");
        (await page.Locator(".missing").CountAsync()).Should().Be(0, "nothing is broken");
        (await page.Locator("header nav >> nth=0").Locator("a").CountAsync()).Should().Be(1);
        await Picture(page, $"closed-{language}");

        (await page.GotoAsync($"{city.Address}users?lang={language}"))!.Status.Should().Be(403);
        (await page.InnerTextAsync("h1")).Should().Be(closed);
        (await page.InnerTextAsync("main")).Should().Contain("ReadUsers");
        await Picture(page, $"forbidden-{language}");
        (await page.GotoAsync($"{city.Address}api/Payments/totals"))!.Status.Should().Be(403);
    }

    [Fact]
    public async Task Who_may_look_and_not_change_sees_no_form_and_has_none_accepted()
    {
        var (page, _) = await Open(Staff.Auditor, "/users?lang=en");
        (await page.Locator("main form[method=post]").CountAsync()).Should().Be(0);
        await page.GotoAsync($"{city.Address}users/{Staff.Clerk}?lang=en");
        (await page.Locator("main button").CountAsync()).Should().Be(0);
        (await page.Locator("fieldset[disabled]").CountAsync()).Should().Be(1);
        var token = await page.Locator("input[name=__RequestVerificationToken] >> nth=0").InputValueAsync();

        var form = page.APIRequest.CreateFormData();
        form.Set("__RequestVerificationToken", token);
        form.Set("action", "lock");
        form.Set("reason", "x");
        var answer = await page.APIRequest.PostAsync($"{city.Address}users/{Staff.Clerk}", new() { Form = form });

        answer.Status.Should().Be(403);
        (await User(Staff.Clerk)).Locked.Should().BeFalse();
    }

    [Theory]
    [InlineData("zh", "没有符合条件的用户", "下一页")]
    [InlineData("en", "No user matches", "Next page")]
    public async Task Users_are_found_and_paged(string language, string nobody, string next)
    {
        await Task.WhenAll(Enumerable.Range(0, 55).Select(i => city.Identity.Http.PutAsJsonAsync(
            $"/users/row.{i:00}", new { displayName = $"第 {i} 行", roles = (string[])["clerk"] })));
        var (page, _) = await Open(Staff.Administrator, $"/users?lang={language}");
        await page.FillAsync("#q", "row.");
        await page.PressAsync("#q", "Enter");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(50);
        await Picture(page, $"users-{language}");
        await page.GetByRole(AriaRole.Link, new() { Name = next }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(5);
        await page.GotoAsync($"{city.Address}users?q=nobody.at.all&lang={language}");
        (await page.InnerTextAsync(".empty")).Should().Contain(nobody);
    }

    [Fact]
    public async Task A_service_that_is_away_is_said_and_what_was_entered_stays()
    {
        await using var console = await city.StartConsole("--Billing:Services:Identity=http://127.0.0.1:9");
        var (page, _) = await Open(Staff.Administrator, "/users?lang=en", new(console.Urls.First()));
        (await page.InnerTextAsync(".missing >> nth=0")).Should().Contain("Identity does not answer");

        await Type(page, "#name", "later", "Somebody");
        await page.Keyboard.PressAsync("Enter");

        await Says(page, ".wrong", "nothing was confirmed");
        (await page.InputValueAsync("#name")).Should().Be("later");
    }

    [Fact]
    public void Every_right_has_a_name() => RightNames.Known.Should().BeEquivalentTo(Enum.GetValues<Right>());

    [Fact]
    public async Task Every_refusal_of_Identity_has_a_sentence()
    {
        var text = await city.Identity.Http.GetStringAsync("/openapi/v1.json");
        var codes = System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("paths").EnumerateObject()
            .Where(path => path.Name != "/lag").SelectMany(path => path.Value.EnumerateObject())
            .Where(operation => operation.Name != "get")
            .SelectMany(operation => operation.Value.GetProperty("responses").EnumerateObject())
            .SelectMany(answer => answer.Value.TryGetProperty("x-problem-codes", out var known)
                ? known.EnumerateArray().Select(code => code.GetString()!) : [])
            .Except(OfTheEdge).Distinct();

        codes.Should().NotBeEmpty().And.BeSubsetOf(Refusal.Codes);
    }

    /// <summary>What every operation can answer; a right that is missing has a sentence of its own.</summary>
    private static readonly string[] OfTheEdge =
    [
        "right-missing", "scope-other", "token-invalid", "issuer-away", "body-too-large", "media-type-unsupported",
        "value-not-storable", "temporarily-unavailable", "fault", "charset-unsupported", "idempotency-key-invalid",
        "idempotency-key-reused",
    ];

    private async Task<(IPage Page, ConcurrentQueue<string> Faults)> Open(string user, string path, Uri? console = null)
    {
        var window = await city.Staff.NextWindow(user, new()
        {
            Locale = "fr-FR", ViewportSize = new() { Width = 1280, Height = 900 },
        });
        var page = await window.NewPageAsync();
        var faults = new ConcurrentQueue<string>();
        page.Console += (_, message) => faults.Enqueue(message.Text);
        page.PageError += (_, error) => faults.Enqueue(error);
        await page.GotoAsync(new Uri(console ?? city.Address, path).ToString());
        return (page, faults);
    }

    /// <summary>Types into fields that follow each other, from one to the next by the tabulator.</summary>
    private static async Task Type(IPage page, string first, params string[] texts)
    {
        await page.Locator(first).FocusAsync();
        for (var i = 0; i < texts.Length; i++)
        {
            if (i > 0)
                await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.PressAsync("Control+a");
            await page.Keyboard.InsertTextAsync(texts[i]);
        }
    }

    private static async Task Press(IPage page, string button)
    {
        await page.Locator(button).First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
    }

    private static Task Says(IPage page, string where, string text) => page.Locator(where, new() { HasText = text })
        .WaitForAsync(new() { Timeout = 10_000 });

    private async Task<UserDetails> User(string name) =>
        (await city.Identity.Http.GetFromJsonAsync<UserDetails>($"/users/{name}", Wire.Strict))!;

    private async Task<HttpStatusCode> Sign(string client, string secret)
    {
        using var form = new FormUrlEncodedContent(
        [
            KeyValuePair.Create("grant_type", "client_credentials"),
            KeyValuePair.Create("client_id", $"{client}/y2026"),
            KeyValuePair.Create("client_secret", secret),
        ]);
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(city.Identity.Http.BaseAddress!, "/connect/token"), form);
        return answer.StatusCode;
    }

    private static Task Picture(IPage page, string name) => page.ScreenshotAsync(new()
    {
        FullPage = true, Path = Path.Combine(Backend.Root, "artifacts/console", $"{name}.png"),
    });
}
