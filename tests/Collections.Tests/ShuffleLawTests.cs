using Billing.Contracts;
using Billing.Contracts.Invoicing;
using Billing.Contracts.Payments;

namespace Billing.Collections.Tests;

/// <summary>
/// The shuffle law: the same facts in any order, repeated at will and packed anew, lead to the same tables. The
/// histories are invented from a seed, and every delivery goes over the real broker to all consumers at once.
/// </summary>
public sealed class ShuffleLawTests(Books books) : IClassFixture<Books>
{
    private const string Tables = """
        select string_agg(line, e'\n' order by line) from (
          select 'receivable ' || r::text as line from receivable r
          union all select 'credit ' || c::text from credit c
          union all select 'allocation ' || a::text from allocation a
          union all select 'advance ' || a::text from advance a
          union all select 'account_advance ' || a::text from account_advance a
          union all select 'heard ' || publisher || max(sequence) || max(recorded_at) from heard group by publisher
        ) lines
        """;

    private const string Money = """
        select string_agg(line, e'\n' order by line) from (
          select 'receivable ' || r::text as line from receivable r
          union all select 'account_advance ' || a::text from account_advance a
        ) lines
        """;

    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5, 6, 7, 8];

    [Theory, MemberData(nameof(Seeds))]
    public async Task Any_order_repetition_and_packing_gives_the_same_tables(int seed)
    {
        var random = new Random(seed);
        var facts = Invent(random);

        await books.Forget();
        foreach (var fact in facts)
            await books.Tell(Pack([fact]));
        var expected = await books.Scalar<string>(Tables);

        await books.Forget();
        await books.Tell([.. Shuffled(facts, random)]);
        (await books.Scalar<string>(Tables)).Should().Be(expected);
    }

    [Fact]
    public async Task A_movement_that_a_restored_service_recorded_again_stays_what_it_was_told_first()
    {
        var told = new Facts();
        var paid = told.Payment("1000001", "2026-10-15", 200, ("INV-A", 10_000));
        var refund = told.Refund("1000001", 100);
        await books.Forget();
        await books.Tell(
            Pack([told.Invoice("INV-A", "1000001", 10_000)]), Pack([told.Invoice("INV-B", "1000001", 9_000)]));
        await books.Tell(Pack([paid]), Pack([refund]));
        var expected = await books.Scalar<string>(Money);

        await books.Tell(
            Pack([paid with { Allocations = [new(InvoiceNo.Parse("INV-B"), new(9_000))], Advance = new(1_200) }]),
            Pack([refund with { Origin = refund.Origin with { Epoch = 1, Version = 9 } }]));

        (await books.Scalar<string>(Money)).Should().Be(expected);
    }

    /// <summary>Eight accounts with some invoices each, credited, paid, overpaid, reversed and refunded.</summary>
    private static List<object> Invent(Random random)
    {
        var told = new Facts();
        var facts = new List<object>();
        for (var i = 0; i < 8; i++)
        {
            var account = $"{1000000 + i}";
            string[] invoices = [.. Enumerable.Range(0, random.Next(1, 4)).Select(n => $"INV-{account}-{n}")];
            facts.AddRange(invoices.Select(invoice => told.Invoice(invoice, account, random.Next(1_000, 50_000))));
            if (random.Next(2) == 0)
                facts.Add(told.Credit($"CN-{account}", invoices[0], account, random.Next(1, 900)));
            (string, long)[] parts = [.. invoices.Select(invoice => (invoice, (long)random.Next(1, 20_000)))];
            facts.Add(told.Payment(account, "2026-10-15", random.Next(0, 500), parts));
            if (random.Next(2) == 0)
            {
                facts.Add(told.Reversal(
                    account, "2026-10-16", -random.Next(500), (invoices[^1], -random.Next(1, 900))));
            }
            if (random.Next(2) == 0)
                facts.Add(told.Applied(account, (invoices[0], random.Next(-300, 300))));
            if (random.Next(2) == 0)
                facts.Add(told.Refund(account, random.Next(1, 200)));
        }
        return facts;
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
        PaymentReceived => new PaymentsReceived([.. facts.Cast<PaymentReceived>()]),
        PaymentReversed => new PaymentsReversed([.. facts.Cast<PaymentReversed>()]),
        AdvanceApplied => new AdvancesApplied([.. facts.Cast<AdvanceApplied>()]),
        AdvanceRefunded => new AdvancesRefunded([.. facts.Cast<AdvanceRefunded>()]),
        var other => throw new InvalidOperationException(other.GetType().Name),
    };
}
