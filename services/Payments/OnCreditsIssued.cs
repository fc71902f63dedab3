using Billing.Contracts;
using Billing.Contracts.Invoicing;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>
/// Applies credit notes to charges. What was already paid of them becomes advance and pays other invoices. A credit
/// received before its invoice is kept on the account until the invoice arrives.
/// </summary>
public sealed class OnCreditsIssued(EventStore store) : BulkConsumer<CreditsIssued>(store)
{
    protected override IEnumerable<string> Streams(CreditsIssued message) =>
        message.Items.Select(item => Account.Stream(item.Account).Id);

    protected override async Task<int> Apply(
        CreditsIssued message, BulkSession session, CancellationToken cancellation)
    {
        var accounts = await session.Load(Account.Streams, cancellation);
        foreach (var credits in message.Items.GroupBy(item => item.Account))
        {
            var stream = Account.Stream(credits.Key);
            var state = accounts.GetValueOrDefault(stream.Id, Account.Empty);
            session.Append(stream, state, new CreditCharges(credits.Key, [.. credits]).Decide(state).Events);
        }
        return message.Items.Count;
    }
}

/// <summary>Applies credit notes to one account; one that was already applied changes nothing.</summary>
public sealed record CreditCharges(AccountNo Account, IReadOnlyList<CreditIssued> Credits)
    : ICommand<Account, AccountEvent>
{
    public Decision<AccountEvent> Decide(Account state)
    {
        var credited = Credits
            .Where(item => !state.CreditNotes.Contains(item.CreditNote)).DistinctBy(item => item.CreditNote)
            .Select(item => new ChargeCredited(Account, item.CreditNote, item.Invoice, item.Amount, item.IssuedOn))
            .ToArray<AccountEvent>();
        return state.Settled(Account, credited);
    }
}
