using System.Net;
using Billing.Contracts;

namespace Billing.Payments.Tests;

/// <summary>
/// Money that the bank's file tells is with the bank, so it can be taken, whatever happened before; and where something
/// cannot be taken, the way that the refusal names is open.
/// </summary>
public sealed class ToldByFileTests(PaymentsService payments) : IClassFixture<PaymentsService>
{
    private static readonly string Today = PaymentsService.Day();
    private static readonly string Yesterday = PaymentsService.Day(-1);

    [Fact]
    public async Task A_blocked_payment_that_the_file_tells_is_taken()
    {
        var account = await payments.Account(60_00);
        await payments.Partner("blocked");
        using var back = await payments.Reverse(account, "B1", partner: "blocked");
        (await back.Json()).GetProperty("status").GetString().Should().Be("Blocked");
        using var early = await payments.Pay(account, "B1", 10_00, "blocked");
        (await early.Code()).Should().Be("payment-reversed");
        using var file = await Told("blocked", Today, ("B1", account, "10.00"));
        (await Classes(file)).Should().Be("""{"status-differs":1}""");

        using var tomorrow = payments.Later(1);
        using var other = await payments.Pay(account, "B1", 11_00, "blocked", Today);
        (await other.Code()).Should().Be("payment-reversed");
        using var paid = await payments.Pay(account, "B1", 10_00, "blocked", Today);
        using var again = await payments.Pay(account, "B1", 10_00, "blocked", Today);
        (paid.StatusCode, again.StatusCode).Should().Be((HttpStatusCode.Created, HttpStatusCode.OK));
        (await paid.Json()).GetProperty("receipt").GetString().Should().Be($"{account}-0001");
        await IsMatch("blocked", Today);
        (await payments.Scalar<string>($"select status from payment where account_no = '{account}'"))
            .Should().Be("Received");
    }

    [Fact]
    public async Task A_payment_that_its_partner_reversed_but_keeps_in_its_file_is_taken_again()
    {
        var account = await payments.Account(60_00);
        await payments.Partner("kept");
        using var first = await payments.Pay(account, "K1", 60_00, "kept");
        (await payments.Pay(account, "K2", 5_00, "kept")).EnsureSuccessStatusCode();
        (await payments.Reverse(account, "K1", partner: "kept")).EnsureSuccessStatusCode();
        using var file = await Told("kept", Today, ("K1", account, "60.00"), ("K2", account, "5.00"));
        (await Classes(file)).Should().Be("""{"match":1,"status-differs":1}""");

        using var tomorrow = payments.Later(1);
        using var paid = await payments.Pay(account, "K1", 60_00, "kept", Today);
        paid.StatusCode.Should().Be(HttpStatusCode.Created);
        (await paid.Json()).GetProperty("receipt").GetString()
            .Should().Be((await first.Json()).GetProperty("receipt").GetString(), "it is the same payment");
        await IsMatch("kept", Today, 2);
        using var next = await payments.Pay(account, "K3", 1_00, "kept", PaymentsService.Day(1));
        (await next.Json()).GetProperty("receipt").GetString().Should().Be($"{account}-0003");
        (await payments.Get($"/accounts/{account}/balance")).Fen("balance").Should().Be(60_00 - 66_00);
        var totals = await payments.Get("/totals");
        (totals.Fen("received") - totals.Fen("reversed") - totals.Fen("refunded"))
            .Should().Be(totals.Fen("allocated") + totals.Fen("advance"));
    }

    [Fact]
    public async Task What_the_company_gave_back_does_not_come_again_and_the_named_way_is_open()
    {
        var account = await payments.Account(60_00);
        await payments.Partner("given");
        (await payments.Pay(account, "G1", 60_00, "given", Yesterday)).EnsureSuccessStatusCode();
        (await payments.RequestReversal("Q-given", $"given-{Yesterday}-G1", "zhang")).EnsureSuccessStatusCode();
        (await payments.ApproveReversal("Q-given", "li")).EnsureSuccessStatusCode();
        using var file = await Told("given", Yesterday, ("G1", account, "60.00"));

        using var again = await payments.Pay(account, "G1", 60_00, "given", Yesterday);
        var refusal = await again.Json();
        refusal.GetProperty("code").GetString().Should().Be("payment-reversed");
        refusal.GetProperty("detail").GetString().Should().Contain("a new serial, of the bank day that runs");
        using var advised = await payments.Pay(account, "G1N", 60_00, "given");
        advised.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Theory, InlineData(AmountRule.Exact), InlineData(AmountRule.AtLeastDue)]
    public async Task The_word_of_the_file_beats_the_amount_rule(AmountRule rule)
    {
        var account = await payments.Account(60_00);
        var partner = $"rule{(int)rule}";
        await payments.Partner(partner, rule);
        using var before = await payments.Pay(account, "V1", 10_00, partner, Yesterday);
        before.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        using var file = await Told(partner, Yesterday, ("V1", account, "10.00"));
        using var paid = await payments.Pay(account, "V1", 10_00, partner, Yesterday);
        paid.StatusCode.Should().Be(HttpStatusCode.Created);
        await IsMatch(partner, Yesterday);
    }

    [Theory, InlineData(-32), InlineData(-400)]
    public async Task A_payment_that_a_file_tells_may_be_as_late_as_the_file(int days)
    {
        var (account, day) = (await payments.Account(60_00), PaymentsService.Day(days));
        var partner = $"old{-days}";
        await payments.Partner(partner);
        using var before = await payments.Pay(account, "V2", 10_00, partner, day);
        (await before.Code()).Should().Be("bank-day-too-old");
        using var file = await Told(partner, day, ("V2", account, "10.00"));
        using var paid = await payments.Pay(account, "V2", 10_00, partner, day);
        paid.StatusCode.Should().Be(HttpStatusCode.Created);
        await IsMatch(partner, day);

        using var tomorrow = payments.Later(401 + days);
        using var again = await payments.Pay(account, "V2", 10_00, partner, day);
        again.StatusCode.Should().Be(HttpStatusCode.OK, "a first answer is given for ever");
    }

    private Task<HttpResponseMessage> Told(
        string partner, string day, params (string Serial, string Account, string Amount)[] lines) =>
        payments.SendFile(
            $"{lines.Length}|{lines.Sum(line => decimal.Parse(line.Amount, Invariant)).ToString("0.00", Invariant)}\n"
            + string.Concat(lines.Select(line => $"{day}|{line.Serial}|{line.Account}|{line.Amount}|WEB|PAY\n")),
            partner, day);

    private static IFormatProvider Invariant => System.Globalization.CultureInfo.InvariantCulture;

    private async Task IsMatch(string partner, string day, int matches = 1)
    {
        var compared = await payments.Get($"/partners/{partner}/days/{day}/reconciliation");
        compared.GetProperty("classes").GetRawText().Should().Be($$"""{"match":{{matches}}}""");
    }

    private static async Task<string> Classes(HttpResponseMessage file) =>
        (await file.Json()).GetProperty("classes").GetRawText();
}
