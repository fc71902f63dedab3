using Billing.Contracts.Customer;
using Billing.Contracts.Invoicing;

namespace Billing.Payments.Tests;

/// <summary>All rows of all tables as one text.</summary>
internal static class Tables
{
    public const string Sql = """
        select string_agg(line, e'\n' order by line) from (
          select 'account ' || a::text as line from account a
          union all select 'open_charge ' || c::text from open_charge c
          union all select 'account_balance ' || b::text from account_balance b
          union all select 'payment ' || p::text from payment p
          union all select 'reversal_request ' || q::text from reversal_request q
          union all select 'refund ' || r::text from refund r) lines
        """;
}

/// <summary>
/// The shuffle law: the same facts in any order, repeated at will and packed anew, lead to the same tables, whatever
/// advance and debts the accounts began with. The histories are invented from a seed and go over the real broker.
/// </summary>
public sealed class ShuffleLawTests(PaymentsService payments) : IClassFixture<PaymentsService>
{
    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5, 6, 7, 8];

    [Theory, MemberData(nameof(Seeds))]
    public async Task Any_order_repetition_and_packing_gives_the_same_tables(int seed)
    {
        var random = new Random(seed);
        var (before, facts) = Invent(random);

        await Begin(before);
        foreach (var fact in facts)
            await payments.Tell(Pack([fact]));
        var expected = await payments.Scalar<string>(Tables.Sql);

        for (var round = 0; round < 3; round++)
        {
            await Begin(before);
            await payments.Tell([.. Shuffled(facts, random)]);
            (await payments.Scalar<string>(Tables.Sql)).Should().Be(expected);
        }
    }

    /// <summary>The state the facts fall upon: some invoices, and payments that paid them or became advance.</summary>
    private async Task Begin(List<(InvoiceIssued Invoice, long Paid)> before)
    {
        await payments.Forget();
        await payments.Tell(new InvoicesIssued([.. before.Select(one => one.Invoice)]));
        foreach (var (invoice, paid) in before)
            (await payments.Pay(invoice.Account.Value, $"S-{invoice.Invoice}", paid)).EnsureSuccessStatusCode();
    }

    /// <summary>Six accounts with old invoices, and new ones, credits of both and changes of name.</summary>
    private static (List<(InvoiceIssued Invoice, long Paid)> Before, List<object> Facts) Invent(Random random)
    {
        var (before, facts) = (new List<(InvoiceIssued, long)>(), new List<object>());
        for (var i = 0; i < 6; i++)
        {
            var account = $"{4_000_000_000 + i}";
            var old = Enumerable.Range(0, random.Next(0, 3)).Select(n => Invoice($"O{n}")).ToList();
            before.AddRange(old.Select(invoice => (invoice, (long)random.Next(1, 900_00))));
            var fresh = Enumerable.Range(0, random.Next(1, 5)).Select(n => Invoice($"N{n}")).ToList();
            facts.AddRange(fresh);
            foreach (var invoice in old.Concat(fresh).Where(_ => random.Next(2) == 0))
            {
                var note = $"C-{invoice.Invoice}";
                facts.Add(Facts.Credit(note, invoice.Invoice.Value, random.NextInt64(1, invoice.Amount.Fen), account));
            }
            facts.AddRange(Enumerable.Range(1, 3).Select(version => Facts.Changed(account, $"名{version}*", version)));

            InvoiceIssued Invoice(string name) => Facts.Issued(
                $"{account}-{name}", random.Next(2, 400_00), due: $"2026-11-{random.Next(10, 30)}",
                issued: $"2026-10-{random.Next(10, 14)}", account: account);
        }
        return (before, facts);
    }

    /// <summary>
    /// Every fact at least once, some up to three times, in packs of one to six of a kind, in any order.
    /// </summary>
    private static List<object> Shuffled(List<object> facts, Random random)
    {
        object[] repeated = [.. facts.SelectMany(fact => Enumerable.Repeat(fact, random.Next(1, 4)))];
        random.Shuffle(repeated);
        object[] messages = [.. repeated.GroupBy(fact => fact.GetType())
            .SelectMany(kind => kind.Chunk(random.Next(1, 7))).Select(Pack)];
        random.Shuffle(messages);
        return [.. messages];
    }

    private static object Pack(object[] facts) => facts[0] switch
    {
        InvoiceIssued => new InvoicesIssued([.. facts.Cast<InvoiceIssued>()]),
        CreditIssued => new CreditsIssued([.. facts.Cast<CreditIssued>()]),
        AccountChanged => new AccountsChanged([.. facts.Cast<AccountChanged>()]),
        var other => throw new InvalidOperationException(other.GetType().Name),
    };
}
