using System.Net;
using System.Net.Http.Json;
using System.Text;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Contracts.Signing;
using Billing.ForPartners;
using Billing.Platform;
using Billing.Testing;

namespace Billing.Payments.Tests;

/// <summary>Who signed a request is the partner, and only what was signed is done, once.</summary>
public sealed class EdgeTests(PaymentsService payments) : IClassFixture<PaymentsService>
{
    private const string Nonce = "n-0123456789abcdef";

    [Fact]
    public async Task What_a_partner_signs_is_done_in_its_name()
    {
        var account = await payments.Account(100_00);
        using var answer = await payments.Pay(account, "W1", 60_00);

        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        answer.Headers.Location!.OriginalString.Should().Be($"/partner/v1/payments/{PaymentsService.Day()}/W1");
        (await payments.Scalar<string>($"""
            select actor || ' ' || permission from audit_trail
            where operation = 'ReceivePayment' and target = 'account-{account}'
            """)).Should().Be("partner:icbc ReceivePayment");
    }

    [Fact]
    public async Task Neither_listener_knows_the_paths_of_the_other()
    {
        using var http = new HttpClient(new SignedIn(new SocketsHttpHandler()));
        foreach (var path in (string[])["/totals", "/partners/icbc", "/openapi/v1.json", "/health/ready", "/lag", "/"])
            (await http.GetAsync(new Uri(payments.Running.Partners!, path))).StatusCode
                .Should().Be(HttpStatusCode.NotFound, path);
        foreach (var path in (string[])["/partner/v1/bills/1000000001", "/partner/v1/openapi.json", "/partner/v1"])
            (await http.GetAsync(new Uri(payments.Http.BaseAddress!, path))).StatusCode
                .Should().Be(HttpStatusCode.NotFound, path);
        (await http.GetAsync(new Uri(payments.Running.Partners!, "/partner/v1/openapi.json"))).StatusCode
            .Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_of_staff_opens_nothing_here()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, At("/partner/v1/bills/1000000001"))
            .With(TestTokens.Of("wang"));

