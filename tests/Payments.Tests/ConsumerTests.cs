using Billing.Contracts;
using Billing.Contracts.Customer;
using Billing.Contracts.Invoicing;
using Billing.Contracts.Payments;
using Billing.Platform;
using Billing.Rebuilding;
using Billing.Testing;

namespace Billing.Payments.Tests;

/// <summary>
/// What comes in from other services, what goes out, and that the tables follow from the events alone.
/// </summary>
public sealed class ConsumerTests(PaymentsService payments) : IClassFixture<PaymentsService>
{
    [Fact]
    public async Task The_newest_picture_of_an_account_is_kept()
    {
        var account = await payments.Account();
        await payments.Tell(new AccountsChanged([Facts.Changed(account, "李*", 3), Facts.Changed(account, "王*", 2)]));
        await payments.Tell(new AccountsChanged([Facts.Changed(account, "赵*", 2)]));
        (await payments.Get($"/partners/icbc/bills/{account}")).GetProperty("maskedName").GetString().Should().Be("李*");
    }

    [Fact]
    public async Task After_its_service_was_restored_a_picture_of_a_lower_version_is_the_newer_one()
    {
        var account = await payments.Account();
        var restored = Facts.Changed(account, "赵*", 2);
        await payments.Tell(new AccountsChanged([Facts.Changed(account, "李*", 3)]));
        await payments.Tell(new AccountsChanged([restored with { Origin = restored.Origin with { Epoch = 1 } }]));
        (await payments.Get($"/partners/icbc/bills/{account}")).GetProperty("maskedName").GetString().Should().Be("赵*");
    }

    [Fact]
    public async Task An_account_is_known_by_its_invoice_alone()
    {
        await payments.Tell(new InvoicesIssued([Facts.Issued("alone-1", 10_00, account: "3000000001")]));
        var bill = await payments.Get("/partners/icbc/bills/3000000001");
        (bill.GetProperty("maskedName").GetString(), bill.Fen("due")).Should().Be(("", 10_00));
    }

    [Fact]
    public async Task Advance_pays_the_next_invoice_by_itself()
    {
        var account = await payments.Account();
        (await payments.Pay(account, "advance", 100_00)).EnsureSuccessStatusCode();
        await payments.Tell(new InvoicesIssued([Facts.Issued($"{account}-1", 60_00, account: account)]));
        var bill = await payments.Get($"/partners/icbc/bills/{account}");
        (bill.Fen("due"), bill.Fen("advance"), bill.GetProperty("invoices").GetArrayLength())
            .Should().Be((0, 40_00, 0));
    }

    [Fact]
    public async Task A_credit_before_its_invoice_has_its_effect_when_the_invoice_comes()
    {
        var account = await payments.Account();
        await payments.Tell(new CreditsIssued([Facts.Credit($"N{account}", $"{account}-1", 20_00, account)]));
        (await payments.Get($"/partners/icbc/bills/{account}")).Fen("due").Should().Be(0);
        await payments.Tell(new InvoicesIssued([Facts.Issued($"{account}-1", 60_00, account: account)]));
        (await payments.Get($"/partners/icbc/bills/{account}")).Fen("due").Should().Be(40_00);
    }

    [Fact]
    public async Task Money_moves_are_told_to_everybody()
    {
        await using var recorder = await MessageRecorder.Listen(payments);
        var account = await payments.Account();
        (await payments.Pay(account, "told", 100_00)).EnsureSuccessStatusCode();
        await payments.Tell(new InvoicesIssued([Facts.Issued($"{account}-1", 60_00, account: account)]));
        (await payments.Refund(account, $"T{account}", 15_00)).EnsureSuccessStatusCode();
        (await payments.Pay(account, "told-2", 7_00)).EnsureSuccessStatusCode();
        (await payments.Reverse(account, "told-2")).EnsureSuccessStatusCode();

        await Eventually.Is(5, () => Task.FromResult(recorder.Of(account).Count), "the number of movements told");
        var moves = recorder.Of(account).OrderBy(move => move.Origin.Version).ToList();
        moves.Select(move => move.GetType()).Should().Equal(
            typeof(Contracts.Payments.PaymentReceived), typeof(Contracts.Payments.AdvanceApplied),
            typeof(Contracts.Payments.AdvanceRefunded), typeof(Contracts.Payments.PaymentReceived),
            typeof(Contracts.Payments.PaymentReversed));
        moves.Select(move => move.Allocations.Sum(part => part.Amount.Fen) + move.Advance.Fen)
            .Should().Equal(100_00, 0, -15_00, 7_00, -7_00);
        moves[0].Should().BeEquivalentTo(new
        {
            Payment = (Facts.Key("told") with { BankDate = PaymentsService.Today }).Id,
            Partner = PartnerCode.Parse("icbc"), PaidOn = PaymentsService.Today,
            Receipt = ReceiptNo.Parse($"{account}-0001"),
            Amount = new Contracts.Money(100_00), Channel = Contracts.Channel.Bank,
        });
        moves[4].Should().BeEquivalentTo(new
        {
            Payment = (Facts.Key("told-2") with { BankDate = PaymentsService.Today }).Id,
            ReversedOn = PaymentsService.Today, Reason = "冲正", AfterDayEnd = false,
            Amount = new Contracts.Money(7_00),
        });
    }

