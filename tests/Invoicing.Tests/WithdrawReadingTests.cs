using System.Collections.Immutable;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>A person takes a reading back, so that the true one can be taken.</summary>
public sealed class WithdrawReadingTests
{
    private static readonly ReadingAccepted Initial = new(
        No(1), MeterNo.Parse("M1"), Day("2025-09-30"), ReadingKind.Initial, 1_000m, null, null,
        BillingPeriod.Parse("2025-09"), null,
        1, null, null, null, []);

    private static readonly ReadingAccepted Closing = Initial with
    {
        ReadOn = Day("2025-10-31"), Kind = ReadingKind.Regular, Total = 1_100m, Period = October,
        From = Day("2025-09-30"), Kwh = 100,
    };

    private static readonly InvoiceIssued Invoice = new(
        InvoiceNo.Parse("E202510-00000001"), No(1), Utility.Electricity, October, CustomerClass.Residential,
        Region.Parse("海淀区"), Project.Parse("小区1"), new(48_83), new(43_21), new(5_62), PlanCode.Parse(Beijing), 1, [],
        [new(MeterNo.Parse("M1"), Day("2025-09-30"), Day("2025-10-31"), 100, null, null)], Day("2025-11-01"),
        Day("2025-11-20"), RunName.Parse("run"));

    private static readonly CreditIssued Credit = new(
        CreditNoteNo.Parse("N1"), Invoice.Invoice, No(1), Invoice.Amount, "抄表差错", Day("2025-11-05"), Invoice.Net,
        Invoice.Tax);

    private static readonly WithdrawReading Withdraw = new(
        "W1", No(1), MeterNo.Parse("M1"), Day("2025-10-31"), "抄错表号", "user:zhang",
        ImmutableHashSet<BillingPeriod>.Empty);

    private static readonly ReadingWithdrawn Withdrawn = new(
        "W1", No(1), MeterNo.Parse("M1"), Day("2025-10-31"), "抄错表号", "user:zhang");

    private static readonly Spec<Account, AccountEvent> Spec = new(Account.Streams);

    [Fact] public void The_newest_reading_of_a_meter_is_withdrawn() =>
        Spec.Given(Initial, Closing).When(Withdraw).Then(Withdrawn);

    [Fact] public void A_first_reading_is_withdrawn_when_nothing_counts_from_it() =>
        Spec.Given(Initial).When(Withdraw with { ReadOn = Initial.ReadOn })
            .Then(Withdrawn with { ReadOn = Initial.ReadOn });

    [Fact] public void One_from_which_another_counts_is_not() => Spec.Given(Initial, Closing)
        .When(Withdraw with { ReadOn = Initial.ReadOn }).ThenRefused(WithdrawReading.NotLast);

    [Fact] public void One_from_which_a_withdrawn_one_counted_is() => Spec.Given(Initial, Closing, Withdrawn)
        .When(Withdraw with { Withdrawal = "W2", ReadOn = Initial.ReadOn })
        .Then(Withdrawn with { Withdrawal = "W2", ReadOn = Initial.ReadOn });

    [Fact] public void Later_readings_of_another_meter_do_not_matter() =>
        Spec.Given(Initial, Closing, Initial with { Meter = MeterNo.Parse("M2"), ReadOn = Day("2025-11-05") })
            .When(Withdraw).Then(Withdrawn);

    [Fact] public void Withdrawn_twice_is_once() =>
        Spec.Given(Initial, Closing, Withdrawn).When(Withdraw with { Reason = "其他" }).ThenNothing();

    [Fact] public void A_late_repetition_does_not_take_back_what_was_read_anew() =>
        Spec.Given(Initial, Closing, Withdrawn, Closing).When(Withdraw).ThenNothing();

    [Fact] public void What_was_read_anew_is_withdrawn_under_another_number() =>
        Spec.Given(Initial, Closing, Withdrawn, Closing).When(Withdraw with { Withdrawal = "W2" })
            .Then(Withdrawn with { Withdrawal = "W2" });

    [Fact] public void A_number_stands_for_one_withdrawal() => Spec.Given(Initial, Closing, Withdrawn)
        .When(Withdraw with { ReadOn = Initial.ReadOn }).ThenRefused(WithdrawReading.Taken);

    [Theory, InlineData("M1", "2025-10-30"), InlineData("M2", "2025-10-31")]
    public void What_was_not_read_is_not_withdrawn(string meter, string day) => Spec.Given(Initial, Closing)
        .When(Withdraw with { Meter = MeterNo.Parse(meter), ReadOn = Day(day) }).ThenRefused(WithdrawReading.Unknown);

    [Fact] public void What_is_withdrawn_already_is_not_withdrawn_under_another_number() =>
        Spec.Given(Initial, Closing, Withdrawn).When(Withdraw with { Withdrawal = "W2" })
            .ThenRefused(WithdrawReading.Unknown);

    [Theory, InlineData(""), InlineData("W 1"), InlineData("W12345678901234567890123456789012345678901")]
    public void A_withdrawal_has_a_number(string number) => Spec.Given(Initial, Closing)
        .When(Withdraw with { Withdrawal = number }).ThenRefused(WithdrawReading.NumberInvalid);

