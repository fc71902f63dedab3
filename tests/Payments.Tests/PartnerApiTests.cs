using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace Billing.Payments.Tests;

/// <summary>What a partner sees, on real PostgreSQL and RabbitMQ.</summary>
public sealed class PartnerApiTests(PaymentsService payments) : IClassFixture<PaymentsService>
{
    [Fact]
    public async Task A_partner_asks_and_pays()
    {
        var account = await payments.Account(60_00, 70_00);
        var bill = await payments.Get($"/partners/icbc/bills/{account}");
        bill.GetProperty("maskedName").GetString().Should().Be("张*");
        bill.Fen("due").Should().Be(130_00);
        bill.GetProperty("invoices").EnumerateArray().Select(invoice => invoice.GetProperty("invoice").GetString())
            .Should().Equal($"{account}-1", $"{account}-2");

        using var paid = await payments.Pay(account, "ask-pay", 100_00);
        paid.StatusCode.Should().Be(HttpStatusCode.Created);
        var answer = await paid.Json();
        answer.GetProperty("payment").GetString().Should().Be($"icbc-{PaymentsService.Day()}-ask-pay");
        answer.GetProperty("receipt").GetString().Should().Be($"{account}-0001");
        answer.GetProperty("account").GetString().Should().Be(account);
        answer.Fen("amount").Should().Be(100_00);
        answer.GetProperty("allocations").EnumerateArray().Select(part => part.Fen("amount"))
            .Should().Equal(60_00, 40_00);
        answer.Fen("advance").Should().Be(0);
        answer.Fen("balance").Should().Be(30_00);

        var left = await payments.Get($"/partners/icbc/bills/{account}");
        left.Fen("due").Should().Be(30_00);
        left.GetProperty("invoices").GetArrayLength().Should().Be(1);
        var balance = await payments.Get($"/accounts/{account}/balance");
        (balance.Fen("due"), balance.Fen("advance"), balance.Fen("balance")).Should().Be((30_00, 0, 30_00));
    }

