using Billing.Contracts.Customer;
using Billing.Contracts.Payments;
using Billing.Contracts.Tariff;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>
/// The shuffle law: the same facts in any order, repeated at will and packed anew, lead to the same replicas. The
/// histories are invented from a seed and go over the real broker.
/// </summary>
public sealed class ShuffleLawTests(InvoicingService invoicing) : IClassFixture<InvoicingService>
{
    private const string Replicas = """
        select string_agg(line, e'\n' order by line) from (
          select 'account ' || a::text as line from account_supply a
          union all select 'meters ' || m::text from meter_picture m
          union all select 'plan ' || (to_jsonb(p) - 'applied_at')::text from plan_version p
          union all select 'entry ' || e::text from statement_entry e) l
        """;

    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5, 6];

    [Theory, MemberData(nameof(Seeds))]
    public async Task Any_order_repetition_and_packing_gives_the_same_replicas(int seed)
    {
        var random = new Random(seed);
        var facts = Invent(random);
        await Begin();
        await invoicing.Tell([.. facts.Select(fact => Pack([fact]))]);
        var expected = await invoicing.Scalar<string>(Replicas);
        for (var round = 0; round < 3; round++)
        {
            await Begin();
            await invoicing.Tell([.. Shuffled(facts, random)]);
            (await invoicing.Scalar<string>(Replicas)).Should().Be(expected);
        }
    }

    [Theory, InlineData(0, 1), InlineData(1, 0), InlineData(0, -1)]
    public async Task After_its_service_was_restored_a_picture_of_the_same_version_is_the_newer_one(
        int first, int second)
    {
        await Begin();
        var before = Account(1, heatPlan: BeijingHeat, area: 100, version: 3, meters: [Single("M1")]);
        var after = Account(1, heatPlan: BeijingHeat, area: 222, version: 3, meters: [Single("M2")]);
        AccountChanged[] facts =
            [before, after with { Origin = after.Origin with { EventId = Ids.Next(), Epoch = 1 } }];

        if (second < 0)
            await invoicing.Tell(new AccountsChanged(facts));
        else
        {
            await invoicing.Tell(new AccountsChanged([facts[first]]));
            await invoicing.Tell(new AccountsChanged([facts[second]]));
        }

        (await invoicing.Scalar<decimal>("select area_m2 from account_supply")).Should().Be(222m);
        (await invoicing.Scalar<long>("select count(*) from meter_picture")).Should().Be(2, "both pictures are kept");
    }

    private async Task Begin()
    {
        await invoicing.Forget();
        await invoicing.Execute("delete from plan_version");
    }

    private static List<object> Invent(Random random)
    {
        var (facts, events) = (new List<object> { Plan(Beijing), Plan(BeijingHeat) }, 100);
        facts.Add(new PlanWithdrawn(PlanCode.Parse(Beijing), 1, "错误", Next()));
        for (var plan = 1; plan <= 3; plan++)
        {
            var (to, month) = (random.Next(2) == 0 ? null : "2026-12-31", 12);
            var version = Version($"plan-{plan}", 1, "2026-01-01", to, ++events);
            facts.Add(version);
            for (var by = 2; by <= random.Next(1, 4); by++)
                facts.Add(Superseded(version, by, $"2026-{month -= random.Next(1, 5):00}-15", ++events));
            if (random.Next(2) == 0)
                facts.Add(Withdrawn(version, ++events));
        }
        for (var number = 1; number <= 6; number++)
        {
            var account = No(number);
            for (var version = 1; version <= random.Next(1, 5); version++)
            {
                facts.Add(Account(
                    number, random.Next(3) == 0 ? null : Beijing, random.Next(2) == 0 ? null : BeijingHeat,
                    random.Next(50, 150), version, meters: [Single($"M{random.Next(1, 4)}", random.Next(1, 3))],
                    since: random.Next(3) == 0 ? null : $"2025-{version + 3:00}-10"));
            }
            for (var i = 0; i < random.Next(0, 4); i++)
            {
                var payment = PaymentId.Parse($"icbc-20251105-{number}-{i}");
                var amount = new Money(random.Next(1, 500_00));
                facts.Add(new PaymentReceived(
                    payment, account, amount, Channel.Bank, PartnerCode.Parse("icbc"), Day("2025-11-05"),
                    ReceiptNo.Parse($"{events}"), [], amount,
                    Next()));
                if (random.Next(2) == 0)
                    facts.Add(new PaymentReversed(
                        payment, account, amount, Channel.Bank, PartnerCode.Parse("icbc"), Day("2025-11-06"), "冲正", [],
                        -amount, Next()));
                if (random.Next(2) == 0)
                    facts.Add(new AdvanceRefunded(
                        RefundNo.Parse($"R{events}"), account, amount, Day("2025-11-07"), "退", [], -amount, Next()));
                if (random.Next(2) == 0)
                    facts.Add(new AdvanceApplied(account, [new(InvoiceNo.Parse($"E{i}"), amount)], -amount, Next()));
            }
        }
        return facts;

        Origin Next() => new(
            Guid.Parse($"00000000-0000-0000-ffff-{++events:x12}"), events, events,
            new DateTimeOffset(2025, 11, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(events));
    }

    private static List<object> Shuffled(List<object> facts, Random random)
    {
        object[] repeated = [.. facts.SelectMany(fact => Enumerable.Repeat(fact, random.Next(1, 4)))];
        random.Shuffle(repeated);
        object[] messages = [.. repeated.GroupBy(fact => fact.GetType()).SelectMany(
            kind => kind.Key.Namespace!.EndsWith("Tariff", StringComparison.Ordinal)
            ? kind
            : kind.Chunk(random.Next(1, 7)).Select(Pack))];
        random.Shuffle(messages);
        return [.. messages];
    }

    private static object Pack(object[] facts) => facts[0] switch
    {
        AccountChanged => new AccountsChanged([.. facts.Cast<AccountChanged>()]),
        PaymentReceived => new PaymentsReceived([.. facts.Cast<PaymentReceived>()]),
        PaymentReversed => new PaymentsReversed([.. facts.Cast<PaymentReversed>()]),
        AdvanceRefunded => new AdvancesRefunded([.. facts.Cast<AdvanceRefunded>()]),
        AdvanceApplied => new AdvancesApplied([.. facts.Cast<AdvanceApplied>()]),
        _ => facts[0],
    };
}
