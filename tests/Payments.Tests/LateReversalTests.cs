using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Platform;
using Billing.Testing;

namespace Billing.Payments.Tests;

/// <summary>
/// A payment that has to go back after its bank day: the bank says so in its next file, or a customer does.
/// </summary>
public sealed class LateReversalTests(PaymentsService payments) : IClassFixture<PaymentsService>
{
    private static readonly string Today = PaymentsService.Day();
    private static readonly string Yesterday = PaymentsService.Day(-1);

    [Fact]
    public async Task A_bank_that_takes_money_back_is_told_that_the_payment_stands_until_we_take_it_back_too()
    {
        var account = await payments.Account(220_23);
        await payments.Partner("ccb");
        (await payments.Pay(account, "R1", 220_23, "ccb", Yesterday)).EnsureSuccessStatusCode();
        (await payments.SendFile($"1|220.23\n{Yesterday}|R1|{account}|220.23|WEB|PAY\n", "ccb", Yesterday))
            .EnsureSuccessStatusCode();
        using var sent = await payments.SendFile($"-1|-220.23\n{Today}|R1|{account}|220.23|WEB|REV\n", "ccb");
        var day = await sent.Json();
        Classes(day).Should().Be("""{"status-differs":1}""");
        Side(day, "bank").Should().Be((-1, -220_23, 0, 0, 1, 220_23));
        Side(day, "ours").Should().Be((0, 0, 0, 0, 0, 0));
        day.GetProperty("differences")[0].GetProperty("otherDay").GetString()
            .Should().Be($"{PaymentsService.Today.AddDays(-1):yyyy-MM-dd}");

        using var late = await payments.Reverse(account, "R1", partner: "ccb", day: Yesterday);
        (await late.Code()).Should().Be("reversal-on-other-day");
        using var refund = await payments.Refund(account, "R1-back", 220_23);
        (await refund.Code()).Should().Be("refund-exceeds-advance");
        (await TakeBack("Q-R1", $"ccb-{Yesterday}-R1")).Should().Be("Approved");

        day = await Read("ccb", Today);
        Classes(day).Should().Be("""{"match":1}""");
        Side(day, "ours").Should().Be((-1, -220_23, 0, 0, 1, 220_23));
        var before = await Read("ccb", Yesterday);
        Classes(before).Should().Be("""{"match":1}""", "the day before does not change");
        Side(before, "ours").Should().Be((1, 220_23, 1, 220_23, 0, 0));
        (await payments.Get($"/accounts/{account}/balance")).Fen("balance").Should().Be(220_23);
    }

    [Fact]
    public async Task A_reversal_of_a_serial_that_nobody_knows_is_no_match()
    {
        await payments.Partner("ghost");
        using var alone = await payments.SendFile($"-1|-1.00\n{Today}|X1|1000000001|1.00|WEB|REV\n", "ghost");
        Classes(await alone.Json()).Should().Be("""{"bank-only":1}""");
        using var pair = await payments.SendFile(
            $"0|0.00\n{Today}|X1|1000000001|1.00|WEB|PAY\n{Today}|X1|1000000001|1.00|WEB|REV\n", "ghost");
        Classes(await pair.Json()).Should().Be("""{"bank-only":1}""");
    }

    [Fact]
    public async Task Our_late_reversal_that_the_bank_does_not_tell_differs_on_the_day_it_was_made()
    {
        var account = await payments.Account(60_00);
        await payments.Partner("mute");
        var day = PaymentsService.Day(-20);
        (await payments.Pay(account, "S1", 60_00, "mute", day)).EnsureSuccessStatusCode();
        (await payments.SendFile($"1|60.00\n{day}|S1|{account}|60.00||PAY\n", "mute", day)).EnsureSuccessStatusCode();
        (await TakeBack("Q-mute", $"mute-{day}-S1")).Should().Be("Approved");
        using var silent = await payments.SendFile("0|0.00\n", "mute");
        Classes(await silent.Json()).Should().Be("""{"status-differs":1}""");
        Classes(await Read("mute", day)).Should().Be("""{"match":1}""");
        using var told = await payments.SendFile(
            $"-1|-60.00\n{Yesterday}|S1|{account}|60.00||REV\n", "mute", Yesterday);
        Classes(await told.Json()).Should().Be("""{"match":1}""");
        Classes(await Read("mute", Today)).Should().Be("""{"match":1}""");
    }

