using Billing.Contracts;
using Billing.Contracts.Invoicing;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>Adds invoices to their accounts as charges, which advance pays at once.</summary>
public sealed class OnInvoicesIssued(EventStore store) : BulkConsumer<InvoicesIssued>(store)
{
    protected override IEnumerable<string> Streams(InvoicesIssued message) =>
        message.Items.Select(item => Account.Stream(item.Account).Id);

    protected override async Task<int> Apply(
        InvoicesIssued message, BulkSession session, CancellationToken cancellation)
    {
        var accounts = await session.Load(Account.Streams, cancellation);
        foreach (var invoices in message.Items.GroupBy(item => item.Account))
        {
            var stream = Account.Stream(invoices.Key);
            var state = accounts.GetValueOrDefault(stream.Id, Account.Empty);
            session.Append(stream, state, new OpenCharges(invoices.Key, [.. invoices]).Decide(state).Events);
        }
        return message.Items.Count;
    }
}

/// <summary>
/// Adds invoices to one account, in the order in which advance pays them; one that is already known changes nothing.
/// </summary>
public sealed record OpenCharges(AccountNo Account, IReadOnlyList<InvoiceIssued> Invoices)
    : ICommand<Account, AccountEvent>
{
    public Decision<AccountEvent> Decide(Account state)
    {
        var opened = Invoices
            .Where(item => !state.Charges.ContainsKey(item.Invoice)).DistinctBy(item => item.Invoice)
            .OrderBy(item => item.IssuedOn).ThenBy(item => item.DueOn)
            .ThenBy(item => item.Invoice.Value, StringComparer.Ordinal)
            .Select(item => new ChargeOpened(
                Account, item.Invoice, item.Utility, item.Period, item.Amount, item.IssuedOn, item.DueOn))
            .ToArray<AccountEvent>();
        return state.Settled(Account, opened);
    }
}
