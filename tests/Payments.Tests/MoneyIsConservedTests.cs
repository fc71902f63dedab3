using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Invoicing;
using Billing.Platform;
using FsCheck;
using FsCheck.Fluent;

namespace Billing.Payments.Tests;

/// <summary>
/// Random histories of one account: invoices, credits (also early ones), payments, reversals and refunds. After every
/// step no fen is lost, none is found, and none stands in two places.
/// </summary>
public sealed class MoneyIsConservedTests
{
    private static readonly Gen<ICommand<Account, AccountEvent>> Steps =
        from kind in Gen.Choose(0, 12)
        from one in Gen.Choose(1, 6)
        from other in Gen.Choose(1, 6)
        from fen in Gen.Choose(1, 200)
        select Step(kind, one, other, fen);

    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(1_000);

    [Fact]
    public void No_fen_is_lost_or_found() => Prop.ForAll(Steps.ListOf(30).ToArbitrary(), steps =>
    {
        var (state, books) = (Account.Empty, new Books());
        foreach (var step in steps)
        {
            var decision = step.Decide(state);
            foreach (var e in decision.Events)
            {
                Adds(e).Should().BeTrue($"{e} adds up");
                books.Enter(e);
                state = Account.Streams.Fold(books.History);
            }
            Balanced(state, books).Should().BeTrue($"the books balance after {step}");
            PaymentAllocation.Settle(Facts.Mine, state).Should().BeNull(
                "advance is where it belongs after every decision");
        }
        return true;
    }).Check(Many);

