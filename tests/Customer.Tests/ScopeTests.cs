using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Testing;

namespace Billing.Customers.Tests;

/// <summary>Who sees a part of the organisation sees its accounts and no others.</summary>
public sealed class ScopeTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private static readonly Right[] Rights =
        [Right.ReadAccounts, Right.ReadCustomers, Right.OpenAccount, Right.ImportAccounts, Right.ReadPlans];

    [Fact]
    public async Task Only_accounts_of_the_own_region_are_listed_and_read()
    {
        var (inside, outside) = await Accounts("宣武区", "门头沟区", 4_000);
        var zhang = TestTokens.Limited("zhang", ["宣武区"], [], Rights);

        var (status, page) = await Ask<AccountPage>(zhang, "/accounts?limit=500");
        (status, page.Accounts.Select(account => account.Region.Value).Distinct().Single())
            .Should().Be((HttpStatusCode.OK, "宣武区"));
        page.Accounts.Select(account => account.AccountNo.Value).Should().BeEquivalentTo(inside);
        (await Code(zhang, HttpMethod.Get, $"/accounts/{inside[0]}")).Should().Be("");
        foreach (var path in new[] { $"/accounts/{outside[0]}", $"/accounts/{outside[0]}/timeline" })
            (await Code(zhang, HttpMethod.Get, path)).Should().Be("scope-other");
        (await Code(zhang, HttpMethod.Get, "/accounts/9999999998")).Should().Be("account-unknown");
        (await Code(zhang, HttpMethod.Get, "/plans")).Should().Be("", "prices are the same for everybody");
    }

    [Fact]
    public async Task A_project_limits_within_the_region()
    {
        var (inside, _) = await Accounts("崇文区", "平谷区", 4_100);
        var project = (await Ask<AccountDetails>(
            TestTokens.Of("everybody"), $"/accounts/{inside[0]}")).Answer.Project.Value;

        (await Code(TestTokens.Limited("li", ["崇文区"], [project], Rights), HttpMethod.Get, $"/accounts/{inside[0]}"))
            .Should().Be("");
        (await Code(TestTokens.Limited("li", ["崇文区"], ["别处"], Rights), HttpMethod.Get, $"/accounts/{inside[0]}"))
            .Should().Be("scope-other");
        (await Code(TestTokens.Limited("li", ["平谷区"], [project], Rights), HttpMethod.Get, $"/accounts/{inside[0]}"))
            .Should().Be("scope-other", "both limits count");
    }

    [Fact]
    public async Task Nothing_is_changed_in_other_parts_nor_in_all_of_them()
    {
        var zhang = TestTokens.Limited("zhang", ["宣武区"], [], Rights);
        var elsewhere = new
        {
            customer = "C10000001", region = "海淀区", project = "知春里", address = "1室", @class = "Residential",
            openedOn = "2020-10-01", electricity = (object?)null, heat = (object?)null,
        };

        (await Code(zhang, HttpMethod.Put, "/accounts/8999999999", elsewhere)).Should().Be("scope-other");
        using var import = Town.Import(Town.File(4_200, 1), "scope-1").With(zhang);
        (await ServiceFixture.CodeOf(await service.Http.SendAsync(import))).Should().Be("scope-other");
    }

    [Fact]
    public async Task Nobody_is_pulled_into_the_own_part_and_nobody_without_a_part_is_open()
    {
        Right[] rights = [.. Rights, Right.RegisterCustomer, Right.ReadPersonalData, Right.CorrectCustomer,
            Right.EraseCustomer];
        var (inside, outside) = await Accounts("石景山区", "密云区", 4_300);
        var zhang = TestTokens.Limited("zhang", ["石景山区"], [], rights);
        var everybody = TestTokens.Of("everybody");
        async Task<string> CustomerOf(string account) =>
            (await Ask<AccountDetails>(everybody, $"/accounts/{account}")).Answer.Customer.Value;
        object Opening(string customer) => new
        {
            customer, region = "石景山区", project = "古城", address = "1室", @class = "Residential",
            openedOn = "2020-10-01", electricity = (object?)null, heat = (object?)null,
        };
        const string mine = "C77000001";

        var other = await CustomerOf(outside[0]);
        (await Code(zhang, HttpMethod.Put, "/accounts/8999999998", Opening(other))).Should().Be("scope-other");
        (await Code(zhang, HttpMethod.Get, $"/customers/{other}/personal-data"))
            .Should().Be("scope-other");
        (await Code(zhang, HttpMethod.Put, "/accounts/8999999997", Opening(await CustomerOf(inside[0]))))
            .Should().NotBe("scope-other");
        (await Code(zhang, HttpMethod.Put, $"/customers/{mine}", new
        {
            name = "新客户", phone = "13800000000", kind = "Person",
        })).Should().Be("", "a new customer belongs nowhere yet");
        (await Code(zhang, HttpMethod.Put, $"/customers/{other}", new
        {
            name = "猜的", phone = "13800000000", kind = "Person",
        })).Should().Be("scope-other", "nobody learns whether a name was guessed right");
        (await Code(zhang, HttpMethod.Put, "/accounts/8999999996", Opening(mine))).Should().NotBe("scope-other");
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, "personal-data"), (HttpMethod.Post, "corrections"),
            (HttpMethod.Post, "erasure"),
        })
            (await Code(zhang, method, $"/customers/C77000009/{path}", method == HttpMethod.Get ? null : new { }))
                .Should().Be("scope-other", $"{path}: nobody's customer is not everybody's");
    }

    [Fact]
    public async Task Who_has_accounts_elsewhere_too_is_read_and_neither_changed_nor_erased()
    {
        Right[] rights = [.. Rights, Right.ReadPersonalData, Right.CorrectCustomer, Right.EraseCustomer];
        var (inside, _) = await Accounts("延庆区", "怀柔区", 4_400);
        var zhang = TestTokens.Limited("zhang", ["延庆区"], [], rights);
        var (first, other) = (Town.Line(4_400).Split(','), Town.Line(4_450).Split(','));
        other[4] = "怀柔区";
        first[1..4].CopyTo(other, 1);
        using var import = Town.Import(Town.File([string.Join(',', other)]), "scope-both");
        (await ServiceFixture.Read<ImportedAccounts>(await service.Http.SendAsync(import))).Opened.Should().Be(1);
        var customer = (await Ask<AccountDetails>(zhang, $"/accounts/{inside[0]}")).Answer.Customer;

        (await Code(zhang, HttpMethod.Get, $"/customers/{customer}/personal-data")).Should().NotBe(
            "scope-other", "it lacks a reason, and the door is open");
        foreach (var path in new[] { "corrections", "erasure" })
            (await Code(zhang, HttpMethod.Post, $"/customers/{customer}/{path}", new { })).Should().Be("scope-other");
    }

    /// <summary>Two accounts in each of two regions.</summary>
    private async Task<(string[] Inside, string[] Outside)> Accounts(string inside, string outside, int first)
    {
        var lines = Town.File(first, 4).TrimEnd('\n').Split('\n');
        string In(int i, string region) => lines[i].Replace(
            lines[i].Split(',')[Array.IndexOf(lines[0].Split(','), "region")], region, StringComparison.Ordinal);
        string[] file = [lines[0], In(1, inside), In(2, inside), In(3, outside), In(4, outside)];
        using var import = Town.Import(string.Join('\n', file) + "\n", $"scope-{first}");
        var read = await ServiceFixture.Read<ImportedAccounts>(await service.Http.SendAsync(import));
        read.Opened.Should().Be(4, string.Join(' ', read.Refused));
        string[] numbers = [.. file[1..].Select(line => line.Split(',')[0])];
        return (numbers[..2], numbers[2..]);
    }

    private async Task<(HttpStatusCode Status, T Answer)> Ask<T>(string token, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path).With(token);
        using var answer = await service.Http.SendAsync(request);
        return (answer.StatusCode, await ServiceFixture.Read<T>(answer));
    }

    private async Task<string> Code(string token, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path).With(token);
        request.Content = body is null
            ? null
            : new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var answer = await service.Http.SendAsync(request);
        return answer.IsSuccessStatusCode ? "" : await ServiceFixture.CodeOf(answer);
    }
}