    [Fact]
    public async Task Past_days_of_the_cash_book_never_change()
    {
        var account = await payments.Account(60_00);
        await payments.Partner("book");
        (await payments.Pay(account, "S1", 60_00, "book", Yesterday)).EnsureSuccessStatusCode();
        var before = await Cash("book", -1);
        (await TakeBack("Q-book", $"book-{Yesterday}-S1")).Should().Be("Approved");
        (await Cash("book", -1)).Should().Be(before).And.Be((60_00, 0, 60_00, 1));
        (await Cash("book", 0)).Should().Be((0, 60_00, -60_00, -1));
    }

    [Fact]
    public async Task Two_people_decide_and_the_open_requests_are_listed()
    {
        var account = await payments.Account(60_00);
        (await payments.Pay(account, "two", 100_00, day: Yesterday)).EnsureSuccessStatusCode();
        var payment = $"icbc-{Yesterday}-two";
        using var asked = await payments.RequestReversal("Q-two", payment, "zhang");
        using var again = await payments.RequestReversal("Q-two", payment, "zhang");
        (asked.StatusCode, again.StatusCode).Should().Be((HttpStatusCode.Accepted, HttpStatusCode.Accepted));
        var open = (await payments.Get("/reversal-requests")).GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("request").GetString() == "Q-two");
        (open.GetProperty("payment").GetString(), open.GetProperty("account").GetString(), open.Fen("amount"),
            open.GetProperty("requestedBy").GetString(), open.GetProperty("reason").GetString())
            .Should().Be((payment, account, 100_00, "user:zhang", "退单"));

