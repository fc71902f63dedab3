using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;
using Billing.Testing;

namespace Billing.Payments.Tests;

/// <summary>A service believes the tokens of its issuer and nothing else.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private Running _payments = null!;

    public async Task InitializeAsync() =>
        _payments = await Running.Start(Program.Build);

    public async Task DisposeAsync() => await _payments.DisposeAsync();

    [Fact]
    public async Task Rights_come_from_the_token()
    {
        (await Put("/partners/icbc", null)).Should().Be((HttpStatusCode.Unauthorized, "token-invalid"));
        (await Put("/partners/icbc", TestTokens.For("li", Right.ReadPartners)))
            .Should().Be((HttpStatusCode.Forbidden, "right-missing"));
        (await Put("/partners/icbc", TestTokens.For("li", Right.ReadPartners, Right.SavePartner)))
            .Should().Be((HttpStatusCode.Created, ""));
    }

    [Fact]
    public async Task Roles_of_another_issuer_are_those_that_are_delivered()
    {
        var clerk = TestTokens.Make(new() { ["sub"] = "u1", ["roles"] = Roles("clerk", "unheard-of") });
        (await Put("/partners/abc", clerk)).Should().Be((HttpStatusCode.Forbidden, "right-missing"));
        var support = TestTokens.Make(new() { ["sub"] = "u1", ["roles"] = Roles("clerk", "partner-support") });
        (await Put("/partners/abc", support)).Should().Be((HttpStatusCode.Created, ""));
    }

    [Fact]
    public async Task A_partner_acts_under_its_own_path_only()
    {
        var support = TestTokens.For("li", Right.SavePartner);
        await Put("/partners/boc", support);
        await Put("/partners/ccb", support);
        var boc = TestTokens.Make(new()
        {
            ["sub"] = "bank.boc", ["client"] = "bank.boc", ["partner"] = "boc", ["rights"] = "ReversePayment",
        });

        (await Put($"/partners/ccb/payments/{Day}/S1/reversal", boc, Reversal))
            .Should().Be((HttpStatusCode.Forbidden, "partner-other"));
        (await Put($"/partners/boc/payments/{Day}/S1/reversal", boc, Reversal))
            .Should().Be((HttpStatusCode.NotFound, "account-unknown"), "the door is open, and there is no account");
        (await Put($"/partners/boc/payments/{Day}/S1/reversal", TestTokens.For("li", Right.ReversePayment), Reversal))
            .Should().Be((HttpStatusCode.Forbidden, "partner-other"), "a person is no partner");
    }

    private static string Day => TimeProvider.System.Today().ToString("yyyyMMdd", null);

    private static IReadOnlyList<string> Roles(params string[] roles) => roles;

    private static object Reversal => new { account = "1000000001", reason = "超时" };

    private async Task<(HttpStatusCode Status, string Code)> Put(string path, string? token, object? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = token is null ? TestTokens.Nobody : TestTokens.Bearer(token);
        request.Headers.Add("X-Actor", "user:somebody.else");
        request.Content = JsonContent.Create(
            body ?? new { name = "银行", channel = "Bank", amountRule = "ANY", dayCut = "00:00:00" });
        using var answer = await _payments.Http.SendAsync(request);
        return (answer.StatusCode, answer.IsSuccessStatusCode
            ? ""
            : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!);
    }
}