    [Fact]
    public async Task Cash_and_totals_add_up()
    {
        var before = await payments.Get("/totals");
        var account = await payments.Account(60_00);
        await payments.Partner("cash");
        (await payments.Pay(account, "C1", 100_00, "cash")).EnsureSuccessStatusCode();
        (await payments.Pay(account, "C2", 5_00, "cash")).EnsureSuccessStatusCode();
        (await payments.Reverse(account, "C2", partner: "cash")).EnsureSuccessStatusCode();
        (await payments.Reverse(account, "C3", partner: "cash")).EnsureSuccessStatusCode();
        (await payments.Refund(account, $"C{account}", 10_00)).EnsureSuccessStatusCode();
        await payments.Tell(new CreditsIssued([Facts.Credit($"N{account}", $"{account}-1", 20_00, account)]));

        var today = $"{PaymentsService.Today:yyyy-MM-dd}";
        var cash = (await payments.Get($"/cash?from={today}&to={today}")).EnumerateArray()
            .Single(row => row.GetProperty("partner").GetString() == "cash");
        (cash.Fen("received"), cash.Fen("reversed"), cash.Fen("net")).Should().Be((105_00, 5_00, 100_00));
        cash.GetProperty("channel").GetString().Should().Be("Bank");
        cash.GetProperty("count").GetInt32().Should().Be(1);

        var totals = await payments.Get("/totals");
        long More(string name) => totals.Fen(name) - before.Fen(name);
        (More("charges"), More("credits"), More("allocated"), More("open"), More("advance"))
            .Should().Be((60_00, 20_00, 40_00, 0, 50_00));
        (More("received"), More("reversed"), More("refunded")).Should().Be((105_00, 5_00, 10_00));
    }

    [Theory, InlineData("2026-08-02", "2026-08-01"), InlineData("2025-01-01", "2026-08-01")]
    public async Task A_range_of_days_has_an_order_and_an_end(string from, string to)
    {
        using var answer = await payments.Http.GetAsync(new Uri($"/cash?from={from}&to={to}", UriKind.Relative));
        (await answer.Code()).Should().Be("date-range-invalid");
    }

    [Fact]
    public async Task The_tables_can_be_rebuilt_from_the_events()
    {
        var account = await payments.Account(60_00, 30_00);
        (await payments.Pay(account, "rebuild-1", 100_00)).EnsureSuccessStatusCode();
        (await payments.Pay(account, "rebuild-2", 10_00)).EnsureSuccessStatusCode();
        (await payments.Reverse(account, "rebuild-2")).EnsureSuccessStatusCode();
        (await payments.Reverse(account, "rebuild-3")).EnsureSuccessStatusCode();
        (await payments.Refund(account, $"B{account}", 5_00)).EnsureSuccessStatusCode();
        await payments.Tell(new CreditsIssued([Facts.Credit($"N{account}", $"{account}-1", 20_00, account)]));
        (await payments.Pay(account, "rebuild-4", 8_00, day: PaymentsService.Day(-9))).EnsureSuccessStatusCode();
        var late = $"icbc-{PaymentsService.Day(-9)}-rebuild-4";
        (await payments.RequestReversal("rebuild-1", late, "zhang")).EnsureSuccessStatusCode();
        (await payments.RejectReversal("rebuild-1", "li")).EnsureSuccessStatusCode();
        (await payments.RequestReversal("rebuild-2", late, "zhang")).EnsureSuccessStatusCode();
        (await payments.ApproveReversal("rebuild-2", "li")).EnsureSuccessStatusCode();
        var before = await payments.Scalar<string>(Tables.Sql);
        await Rebuild.Run(payments.Running.Source, Account.Streams);
        (await payments.Scalar<string>(Tables.Sql)).Should().Be(before);
    }
}
