using System.Net;

namespace Billing.Payments.Tests;

/// <summary>For which bank days a partner may bring money and take it back, on a real PostgreSQL.</summary>
public sealed class BankDayApiTests(PaymentsService payments) : IClassFixture<PaymentsService>
{
    [Theory, InlineData(-1), InlineData(1)]
    public async Task A_payment_is_not_reversed_on_another_bank_day(int days)
    {
        var account = await payments.Account(60_00);
        using var paid = await payments.Pay(account, $"day{days}", 60_00);
        using var other = await payments.Reverse(
            account, $"day{days}", reversedOn: $"{PaymentsService.Today.AddDays(days):yyyy-MM-dd}");
        other.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await other.Code()).Should().Be("reversal-on-other-day");
        using var same = await payments.Reverse(
            account, $"day{days}", reversedOn: $"{PaymentsService.Today:yyyy-MM-dd}");
        same.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_payment_of_an_earlier_bank_day_is_not_reversed_whatever_day_its_partner_names()
    {
        var account = await payments.Account(60_00);
        var day = PaymentsService.Day(-3);
        using var paid = await payments.Pay(account, "march", 60_00, day: day);
        using var unnamed = await payments.Reverse(account, "march", day: day);
        using var named = await payments.Reverse(
            account, "march", reversedOn: $"{PaymentsService.Today.AddDays(-3):yyyy-MM-dd}", day: day);
        (await unnamed.Code()).Should().Be("reversal-on-other-day");
        (await named.Code()).Should().Be("reversal-on-other-day");
        (await payments.Get($"/accounts/{account}/balance")).Fen("balance").Should().Be(0);
    }

    [Theory]
    [InlineData("20991231", "bank-day-in-future")]
    [InlineData("20200101", "bank-day-too-old")]
    [InlineData("00010101", "payment-key-malformed")]
    [InlineData("99991231", "payment-key-malformed")]
    public async Task Only_an_open_bank_day_takes_money(string day, string code)
    {
        var account = await payments.Account(60_00);
        using var paid = await payments.Pay(account, "S1", 60_00, day: day);
        using var back = await payments.Reverse(account, "S1", day: day);
        (paid.StatusCode, await paid.Code()).Should().Be((HttpStatusCode.UnprocessableEntity, code));
        (back.StatusCode, await back.Code()).Should().Be((HttpStatusCode.UnprocessableEntity, code));
        (await payments.Scalar<long>($"select count(*) from payment where account_no = '{account}'")).Should().Be(0);
    }

    [Theory, InlineData(-31, null), InlineData(-32, "bank-day-too-old"), InlineData(1, "bank-day-in-future")]
    public async Task A_payment_is_at_most_as_late_as_its_partner_may_be(int days, string? code)
    {
        var account = await payments.Account(60_00);
        using var paid = await payments.Pay(account, "late", 60_00, day: PaymentsService.Day(days));
        if (code is null)
            paid.StatusCode.Should().Be(HttpStatusCode.Created);
        else
            (await paid.Code()).Should().Be(code);
    }
}