    [Fact]
    public void A_snapshot_at_any_moment_goes_on_as_the_events_do() => Prop.ForAll(
        Steps.ListOf(20).ToArbitrary(), steps =>
    {
        var (history, kept) = (new List<AccountEvent>(), Account.Empty);
        foreach (var step in steps)
        {
            kept = JsonSerializer.Deserialize<Account>(JsonSerializer.Serialize(kept, Wire.Stored), Wire.Stored)!;
            var events = step.Decide(Account.Streams.Fold(history)).Events;
            Stored(step.Decide(kept).Events).Should().Be(Stored(events), $"{step}");
            history.AddRange(events);
            kept = Account.Streams.Fold(kept, events);
        }
        return true;

        static string Stored(IReadOnlyList<AccountEvent> events) =>
            string.Join('\n', events.Select(e => JsonSerializer.Serialize(e, e.GetType(), Wire.Stored)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Every_movement_of_money_has_a_name_and_no_two_have_the_same() => Prop.ForAll(
        Steps.ListOf(30).ToArbitrary(), steps =>
    {
        Names(steps).Should().OnlyHaveUniqueItems().And.NotContainNulls();
        return true;
    }).Check(Many);

    /// <summary>
    /// A service that was restored records what is repeated under the same name, from which the event's id follows, so
    /// that receivers recognise it (ADR 0034).
    /// </summary>
    [Fact]
    public void A_movement_that_is_repeated_after_a_restore_has_the_name_that_it_had() => Prop.ForAll(
        Steps.ListOf(30).ToArbitrary(), steps =>
    {
        Names(steps).Should().Equal(Names(steps));
        return true;
    }).Check(Many);

    private static List<string?> Names(IEnumerable<ICommand<Account, AccountEvent>> steps)
    {
        var (state, names) = (Account.Empty, new List<string?>());
        foreach (var step in steps)
        {
            foreach (var e in step.Decide(state).Events)
            {
                if (e is PaymentReceived or PaymentReversed or AdvanceRefunded or AdvanceApplied)
                    names.Add(Account.Streams.Identity!(state, e));
                state = Account.Streams.Fold(state, [e]);
            }
        }
        return names;
    }

    [Fact]
    public void Without_a_refund_every_payment_can_be_reversed() => Prop.ForAll(Steps.ListOf(30).ToArbitrary(), steps =>
    {
        var history = new List<AccountEvent>();
        foreach (var step in steps.Where(step => step is not RefundAdvance))
            history.AddRange(step.Decide(Account.Streams.Fold(history)).Events);
        foreach (var paid in history.OfType<PaymentReceived>().DistinctBy(paid => paid.Serial).ToList())
        {
            var decision = Reverse(paid.Serial).Decide(Account.Streams.Fold(history));
            decision.Rejection.Should().BeNull();
            history.AddRange(decision.Events);
        }
        var state = Account.Streams.Fold(history);
        return state.Advance.IsZero && state.Charges.Values.All(charge => charge.Allocated.IsZero);
    }).Check(Many);

    [Fact]
    public void What_a_request_asks_back_is_never_refunded() => Prop.ForAll(Steps.ListOf(30).ToArbitrary(), steps =>
    {
        var history = new List<AccountEvent>();
        foreach (var step in steps)
        {
            var before = Account.Streams.Fold(history);
            var decision = step.Decide(before);
            history.AddRange(decision.Events);
            if (step is RefundAdvance && decision.Events.Any())
                Account.Streams.Fold(history).Advance.Should().BeGreaterThanOrEqualTo(before.AskedBack);
        }
        return true;
    }).Check(Many);

    private static ICommand<Account, AccountEvent> Step(int kind, int one, int other, int fen) => kind switch
    {
        0 or 1 or 2 => new OpenCharges(Facts.Mine, [Invoice(one), Invoice(other)]),
        3 => new CreditCharges(Facts.Mine, [Facts.Credit($"N{other}", $"I{one}", 10 + other)]),
        4 or 5 or 6 => new ReceivePayment(
            Facts.Mine, Facts.Key($"S{one}{other}"), Channel.Bank, new(fen), AmountRule.Any, BankDayState.Current,
            InFile: null, Opened: true),
        7 => Reverse($"S{one}{other}"),
        8 => Reverse($"S{other}{one}"),
        9 => new RequestReversal(
            Facts.Mine, $"Q{one}{other}", Facts.Key($"S{one}{other}").Id, "退单", Facts.BankDate, "zhang"),
        10 => new ApproveReversal(
            Facts.Mine, $"Q{one}{other}", Facts.Key($"S{one}{other}"), Channel.Bank, Facts.BankDate.AddDays(fen), true,
            "li"),
        11 => new ReceivePayment(
            Facts.Mine, Facts.Key($"S{one}{other}"), Channel.Bank, new(fen), AmountRule.Exact, BankDayState.Past,
            InFile: true, Opened: true),
        _ => new RefundAdvance(Facts.Mine, RefundNo.Parse($"R{one}"), new(fen / 4 + 1), Facts.BankDate, "退费"),
    };

    private static ReversePayment Reverse(string serial) => new(
        Facts.Mine, Facts.Key(serial), Channel.Bank, Facts.BankDate, "冲正", BankDayState.Current, DayClosed: false,
        Opened: true);

    /// <summary>An invoice is always the same one: number, amount and dates follow from its ordinal.</summary>
    private static InvoiceIssued Invoice(int n) =>
        Facts.Issued($"I{n}", 120 - 10 * n, due: $"2026-11-{30 - n}", issued: $"2026-10-{10 + n * 7 % 5}");

    private static bool Adds(AccountEvent e) => e switch
    {
        PaymentReceived paid => Sum(paid.Allocations) + paid.Advance == paid.Amount,
        PaymentReversed back => Sum(back.Allocations) + back.Advance == -back.Amount && back.Advance <= Money.Zero
            && back.Allocations.All(part => part.Amount < Money.Zero)
            && back.Allocations.DistinctBy(part => part.Invoice).Count() == back.Allocations.Count,
        AdvanceApplied move => (Sum(move.Allocations) + move.Advance).IsZero
            && move.Allocations.All(part => !part.Amount.IsZero),
        _ => true,
    };

    private static Money Sum(IEnumerable<Allocation> parts) => Money.Sum(parts.Select(part => part.Amount));

    private static bool Balanced(Account state, Books books) =>
        state.Advance >= Money.Zero
        && (state.Advance.IsZero || state.Outstanding.IsZero)
        && state.Charges.Values.All(charge =>
            charge.Paid >= Money.Zero && charge.FromAdvance >= Money.Zero && charge.Open >= Money.Zero)
        && Money.Sum(state.Charges.Values.Select(charge => charge.Allocated)) + state.Advance == books.Held
        && state.Advance == books.Advance
        && state.Charges.Values.All(charge => charge.Allocated == books.On(charge.Invoice));

    /// <summary>Independent books: they add what the events say and know no rule.</summary>
    private sealed class Books
    {
        private readonly Dictionary<InvoiceNo, Money> _allocated = [];

        public List<AccountEvent> History { get; } = [];

        public Money Held { get; private set; }

        public Money Advance { get; private set; }

        public Money On(InvoiceNo invoice) => _allocated.GetValueOrDefault(invoice);

        public void Enter(AccountEvent e)
        {
            History.Add(e);
            var (held, advance, allocations) = e switch
            {
                PaymentReceived paid => (paid.Amount, paid.Advance, paid.Allocations),
                PaymentReversed back => (-back.Amount, back.Advance, back.Allocations),
                AdvanceApplied move => (Money.Zero, move.Advance, move.Allocations),
                AdvanceRefunded refund => (-refund.Amount, -refund.Amount, []),
                _ => (Money.Zero, Money.Zero, (IReadOnlyList<Allocation>)[]),
            };
            Held += held;
            Advance += advance;
            foreach (var (invoice, amount) in allocations)
                _allocated[invoice] = On(invoice) + amount;
        }
    }
}