    [Fact]
    public async Task The_same_payment_again_gets_the_same_answer_whatever_happened_since()
    {
        var account = await payments.Account(60_00);
        using var first = await payments.Pay(account, "again", 60_00);
        using var other = await payments.Pay(account, "between", 5_00);
        using var again = await payments.Pay(account, "again", 60_00);
        again.StatusCode.Should().Be(HttpStatusCode.OK);
        (await again.Content.ReadAsStringAsync()).Should().Be(await first.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Fifty_identical_payments_at_once_are_one_payment_with_one_answer()
    {
        var account = await payments.Account(60_00);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => payments.Pay(account, "fifty", 100_00)));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).Should().Be(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).Should().Be(49);
        var bodies = await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()));
        bodies.Distinct().Should().ContainSingle();
        (await payments.Scalar<long>($"select count(*) from payment where account_no = '{account}'")).Should().Be(1);
        (await payments.Scalar<long>($"select advance_fen from account_balance where account_no = '{account}'"))
            .Should().Be(40_00);
    }

    [Fact]
    public async Task One_serial_for_many_accounts_at_once_is_one_payment()
    {
        var accounts = new List<string>();
        for (var i = 0; i < 8; i++)
            accounts.Add(await payments.Account(60_00));
        var answers = await Task.WhenAll(accounts.Select(account => payments.Pay(account, "shared", 60_00)));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).Should().Be(1);
        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.Conflict).ToList();
        refused.Should().HaveCount(7);
        foreach (var answer in refused)
            (await answer.Code()).Should().Be("payment-key-taken");
        (await payments.Scalar<long>("select count(*) from payment where serial = 'shared'")).Should().Be(1);
    }

    [Fact]
    public async Task Many_different_payments_of_one_account_at_once_are_all_taken()
    {
        var account = await payments.Account(10_00);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(i => payments.Pay(account, $"many-{i}", 1_00)));
        answers.Should().OnlyContain(answer => answer.StatusCode == HttpStatusCode.Created);
        var balance = await payments.Get($"/accounts/{account}/balance");
        balance.Fen("balance").Should().Be(-20_00);
        var receipts = await Task.WhenAll(answers.Select(async answer =>
            (await answer.Json()).GetProperty("receipt").GetString()));
        receipts.Order(StringComparer.Ordinal).Should().Equal(
            Enumerable.Range(1, 30).Select(i => string.Create(CultureInfo.InvariantCulture, $"{account}-{i:0000}")));
    }

    [Fact]
    public async Task The_same_serial_with_another_amount_is_refused_and_changes_nothing()
    {
        var account = await payments.Account(60_00);
        using var first = await payments.Pay(account, "amount", 60_00);
        using var other = await payments.Pay(account, "amount", 60_01);
        other.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await other.Code()).Should().Be("payment-key-taken");
        (await payments.Get($"/accounts/{account}/balance")).Fen("balance").Should().Be(0);
    }

    [Fact]
    public async Task The_same_serial_on_another_day_or_of_another_partner_is_another_payment()
    {
        var account = await payments.Account(60_00);
        using var first = await payments.Pay(account, "key", 10_00);
        using var day = await payments.Pay(account, "key", 10_00, day: PaymentsService.Day(-1));
        using var partner = await payments.Pay(account, "key", 40_00, partner: "exact");
        (first.StatusCode, day.StatusCode, partner.StatusCode)
            .Should().Be((HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.Created));
    }

    [Fact]
    public async Task A_payment_is_reversed_and_cannot_come_again()
    {
        var account = await payments.Account(60_00);
        using var paid = await payments.Pay(account, "back", 100_00);
        using var back = await payments.Reverse(account, "back");
        back.StatusCode.Should().Be(HttpStatusCode.Created);
        var answer = await back.Json();
        (answer.GetProperty("status").GetString(), answer.Fen("amount")).Should().Be(("Reversed", 100_00));
        using var again = await payments.Reverse(account, "back");
        again.StatusCode.Should().Be(HttpStatusCode.OK);
        (await again.Content.ReadAsStringAsync()).Should().Be(await back.Content.ReadAsStringAsync());
        (await payments.Get($"/accounts/{account}/balance")).Fen("balance").Should().Be(60_00);
        using var late = await payments.Pay(account, "back", 100_00);
        (await late.Code()).Should().Be("payment-reversed");
        (await payments.Scalar<string>("select status from payment where serial = 'back'")).Should().Be("Reversed");
    }

    [Fact]
    public async Task A_reversal_that_overtakes_its_payment_blocks_it()
    {
        var account = await payments.Account(60_00);
        using var back = await payments.Reverse(account, "overtaken");
        back.StatusCode.Should().Be(HttpStatusCode.Created);
        (await back.Json()).GetProperty("status").GetString().Should().Be("Blocked");
        using var late = await payments.Pay(account, "overtaken", 60_00);
        late.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await late.Code()).Should().Be("payment-reversed");
        (await payments.Get($"/accounts/{account}/balance")).Fen("balance").Should().Be(60_00);
    }

    [Fact]
    public async Task A_reversal_for_the_wrong_account_does_not_touch_the_payment()
    {
        var (account, wrong) = (await payments.Account(60_00), await payments.Account(60_00));
        using var paid = await payments.Pay(account, "wrong", 60_00);
        using var back = await payments.Reverse(wrong, "wrong");
        back.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await back.Code()).Should().Be("payment-key-taken");
        (await payments.Scalar<string>("select status from payment where serial = 'wrong'")).Should().Be("Received");
    }

    [Fact]
    public async Task A_payment_and_its_reversal_at_once_leave_no_money_behind()
    {
        var account = await payments.Account(60_00);
        for (var i = 0; i < 20; i++)
        {
            var (pay, reverse) = (payments.Pay(account, $"race-{i}", 60_00), payments.Reverse(account, $"race-{i}"));
            await Task.WhenAll(pay, reverse);
            (await reverse).StatusCode.Should().Be(HttpStatusCode.Created);
        }
        (await payments.Get($"/accounts/{account}/balance")).Fen("balance").Should().Be(60_00);
    }

    [Fact]
    public async Task Advance_is_refunded_once()
    {
        var account = await payments.Account();
        using var paid = await payments.Pay(account, "refund", 50_00);
        var refund = $"R{account}";
        using var first = await payments.Refund(account, refund, 20_00);
        using var again = await payments.Refund(account, refund, 20_00);
        using var other = await payments.Refund(account, refund, 20_01);
        using var elsewhere = await payments.Pay(await payments.Account(), "refund-2", 50_00);
        using var more = await payments.Refund(account, refund + "-2", 30_01);
        (first.StatusCode, again.StatusCode).Should().Be((HttpStatusCode.OK, HttpStatusCode.OK));
        (await other.Code()).Should().Be("refund-key-taken");
        (await more.Code()).Should().Be("refund-exceeds-advance");
        (await payments.Get($"/accounts/{account}/balance")).Fen("balance").Should().Be(-30_00);
        using var back = await payments.Reverse(account, "refund");
        (await back.Code()).Should().Be("reversal-of-refunded-money");
    }

    [Fact]
    public async Task One_refund_number_for_two_accounts_is_one_refund()
    {
        var (one, other) = (await payments.Account(), await payments.Account());
        using var paid = await payments.Pay(one, "two-refunds-1", 50_00);
        using var paidToo = await payments.Pay(other, "two-refunds-2", 50_00);
        using var first = await payments.Refund(one, "R-two", 20_00);
        using var second = await payments.Refund(other, "R-two", 20_00);
        second.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await second.Code()).Should().Be("refund-key-taken");
        (await payments.Get($"/accounts/{other}/balance")).Fen("advance").Should().Be(50_00);
    }

    [Fact]
    public async Task An_exact_partner_is_told_what_is_wrong()
    {
        var account = await payments.Account(60_00);
        using var less = await payments.Pay(account, "exact", 59_99, partner: "exact");
        using var below = await payments.Pay(account, "atleast", 59_99, partner: "atleast");
        using var exact = await payments.Pay(account, "exact", 60_00, partner: "exact");
        (await less.Code()).Should().Be("payment-amount-not-exact");
        (await below.Code()).Should().Be("payment-amount-below-due");
        (less.StatusCode, exact.StatusCode).Should().Be((HttpStatusCode.UnprocessableEntity, HttpStatusCode.Created));
    }

    [Theory]
    [InlineData("/partners/icbc/bills/9999999999", "account-unknown")]
    [InlineData("/accounts/9999999999/balance", "account-unknown")]
    [InlineData("/partners/nobody", "partner-unknown")]
    [InlineData("/partners/icbc/days/20260101/reconciliation", "bank-file-missing")]
    public async Task What_nobody_knows_is_not_found(string path, string code)
    {
        using var answer = await payments.Http.GetAsync(new Uri(path, UriKind.Relative));
        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await answer.Code()).Should().Be(code);
    }

    [Fact]
    public async Task Nobody_pays_for_an_account_that_nobody_knows()
    {
        using var pay = await payments.Pay("9999999999", "nobody", 1);
        using var reverse = await payments.Reverse("9999999999", "nobody");
        (await pay.Code()).Should().Be("account-unknown");
        (await reverse.Code()).Should().Be("account-unknown");
    }

    [Theory]
    [InlineData("icbc", null, "S", 0, "payment-amount-out-of-range")]
    [InlineData("icbc", null, "S", -1, "payment-amount-out-of-range")]
    [InlineData("icbc", "2026-10-31", "S", 1, "payment-key-malformed")]
    [InlineData("icbc", "20261131", "S", 1, "payment-key-malformed")]
    [InlineData("icbc", "20261031", "S%20S", 1, "payment-key-malformed")]
    public async Task A_payment_that_can_never_be_is_refused(
        string partner, string? day, string serial, long fen, string code)
    {
        var account = await payments.Account(60_00);
        using var answer = await payments.Pay(account, serial, fen, partner, day);
        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await answer.Code()).Should().Be(code);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"account":"1000000001"}""")]
    [InlineData("""{"account":null,"amount":{"fen":1}}""")]
    [InlineData("""{"account":"12","amount":{"fen":1}}""")]
    [InlineData("""{"account":"1000000001","amount":{"fen":"1"}}""")]
    [InlineData("""{"account":"1000000001","amount":{"yuan":1}}""")]
    [InlineData("""{"account":"1000000001","amount":{"fen":1},"note":"x"}""")]
    public async Task A_body_that_is_not_exactly_what_is_asked_is_refused(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await payments.Http.PutAsync(
            new Uri("/partners/icbc/payments/20261031/strict", UriKind.Relative), content);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }
}
