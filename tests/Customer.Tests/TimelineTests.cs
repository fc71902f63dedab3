using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Collections;
using Billing.Contracts.Invoicing;
using Billing.Contracts.Payments;
using Billing.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Customers.Tests;

public sealed class TimelineTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private const int Accounts = 40;
    private static readonly DateOnly Day = new(2026, 10, 31);
    private static int _sent;

    /// <summary>The shuffle law: any order, any repetition, any packing, the same rows.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task The_same_facts_give_the_same_timeline(int seed)
    {
        var first = seed * 1_000;
        var shuffled = new Random(seed);
        var facts = Enumerable.Range(first, Accounts).SelectMany(History).ToList();

        for (var round = 0; round < 2; round++)
            await Publish([.. facts.OrderBy(_ => shuffled.Next())], shuffled);
        await Received();

        var rows = await service.Scalar<string>("""
            select string_agg(
              concat_ws('|', account_no, event_id, at at time zone 'utc', source, kind, amount_fen,
                (select string_agg(key || '=' || coalesce(value #>> '{}', 'null'), ' ' order by key)
                 from jsonb_each(detail))),
              E'\n' order by account_no, event_id)
            from account_timeline where account_no between $1 and $2
            """, Number(first).Value, Number(first + Accounts - 1).Value);
        rows.Split('\n').Should().HaveCount(facts.Count);
        var one = Number(first);
        rows.Split('\n').Where(row => row.StartsWith(one.Value, StringComparison.Ordinal))
            .Select(row => string.Join('|', row.Split('|')[3..])).Should().BeEquivalentTo(
            "invoicing|invoice-issued|12850|dueOn=2026-10-31 invoice=INV-1 issuedOn=2026-10-31 period=2026-10 "
                + "utility=Electricity",
            "invoicing|credit-issued|50|creditNote=CN-1 invoice=INV-1 issuedOn=2026-10-31 net=null "
                + "reason=misread tax=null",
            "payments|payment-received|20000|advance={\"fen\": 7150} "
                + "allocations=[{\"amount\": {\"fen\": 12850}, \"invoice\": \"INV-1\"}] "
                + "channel=Bank paidOn=2026-10-31 partner=icbc payment=icbc-1 receipt=R-1",
            "payments|advance-applied|500|allocations=[]",
            "payments|payment-reversed|20000|advance={\"fen\": -7150} afterDayEnd=false allocations=[] channel=Bank "
                + "partner=icbc payment=icbc-1 reason=bank reversedOn=2026-10-31",
            "payments|advance-refunded|100|reason=moved refund=RF-1 refundedOn=2026-10-31",
            "payments|reversal-requested|20000|payment=icbc-1 reason=退单 request=Q-1 requestedOn=2026-10-31",
            "payments|reversal-rejected|payment=icbc-1 reason=不退 rejectedOn=2026-10-31 request=Q-1",
            "collections|account-overdue|12850|asOf=2026-10-31 since=2026-10-31");
    }

    [Fact]
    public async Task A_timeline_is_read_in_pages_oldest_first()
    {
        await Publish([.. History(9_000)], new Random(9));
        await Received();

        var (seen, after) = (new List<string>(), "");
        for (var page = 0; page < 6 && after is not null; page++)
        {
            var path = $"accounts/{Number(9_000)}/timeline?limit=2{(after == "" ? "" : "&after=" + after)}";
            var answer = await service.Http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));
            seen.AddRange(
                answer.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("kind").GetString()!));
            after = answer.GetProperty("next").GetString();
        }

        seen.Should().Equal(
            "invoice-issued", "credit-issued", "payment-received", "advance-applied", "payment-reversed",
            "advance-refunded", "reversal-requested", "reversal-rejected", "account-overdue");
    }

    private static AccountNo Number(int i) => AccountNo.Parse($"{3_000_000_000 + i}");

    private static IEnumerable<object> History(int i)
    {
        var (account, invoice, payment) = (Number(i), InvoiceNo.Parse("INV-1"), PaymentId.Parse("icbc-1"));
        yield return new InvoiceIssued(invoice, account, Utility.Electricity, BillingPeriod.Of(Day),
            Region.Parse("海淀区"), Project.Parse("阳光花园"),
            CustomerClass.Residential, new(128_50), Day, Day, From(1));
        yield return new CreditIssued(CreditNoteNo.Parse("CN-1"), invoice, account, new(50), "misread", Day, From(2));
        yield return new PaymentReceived(payment, account, new(200_00), Channel.Bank, PartnerCode.Parse("icbc"), Day,
            ReceiptNo.Parse("R-1"),
            [new(invoice, new(128_50))], new(71_50), From(3));
        yield return new AdvanceApplied(account, [], new(-5_00), From(4));
        yield return new PaymentReversed(
            payment, account, new(200_00), Channel.Bank, PartnerCode.Parse("icbc"), Day, "bank", [], new(-71_50),
            From(5));
        yield return new AdvanceRefunded(RefundNo.Parse("RF-1"), account, new(1_00), Day, "moved", [], new(-1_00),
            From(6));
        yield return new ReversalRequested("Q-1", payment, account, new(200_00), "退单", Day, From(7));
        yield return new ReversalRejected("Q-1", payment, account, "不退", Day, From(8));
        yield return new AccountOverdue(account, Day, Day, new(128_50), From(9));

        Origin From(int n) => new(
            new Guid(i, (short)n, 0, [1, 2, 3, 4, 5, 6, 7, 8]), n, n, new(2026, 10, 1, 0, 0, n, TimeSpan.Zero));
    }

    private async Task Publish(List<object> facts, Random random)
    {
        var bus = service.Running.App.Services.GetRequiredService<IBus>();
        foreach (var chunk in facts.Chunk(1 + random.Next(60)))
        {
            foreach (var message in Packs(chunk))
            {
                await bus.Publish(message, message.GetType());
                Interlocked.Increment(ref _sent);
            }
        }
    }

    private static IEnumerable<object> Packs(object[] facts)
    {
        if (facts.OfType<InvoiceIssued>().ToList() is { Count: > 0 } invoices)
            yield return new InvoicesIssued(invoices);
        if (facts.OfType<CreditIssued>().ToList() is { Count: > 0 } credits)
            yield return new CreditsIssued(credits);
        if (facts.OfType<PaymentReceived>().ToList() is { Count: > 0 } received)
            yield return new PaymentsReceived(received);
        if (facts.OfType<AdvanceApplied>().ToList() is { Count: > 0 } applied)
            yield return new AdvancesApplied(applied);
        if (facts.OfType<PaymentReversed>().ToList() is { Count: > 0 } reversed)
            yield return new PaymentsReversed(reversed);
        if (facts.OfType<AdvanceRefunded>().ToList() is { Count: > 0 } refunded)
            yield return new AdvancesRefunded(refunded);
        if (facts.OfType<ReversalRequested>().ToList() is { Count: > 0 } requested)
            yield return new ReversalsRequested(requested);
        if (facts.OfType<ReversalRejected>().ToList() is { Count: > 0 } rejected)
            yield return new ReversalsRejected(rejected);
        if (facts.OfType<AccountOverdue>().ToList() is { Count: > 0 } overdue)
            yield return new AccountsOverdue(overdue);
    }

    private Task Received() => Eventually.Is(
        (long)_sent, () => service.Scalar<long>("select count(*) from inbox where consumer not like 'OnPlan%'"),
        "the number of messages applied");
}