        using var alone = await payments.ApproveReversal("Q-two", "Zhang");
        (await alone.Code()).Should().Be("proposal-same-person");
        using var other = await payments.RequestReversal("Q-two-2", payment, "wang");
        (await other.Code()).Should().Be("reversal-already-requested");
        using var approved = await payments.ApproveReversal("Q-two", "li");
        using var twice = await payments.ApproveReversal("Q-two", "li");
        (approved.StatusCode, twice.StatusCode).Should().Be((HttpStatusCode.OK, HttpStatusCode.OK));
        (await twice.Content.ReadAsStringAsync()).Should().Be(await approved.Content.ReadAsStringAsync());
        var request = await payments.Get("/reversal-requests/Q-two");
        (request.GetProperty("status").GetString(), request.GetProperty("decidedBy").GetString())
            .Should().Be(("Approved", "user:li"));
        (await payments.Get($"/accounts/{account}/balance")).Fen("balance").Should().Be(60_00);
        (await payments.Get("/reversal-requests")).GetProperty("items").EnumerateArray()
            .Should().NotContain(item => item.GetProperty("request").GetString() == "Q-two");
    }

    [Fact]
    public async Task A_request_is_rejected_or_withdrawn_and_the_payment_stays()
    {
        await using var recorder = await MessageRecorder.Listen(payments);
        var account = await payments.Account(60_00);
        (await payments.Pay(account, "stays", 60_00, day: Yesterday)).EnsureSuccessStatusCode();
        var payment = $"icbc-{Yesterday}-stays";
        (await payments.RequestReversal("Q-stays-1", payment, "zhang")).EnsureSuccessStatusCode();
        using var rejected = await payments.RejectReversal("Q-stays-1", "li");
        (await rejected.Json()).GetProperty("status").GetString().Should().Be("Rejected");
        (await payments.RequestReversal("Q-stays-2", payment, "zhang")).EnsureSuccessStatusCode();
        using var withdrawn = await payments.RejectReversal("Q-stays-2", "zhang");
        (await withdrawn.Json()).GetProperty("status").GetString().Should().Be("Withdrawn");
        using var late = await payments.ApproveReversal("Q-stays-2", "li");
        (await late.Code()).Should().Be("proposal-decided");
        (await payments.Get($"/accounts/{account}/balance")).Fen("balance").Should().Be(0);

        await Eventually.Is(
            "Q-stays-1 60.00, Q-stays-1 不退, Q-stays-2 60.00, Q-stays-2 不退",
            () => Task.FromResult(recorder.RequestsOf(account)), "what others were told");
    }

    [Fact]
    public async Task A_partner_that_reverses_in_time_settles_the_request()
    {
        var account = await payments.Account(60_00);
        (await payments.Pay(account, "itself", 60_00)).EnsureSuccessStatusCode();
        (await payments.RequestReversal("Q-itself", $"icbc-{Today}-itself", "zhang")).EnsureSuccessStatusCode();
        (await payments.Reverse(account, "itself")).EnsureSuccessStatusCode();
        (await payments.Get("/reversal-requests/Q-itself")).GetProperty("status").GetString()
            .Should().Be("Superseded");
        using var twice = await payments.ApproveReversal("Q-itself", "li");
        (await twice.Code()).Should().Be("reversal-request-not-open");
        (await payments.Get($"/accounts/{account}/balance")).Fen("balance").Should().Be(60_00);
    }

    [Fact]
    public async Task Money_that_was_refunded_meanwhile_is_refused_clearly()
    {
        var account = await payments.Account();
        (await payments.Pay(account, "gone", 60_00, day: Yesterday)).EnsureSuccessStatusCode();
        (await payments.Refund(account, $"R{account}", 1)).EnsureSuccessStatusCode();
        using var asked = await payments.RequestReversal("Q-gone", $"icbc-{Yesterday}-gone", "zhang");
        (await asked.Code()).Should().Be("reversal-of-refunded-money", "nobody need approve what cannot be done");
        (await payments.Get($"/accounts/{account}/balance")).Fen("balance").Should().Be(-59_99);
        (await payments.Refund(account, $"R{account}-2", 59_99)).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_refund_does_not_overtake_a_requested_reversal()
    {
        var account = await payments.Account();
        (await payments.Pay(account, "twice", 500_00, day: Yesterday)).EnsureSuccessStatusCode();
        (await payments.Pay(account, "other", 30_00, day: Yesterday)).EnsureSuccessStatusCode();
        (await payments.RequestReversal("Q-twice", $"icbc-{Yesterday}-twice", "zhang")).EnsureSuccessStatusCode();
        using var refund = await payments.Refund(account, "R-twice", 530_00);
        (refund.StatusCode, await refund.Code())
            .Should().Be((HttpStatusCode.Conflict, "refund-of-requested-reversal"));
        (await payments.Refund(account, "R-other", 30_00)).EnsureSuccessStatusCode();
        using var approved = await payments.ApproveReversal("Q-twice", "li");
        (await approved.Json()).GetProperty("status").GetString().Should().Be("Approved");
        (await payments.Get($"/accounts/{account}/balance")).Fen("balance").Should().Be(0);
    }

    [Fact]
    public async Task A_request_and_a_refund_of_its_money_at_once_let_it_go_out_once()
    {
        for (var i = 0; i < 10; i++)
        {
            var account = await payments.Account();
            (await payments.Pay(account, $"at-once-{i}", 50_00, day: Yesterday)).EnsureSuccessStatusCode();
            await Task.WhenAll(
                payments.RequestReversal($"Q-at-once-{i}", $"icbc-{Yesterday}-at-once-{i}", "zhang"),
                payments.Refund(account, $"R-at-once-{i}", 50_00));
            await payments.ApproveReversal($"Q-at-once-{i}", "li");
            (await payments.Get($"/accounts/{account}/balance")).Fen("balance").Should().Be(0);
        }
    }

    [Fact]
    public async Task One_number_for_two_payments_is_one_request()
    {
        var (one, other) = (await payments.Account(60_00), await payments.Account(60_00));
        (await payments.Pay(one, "number-1", 60_00)).EnsureSuccessStatusCode();
        (await payments.Pay(other, "number-2", 60_00)).EnsureSuccessStatusCode();
        using var first = await payments.RequestReversal("Q-number", $"icbc-{Today}-number-1", "zhang");
        using var second = await payments.RequestReversal("Q-number", $"icbc-{Today}-number-2", "zhang");
        first.StatusCode.Should().Be(HttpStatusCode.Accepted);
        (second.StatusCode, await second.Code()).Should().Be((HttpStatusCode.Conflict, "reversal-request-key-taken"));
    }

    [Fact]
    public async Task What_nobody_knows_is_not_found_and_what_is_malformed_is_refused()
    {
        using var payment = await payments.RequestReversal("Q-x", $"icbc-{Today}-x", "zhang");
        using var approve = await payments.ApproveReversal("Q-nobody", "li");
        using var reject = await payments.RejectReversal("Q-nobody", "li");
        using var number = await payments.RequestReversal("Q%20x", $"icbc-{Today}-x", "zhang");
        using var reason = await payments.RequestReversal("Q-x", $"icbc-{Today}-x", "zhang", "");
        (await payment.Code()).Should().Be("payment-unknown");
        (await approve.Code()).Should().Be("proposal-unknown");
        (await reject.Code()).Should().Be("proposal-unknown");
        (await number.Code()).Should().Be("reversal-request-number-malformed");
        (await reason.Code()).Should().Be("reason-missing");
    }

    [Theory, InlineData(""), InlineData(" "), InlineData("\t\u3000\u200B")]
    public async Task A_reason_that_nobody_can_see_is_none(string reason)
    {
        var account = await payments.Account(60_00);
        using var paid = await payments.Pay(account, $"blank{reason.Length}", 90_00, day: Yesterday);
        var payment = (await paid.Json()).GetProperty("payment").GetString()!;
        (await payments.RequestReversal($"Q-{payment}", payment, "zhang")).EnsureSuccessStatusCode();
        using var asked = await payments.RequestReversal($"Q2-{payment}", payment, "zhang", reason);
        using var rejected = await payments.RejectReversal($"Q-{payment}", "li", reason);
        using var refunded = await payments.Http.PutAsJsonAsync(
            $"/refunds/R-{payment}", new { account, amount = new { fen = 1 }, reason });
        using var reversed = await payments.Http.PutAsJsonAsync(
            $"/partners/icbc/payments/{Today}/S1/reversal", new { account, reason });
        foreach (var answer in new[] { asked, refunded, reversed })
            (await answer.Code()).Should().Be("reason-missing");
        (await rejected.Code()).Should().Be("decision-reason-missing");
    }

    [Fact]
    public async Task A_database_from_before_gets_the_day_of_its_reversals()
    {
        var account = await payments.Account(60_00);
        (await payments.Pay(account, "old", 60_00)).EnsureSuccessStatusCode();
        (await payments.Reverse(account, "old")).EnsureSuccessStatusCode();
        await payments.Scalar<object?>("drop table schema_version; alter table payment drop column reversed_on");
        await new Schema(payments.Running.Source, typeof(Program).Assembly).Migrate();
        (await payments.Scalar<DateTime>("select reversed_on from payment where serial = 'old'"))
            .Should().Be(PaymentsService.Today.ToDateTime(default));
        (await payments.Scalar<long>(
            "select count(*) from payment where status <> 'Reversed' and reversed_on is not null")).Should().Be(0);
    }

    [Fact]
    public async Task A_program_is_no_second_person()
    {
        const string nobody = "client:nightly";
        using var asked = await payments.RequestReversal("nameless", "ccb-20261101-X1", nobody);
        using var approved = await payments.ApproveReversal("nameless", nobody);
        using var rejected = await payments.RejectReversal("nameless", nobody);

        foreach (var answer in new[] { asked, approved, rejected })
            (answer.StatusCode, await answer.Code()).Should().Be((HttpStatusCode.Forbidden, "actor-missing"));
    }

    private async Task<string> TakeBack(string request, string payment)
    {
        (await payments.RequestReversal(request, payment, "zhang")).EnsureSuccessStatusCode();
        using var approved = await payments.ApproveReversal(request, "li");
        approved.EnsureSuccessStatusCode();
        return (await approved.Json()).GetProperty("status").GetString()!;
    }

    private Task<JsonElement> Read(string partner, string day) =>
        payments.Get($"/partners/{partner}/days/{day}/reconciliation");

    private async Task<(long, long, long, int)> Cash(string partner, int days)
    {
        var day = $"{PaymentsService.Today.AddDays(days):yyyy-MM-dd}";
        var cash = (await payments.Get($"/cash?from={day}&to={day}")).EnumerateArray()
            .Single(row => row.GetProperty("partner").GetString() == partner);
        return (cash.Fen("received"), cash.Fen("reversed"), cash.Fen("net"), cash.GetProperty("count").GetInt32());
    }

    private static string Classes(JsonElement day) => day.GetProperty("classes").GetRawText();

    private static (int, long, int, long, int, long) Side(JsonElement day, string side) => (
        day.GetProperty(side).GetProperty("count").GetInt32(), day.Fen(side, "amount"),
        day.GetProperty(side).GetProperty("payments").GetProperty("count").GetInt32(),
        day.Fen(side, "payments", "amount"),
        day.GetProperty(side).GetProperty("reversals").GetProperty("count").GetInt32(),
        day.Fen(side, "reversals", "amount"));
}
