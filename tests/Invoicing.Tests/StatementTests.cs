using Billing.Contracts.Payments;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

public sealed class StatementTests(InvoicingService invoicing) : IClassFixture<InvoicingService>, IAsyncLifetime
{
    private static readonly PaymentId Payment = PaymentId.Parse("icbc-20251105-1");

    public async Task InitializeAsync()
    {
        await invoicing.Forget();
        await invoicing.Accounts([Account(1)]);
        await invoicing.Import(InvoicingService.OctoberOf(1, 240m));
        await invoicing.Drafted("one");
        await invoicing.Posted("one");
        // On the 5th a payment, on the 6th taken back, on the 7th another one of which a part was refunded on the 9th.
        await invoicing.Tell(
            new PaymentsReceived([
                Received(Payment, 100_00, "2025-11-05", 1),
                Received(PaymentId.Parse("icbc-20251107-2"), 150_00, "2025-11-07", 3)]),
            new PaymentsReversed([new(
                Payment, No(1), new(100_00), Channel.Bank, PartnerCode.Parse("icbc"), Day("2025-11-06"), "冲正", [],
                new(-100_00), At(2))]),
            new AdvancesRefunded([new(RefundNo.Parse("R1"), No(1), new(30_00), Day("2025-11-09"), "多缴", [],
            new(-30_00), At(5))]),
            new AdvancesApplied([new(No(1), [new(InvoiceNo.Parse("E202510-00000001"), new(1))], new(-1), At(4))]));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static Origin At(int number) => new(
        Guid.Parse($"00000000-0000-0000-0000-{number:x12}"), number, number,
        new(2025, 11, 10, number, 0, 0, TimeSpan.Zero));

    private static PaymentReceived Received(PaymentId payment, long fen, string day, int number) => new(
        payment, No(1), new(fen), Channel.Bank, PartnerCode.Parse("icbc"), Day(day),
        ReceiptNo.Parse($"receipt-{number}"), [], new(fen), At(number));

    private async Task<(long Opening, string Entries, long Closing)> Statement(string query = "")
    {
        var answer = await invoicing.Get($"/accounts/{No(1)}/statement{query}");
        return (answer.Fen("opening"),
            string.Join(' ', answer.GetProperty("entries").EnumerateArray().Select(entry =>
                $"{entry.GetProperty("kind")}:{entry.Fen("amount")}:{entry.Fen("balance")}")),
            answer.Fen("closing"));
    }

    [Fact]
    public async Task A_statement_has_everything_in_order_of_day() => (await Statement()).Should().Be((
        0,
        "invoice:11719:11719 payment:-10000:1719 reversal:10000:11719 payment:-15000:-3281 refund:3000:-281 " +
        "advance:0:-281",
        -281));

    [Fact]
    public async Task A_statement_of_some_days_opens_with_what_was_before() =>
        (await Statement("?from=2025-11-06&to=2025-11-07")).Should().Be((
            1719, "reversal:10000:11719 payment:-15000:-3281", -3281));

    [Fact]
    public async Task A_statement_as_of_a_day_knows_nothing_later() =>
        (await Statement("?asOf=2025-11-05")).Should().Be((0, "invoice:11719:11719 payment:-10000:1719", 1719));

    [Fact]
    public async Task A_statement_as_known_at_an_instant_leaves_out_what_was_recorded_later()
    {
        // The payments were recorded in 2025; the invoice of this test is recorded now.
        (await Statement("?knownAt=2025-11-10T02:00:00Z")).Should()
            .Be((0, "payment:-10000:-10000 reversal:10000:0", 0));
        (await Statement("?knownAt=2025-11-10T01:59:59.999Z")).Should().Be((0, "payment:-10000:-10000", -10000));
    }

    [Fact]
    public async Task An_end_is_given_once() => (await (await invoicing.Http.GetAsync(new Uri(
        $"/accounts/{No(1)}/statement?asOf=2025-11-05&to=2025-11-05",
        UriKind.Relative))).Code()).Should().Be("statement-dates-twice");

    [Fact]
    public async Task An_unknown_account_has_no_statement() => (await (await invoicing.Http.GetAsync(new Uri(
        "/accounts/999999/statement", UriKind.Relative))).Code()).Should().Be("account-unknown");
}