        (await (await http.SendAsync(request)).Code()).Should().Be("signature-missing");
    }

    [Fact]
    public async Task A_payment_that_is_heard_and_sent_again_is_answered_as_before_and_another_act_is_not_done()
    {
        var account = await payments.Account(100_00);
        await payments.Pay(account, "R0", 1_00);
        using var http = new HttpClient();
        var path = $"/partner/v1/payments/{PaymentsService.Day()}/R1";
        using var first = await http.SendAsync(SignedPayment.Payment(At(path), account, 10_00, Nonce + "r"));
        first.StatusCode.Should().Be(HttpStatusCode.Created);

        using var again = await http.SendAsync(SignedPayment.Payment(At(path), account, 10_00, Nonce + "r"));
        again.StatusCode.Should().Be(HttpStatusCode.OK, "nothing is done by it");
        using var other = await http.SendAsync(SignedPayment.Payment(At(path + "-2"), account, 10_00, Nonce + "r"));
        (await other.Code()).Should().Be("nonce-used");
        (await payments.Scalar<long>("select count(*) from payment where serial like 'R1%'")).Should().Be(1);
    }

    [Fact]
    public async Task A_refusal_does_not_become_a_payment_when_somebody_sends_it_again()
    {
        var account = await payments.Account(100_00);
        await payments.Pay(account, "Q0", 1_00, "exact");
        using var http = new HttpClient();
        var path = $"/partner/v1/payments/{PaymentsService.Day()}/Q1";
        using var early = await http.SendAsync(SignedPayment.Payment(At(path), account, 60_00, Nonce + "q", "exact"));
        (await early.Code()).Should().Be("payment-amount-not-exact");
        await payments.Pay(account, "Q2", 40_00);

        using var heard = await http.SendAsync(SignedPayment.Payment(At(path), account, 60_00, Nonce + "q", "exact"));
        (await heard.Code()).Should().Be("nonce-used");
        using var meant = await http.SendAsync(SignedPayment.Payment(At(path), account, 60_00, Nonce + "q2", "exact"));
        meant.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Two_keys_are_good_while_a_partner_changes_and_a_secret_is_shown_once()
    {
        await Agreed("rotating");
        var first = await Issue("rotating", "a1");
        using var one = Client("rotating.a1", first);
        await Known(one);
        var second = await Issue("rotating", "a2");
        using var two = Client("rotating.a2", second);
        await Known(one);
        await Known(two);
        using (var third = await Ask("rotating", "a3"))
            (await third.Code()).Should().Be("partner-keys-two");
        using (var again = await payments.Http.PostAsync(
            new Uri("/partners/rotating/keys/a1/secret", UriKind.Relative), null))
            (await again.Code()).Should().Be("partner-key-told");

        using var ended = await payments.Http.PostAsJsonAsync(
            "/partners/rotating/keys/a1/end", new { reason = "换钥" });
        (await ended.Json()).GetProperty("ended").GetBoolean().Should().BeTrue();
        (await Refusal(one)).Should().Be("signature-wrong");
        await Known(two);
        using (var reused = await Ask("rotating", "a1"))
            (await reused.Code()).Should().Be("partner-key-taken");
        var keys = await payments.Get("/partners/rotating/keys");
        keys.EnumerateArray().Select(key => key.GetProperty("keyId").GetString())
            .Should().Equal("rotating.a1", "rotating.a2");
        keys.GetRawText().Should().NotContain(first).And.NotContain(second);
    }

    [Fact]
    public async Task A_key_is_good_until_its_last_day()
    {
        await Agreed("ending");
        using var client = Client("ending.d1", await Issue("ending", "d1", days: 1));
        using (payments.Later(1))
        {
            using var last = Client("ending.d1", AsPartner.SecretOf("ending", "d1"), days: 1);
            await Known(last);
        }
        using (payments.Later(2))
        {
            using var late = Client("ending.d1", AsPartner.SecretOf("ending", "d1"), days: 2);
            (await Refusal(late)).Should().Be("signature-wrong");
        }
    }

    [Theory, InlineData("A", 1), InlineData("a-b", 1), InlineData("", 1), InlineData("k", -1), InlineData("k", 401)]
    public async Task A_key_that_cannot_be_is_refused(string key, int days)
    {
        using var answer = await Ask("icbc", key.Length == 0 ? new string('x', 21) : key, days);
        (await answer.Code()).Should().Be("partner-key-malformed");
    }

    private Uri At(string path) => new(payments.Running.Partners!, path);

    private static async Task Known(PartnerClient client)
    {
        var answer = await client.Awaiting(it => it.Bill(AccountNo.Parse("9999999999"))).Should()
            .ThrowAsync<PartnerRefusalException>();
        answer.Which.Code.Should().Be("account-unknown", "the signature is good, and there is no account");
    }

    private static async Task<string> Refusal(PartnerClient client) =>
        (await client.Awaiting(it => it.Bill(AccountNo.Parse("9999999999"))).Should()
            .ThrowAsync<PartnerRefusalException>()).Which.Code;

    private PartnerClient Client(string keyId, string secret, int days = 0) =>
        new(payments.Running.Partners!, keyId, secret, clock: new Ahead(TimeSpan.FromDays(days)));

    private async Task Agreed(string partner)
    {
        using var saved = await payments.Http.Agree(
            HttpMethod.Put, $"/partners/{partner}",
            new SavePartnerRequest("银行", Channel.Bank, AmountRule.Any, new(0, 0)));
        saved.EnsureSuccessStatusCode();
    }

    private Task<HttpResponseMessage> Ask(string partner, string key, int days = 30) => payments.Http.Agree(
        HttpMethod.Put, $"/partners/{partner}/keys/{key}",
        new IssuePartnerKeyRequest(PaymentsService.Today.AddDays(days)));

    private async Task<string> Issue(string partner, string key, int days = 30)
    {
        using var issued = await Ask(partner, key, days);
        issued.IsSuccessStatusCode.Should().BeTrue(await issued.Content.ReadAsStringAsync());
        using var told = await payments.Http.PostAsync(
            new Uri($"/partners/{partner}/keys/{key}/secret", UriKind.Relative), null);
        return (await told.Json()).GetProperty("secret").GetString()!;
    }

    private sealed class Ahead(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
