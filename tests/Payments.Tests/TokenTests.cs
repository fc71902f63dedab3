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
            .Should().Be((HttpStatusCode.Accepted, ""));
    }

    [Fact]
    public async Task Roles_of_another_issuer_are_those_that_are_delivered()
    {
        var clerk = TestTokens.Make(new() { ["sub"] = "u1", ["roles"] = Roles("clerk", "unheard-of") });
        (await Put("/partners/abc", clerk)).Should().Be((HttpStatusCode.Forbidden, "right-missing"));
        var support = TestTokens.Make(new() { ["sub"] = "u1", ["roles"] = Roles("clerk", "partner-support") });
        (await Put("/partners/abc", support)).Should().Be((HttpStatusCode.Accepted, ""));
    }

    [Fact]
    public async Task A_program_that_sends_the_file_of_a_partner_is_no_partner()
    {
        await Put("/partners/icbc", TestTokens.For("li", Right.SavePartner));
        (await Approve("icbc", TestTokens.For("wang", Right.ApprovePartner))).Should().Be((HttpStatusCode.OK, ""));
        var yesterday = TimeProvider.System.Today().AddDays(-1).ToString(
            "yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"/partners/icbc/days/{yesterday}/reconciliation")
        {
            Content = new StringContent("0|0.00\n", System.Text.Encoding.UTF8, "text/plain"),
        };
        using var answer = await _payments.Http.SendAsync(request.With(TestTokens.OfProgram("tools")));

        answer.StatusCode.Should().Be(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        await using var command = _payments.Source.CreateCommand(
            "select string_agg(actor, ',') from audit_trail where operation = 'ReconcileDay'");
        (await command.ExecuteScalarAsync()).Should().Be("client:tools");
    }

    [Fact]
    public async Task A_second_person_is_somebody_else_has_the_right_and_is_no_program()
    {
        await Put("/partners/abc", TestTokens.For("li", Right.SavePartner));

        (await Approve("abc", null)).Should().Be((HttpStatusCode.Unauthorized, "token-invalid"));
        (await Approve("abc", TestTokens.For("wang", Right.ApproveRefund, Right.SavePartner)))
            .Should().Be((HttpStatusCode.Forbidden, "right-missing"));
        (await Approve("abc", TestTokens.For("LI", Right.ApprovePartner)))
            .Should().Be((HttpStatusCode.Conflict, "proposal-same-person"), "letters differ in case only");
        (await Approve("abc", TestTokens.Make(new()
        {
            ["sub"] = "robot", ["client"] = "robot", ["rights"] = "ApprovePartner",
        }))).Should().Be((HttpStatusCode.Forbidden, "actor-missing"));
        (await Approve("abc", TestTokens.For("wang", Right.ApprovePartner))).Should().Be((HttpStatusCode.OK, ""));
    }

    private async Task<(HttpStatusCode Status, string Code)> Approve(string partner, string? token)
    {
        var path = new Uri($"/approvals/save-partner/{partner}", UriKind.Relative);
        using var read = new HttpRequestMessage(HttpMethod.Get, path);
        read.Headers.Authorization = new("Bearer", TestTokens.For("audit", Right.ReadApprovals));
        using var found = await _payments.Http.SendAsync(read);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{path}/approve", UriKind.Relative));
        request.Headers.Authorization = token is null ? TestTokens.Nobody : TestTokens.Bearer(token);
        request.Content = JsonContent.Create(new { (await found.Proposal()).Seen }, options: Wire.Strict);
        return await Answer(request);
    }

    private static IReadOnlyList<string> Roles(params string[] roles) => roles;

    private async Task<(HttpStatusCode Status, string Code)> Put(string path, string? token, object? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = token is null ? TestTokens.Nobody : TestTokens.Bearer(token);
        request.Headers.Add("X-Actor", "user:somebody.else");
        request.Content = JsonContent.Create(
            body ?? new { name = "银行", channel = "Bank", amountRule = "ANY", dayCut = "00:00:00" });
        return await Answer(request);
    }

    private async Task<(HttpStatusCode Status, string Code)> Answer(HttpRequestMessage request)
    {
        using var answer = await _payments.Http.SendAsync(request);
        return (answer.StatusCode, answer.IsSuccessStatusCode
            ? ""
            : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!);
    }
}