    [Fact] public void A_withdrawal_has_a_reason() => Spec.Given(Initial, Closing)
        .When(Withdraw with { Reason = "" }).ThenRefused(WithdrawReading.ReasonMissing);

    [Fact] public void A_reading_that_was_billed_is_a_matter_of_credits() =>
        Spec.Given(Initial, Closing, Invoice).When(Withdraw).ThenRefused(WithdrawReading.Billed);

    [Fact] public void So_is_one_from_which_a_bill_counts() =>
        Spec.Given(Initial, Invoice).When(Withdraw with { ReadOn = Initial.ReadOn })
            .ThenRefused(WithdrawReading.Billed);

    [Fact] public void One_that_another_meters_bill_does_not_rest_on_is_not() =>
        Spec.Given(Initial with { Meter = MeterNo.Parse("M2") }, Closing with { Meter = MeterNo.Parse("M2") }, Invoice)
            .When(Withdraw with { Meter = MeterNo.Parse("M2") }).Then(Withdrawn with { Meter = MeterNo.Parse("M2") });

    [Fact] public void While_a_fen_of_the_bill_is_left_it_is_billed() =>
        Spec.Given(Initial, Closing, Invoice, Credit with { Amount = new(48_82), Net = new(43_20), Tax = new(5_62) })
            .When(Withdraw).ThenRefused(WithdrawReading.Billed);

    [Fact] public void Once_all_of_the_bill_was_credited_it_is_withdrawn() =>
        Spec.Given(Initial, Closing, Invoice, Credit).When(Withdraw).Then(Withdrawn);

    [Fact] public void Nothing_leaves_a_month_that_is_being_posted() => Spec.Given(Initial, Closing)
        .When(Withdraw with { BeingPosted = ImmutableHashSet.Create(October) })
        .ThenRefused(AcceptReading.BeingPosted);

    [Fact] public void Another_month_may_be_posted_meanwhile() => Spec.Given(Initial, Closing)
        .When(Withdraw with { BeingPosted = ImmutableHashSet.Create(November) }).Then(Withdrawn);
}

/// <summary>What is decided about readings after one was withdrawn.</summary>
public sealed class ReadingAfterWithdrawalTests
{
    private static readonly AcceptReading Regular = new(
        No(1), MeterNo.Parse("M1"), Day("2025-10-31"), ReadingKind.Regular, 1_050m, null, null, Day("2025-12-24"));

    private static readonly ReadingAccepted Initial = new(
        No(1), MeterNo.Parse("M1"), Day("2025-09-30"), ReadingKind.Initial, 1_000m, null, null,
        BillingPeriod.Parse("2025-09"), null,
        1, null, null, null, []);

    private static readonly ReadingAccepted Slipped = Initial with
    {
        ReadOn = Day("2025-10-31"), Kind = ReadingKind.Regular, Total = 11_000m, Period = October,
        From = Day("2025-09-30"), Kwh = 10_000,
    };

    private static readonly ReadingWithdrawn Withdrawn = new(
        "W1", No(1), MeterNo.Parse("M1"), Day("2025-10-31"), "抄错", "user:zhang");

    private static readonly ReadingAccepted Right = Slipped with { Total = 1_050m, Kwh = 50 };

    private static Spec<MeterBook, AccountEvent> Spec => new(new(
        "account",
        new MeterBook.Open(
            Day("2025-01-01"), CustomerClass.Residential, [Stay()], null, ImmutableHashSet<BillingPeriod>.Empty,
            ImmutableDictionary<MeterNo, ImmutableList<PastReading>>.Empty, ReadingLimits.Default),
        MeterBook.Evolve));

    [Fact] public void The_same_day_is_read_anew() =>
        Spec.Given(Initial, Slipped, Withdrawn).When(Regular).Then(Right);

    [Fact] public void So_is_an_earlier_one() => Spec.Given(Initial, Slipped, Withdrawn)
        .When(Regular with { ReadOn = Day("2025-10-20") }).Then(Right with { ReadOn = Day("2025-10-20") });

    [Fact] public void Consumption_counts_from_the_reading_before_it() => Spec.Given(Initial, Slipped, Withdrawn)
        .When(Regular with { ReadOn = Day("2025-11-30") })
        .Then(Right with { ReadOn = Day("2025-11-30"), Period = November, Months = 2 });

    [Fact] public void A_meter_whose_first_reading_was_withdrawn_begins_with_another() =>
        Spec.Given(Initial, Withdrawn with { ReadOn = Initial.ReadOn }).When(Regular)
            .ThenRefused(AcceptReading.InitialMissing);

    /// <summary>Ten thousand kWh a month would make three hundred remarkably low.</summary>
    [Fact] public void What_was_withdrawn_is_no_history() => Spec.Given(Initial, Slipped, Withdrawn, Right)
        .When(Regular with { ReadOn = Day("2025-11-30"), Total = 1_350m })
        .Then(Right with
        {
            ReadOn = Day("2025-11-30"), Total = 1_350m, Kwh = 300, Period = November, From = Day("2025-10-31"),
            Flags = [ReadingFlag.High],
        });
}
