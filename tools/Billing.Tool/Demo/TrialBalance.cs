using Billing.Contracts;

namespace Billing.Tools;

/// <summary>
/// The last line of the demonstration. Here the sums of the services are compared; whether every single account agrees is for
/// the audit to prove, which reads the events themselves.
/// </summary>
internal static class TrialBalance
{
    public static async Task<bool> Check(Services services, Story story, CancellationToken cancellation)
    {
        var invoicing = await services.Invoicing.Get<InvoicingTotals>("/totals", cancellation);
        var payments = await services.Payments.Get<PaymentTotals>("/totals", cancellation);
        var collections = (await services.Collections.Get<Dated<CollectionTotals>>("/totals", cancellation)).Figure;
        (string What, Money Left, Money Right)[] equal =
        [
            ("invoiced = charged in Payments", invoicing.Amount, payments.Charges),
            ("invoiced = charged in Collections", invoicing.Amount, collections.Charges),
            ("credited = credited in Payments", invoicing.Credited, payments.Credits),
            ("charges - credits - allocated = open", payments.Charges - payments.Credits - payments.Allocated, payments.Open),
            ("open in Payments = open in Collections", payments.Open, collections.Open),
            ("received - reversed - refunded = allocated + advance",
                payments.Received - payments.Reversed - payments.Refunded, payments.Allocated + payments.Advance),
            ("advance in Payments = advance in Collections", payments.Advance, collections.Advance),
        ];
        var off = 0L;
        foreach (var (what, left, right) in equal)
        {
            story.Line($"{(left == right ? "✓" : "✗")} {what,-54} {left.Yuan,16:N2} {right.Yuan,16:N2}");
            off += Math.Abs(left.Fen - right.Fen);
        }
        var accounts = (await services.Payments.Get<Lag>("/lag", cancellation)).Items("OnAccountsChanged");
        Console.WriteLine(off == 0
            ? $"trial balance: balanced ({accounts} accounts, 0 fen off)"
            : $"trial balance: BROKEN ({accounts} accounts, {off} fen off)");
        return off == 0;
    }
}
