using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Tools;

/// <summary>
/// The end of the demonstration: the totals of the services side by side, then the audit of every account.
/// </summary>
internal static class TrialBalance
{
    private const int DifferencesShown = 20;

    /// <summary>Compares; returns the verdict for the last line, and whether everything agrees.</summary>
    public static async Task<(string Verdict, bool Balanced)> Check(
        Services services, ConsoleOutput console, CancellationToken cancellation)
    {
        await Sums(services, console, cancellation);
        var audit = await AuditCommand.Run(console, DifferencesShown, cancellation);
        return (audit.Verdict, audit.Balanced);
    }

    private static async Task Sums(Services services, ConsoleOutput console, CancellationToken cancellation)
    {
        var invoicing = await services.Invoicing.Get<InvoicingTotals>($"/totals", cancellation);
        var payments = await services.Payments.Get<PaymentTotals>($"/totals", cancellation);
        var collections = (await services.Collections.Get<Dated<CollectionTotals>>($"/totals", cancellation)).Figure;
        (string What, Money Left, Money Right)[] equal =
        [
            ("invoiced = charged in Payments", invoicing.Amount, payments.Charges),
            ("invoiced = charged in Collections", invoicing.Amount, collections.Charges),
            .. MoneyIdentity.All.Select(identity =>
                (identity.ToString(), identity.Left(payments.Of), identity.Right(payments.Of))),
            ("open in Payments = open in Collections", payments.Open, collections.Open),
            ("advance in Payments = advance in Collections", payments.Advance, collections.Advance),
        ];
        foreach (var (what, left, right) in equal)
            console.Line($"{(left == right ? "✓" : "✗")} {what,-50} {left.Yuan,18:N2} {right.Yuan,18:N2}");
    }
}
