using System.Collections.Immutable;
using System.Globalization;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

public sealed class AcceptReadingTests
{
    private static readonly DateOnly Today = Day("2025-12-24");

    private static readonly MeterBook.Open Book = new(
        Day("2025-01-01"), CustomerClass.Residential, [Stay(), Stay(TimeOfUse("T1"))], null,
        ImmutableHashSet<BillingPeriod>.Empty, ImmutableDictionary<MeterNo, ImmutableList<PastReading>>.Empty,
        ReadingLimits.Default);

    private static readonly AcceptReading Initial = new(
        No(1), MeterNo.Parse("M1"), Day("2025-09-30"), ReadingKind.Initial, 1_000m, null, null, Today);
    private static readonly AcceptReading Regular = Initial with
    {
        ReadOn = Day("2025-10-31"), Kind = ReadingKind.Regular, Total = 1_240.4m,
    };

    private static readonly ReadingAccepted InitialAccepted = new(
        No(1), MeterNo.Parse("M1"), Day("2025-09-30"), ReadingKind.Initial, 1_000m, null, null,
        BillingPeriod.Parse("2025-09"), null,
        1, null,
        null, null, []);
    private static readonly ReadingAccepted RegularAccepted = new(
        No(1), MeterNo.Parse("M1"), Day("2025-10-31"), ReadingKind.Regular, 1_240.4m, null, null, October,
        Day("2025-09-30"), 1, 240,
        null,
        null, []);

    private static Spec<MeterBook, AccountEvent> Spec(MeterBook book) =>
        new(new("account", book, MeterBook.Evolve));

    [Fact]
    public void The_first_reading_of_a_meter_starts_it() => Spec(Book).Given().When(Initial).Then(InitialAccepted);

    [Fact] public void A_closing_reading_counts_from_the_one_before() =>
        Spec(Book).Given(InitialAccepted).When(Regular).Then(RegularAccepted);

    [Fact] public void A_repeated_reading_changes_nothing() =>
        Spec(Book).Given(InitialAccepted, RegularAccepted).When(Initial).ThenNothing();

    [Theory, InlineData("total"), InlineData("kind"), InlineData("registers")]
    public void A_known_day_keeps_its_facts(string other) =>
        Spec(Book).Given(InitialAccepted, RegularAccepted).When(other switch
    {
        "total" => Regular with { Total = 1_240.5m },
        "kind" => Regular with { Kind = ReadingKind.Final },
        _ => Regular with { Peak = 1m, Valley = 1m },
    }).ThenRefused(AcceptReading.Taken);

    [Fact] public void An_unknown_account_is_refused() =>
        Spec(new MeterBook.Unknown()).Given().When(Initial).ThenRefused(AcceptReading.AccountUnknown);

    [Fact] public void An_unknown_meter_is_refused() =>
        Spec(Book).Given().When(Initial with { Meter = MeterNo.Parse("M9") }).ThenRefused(AcceptReading.MeterUnknown);

    [Fact] public void A_meter_begins_with_an_initial_reading() =>
        Spec(Book).Given().When(Regular).ThenRefused(AcceptReading.InitialMissing);

    [Fact] public void A_meter_in_place_has_no_second_initial_reading() => Spec(Book).Given(InitialAccepted)
        .When(Regular with { Kind = ReadingKind.Initial }).ThenRefused(AcceptReading.InitialRepeated);

    [Fact] public void A_meter_taken_down_is_not_read() => Spec(Book)
        .Given(InitialAccepted, RegularAccepted with { Kind = ReadingKind.Final })
        .When(Regular with { ReadOn = Day("2025-11-30") }).ThenRefused(AcceptReading.MeterTakenDown);

    [Fact] public void A_meter_taken_down_can_be_put_in_place_again() => Spec(Book)
        .Given(InitialAccepted, RegularAccepted with { Kind = ReadingKind.Final })
        .When(Initial with { ReadOn = Day("2025-11-30"), Total = 7m })
        .Then(InitialAccepted with { ReadOn = Day("2025-11-30"), Total = 7m, Period = November });

    [Fact] public void A_reading_may_be_of_today() => Spec(Book).Given().When(Initial with { ReadOn = Today })
        .Then(InitialAccepted with { ReadOn = Today, Period = BillingPeriod.Parse("2025-12") });

    [Fact] public void A_reading_is_not_of_tomorrow() => Spec(Book).Given()
        .When(Initial with { ReadOn = Today.AddDays(1) }).ThenRefused(AcceptReading.InFuture);

    [Fact] public void A_reading_may_be_of_the_opening_day() =>
        Spec(Book).Given().When(Initial with { ReadOn = Day("2025-01-01") })
        .Then(InitialAccepted with { ReadOn = Day("2025-01-01"), Period = BillingPeriod.Parse("2024-12") });

    [Fact] public void A_reading_is_not_older_than_the_account() => Spec(Book).Given()
        .When(Initial with { ReadOn = Day("2024-12-31") }).ThenRefused(AcceptReading.BeforeOpening);

    [Fact] public void A_reading_does_not_go_between_others() => Spec(Book).Given(InitialAccepted, RegularAccepted)
        .When(Regular with { ReadOn = Day("2025-10-30"), Total = 1_200m }).ThenRefused(AcceptReading.OutOfOrder);

    [Theory, InlineData("1000000"), InlineData("-0.01"), InlineData("1240.405")]
    public void A_register_fits_its_meter(string total) => Spec(Book).Given(InitialAccepted)
        .When(Regular with { Total = decimal.Parse(total, CultureInfo.InvariantCulture) })
        .ThenRefused(AcceptReading.RegisterInvalid);

    [Fact] public void A_single_meter_has_no_peak() => Spec(Book).Given(InitialAccepted)
        .When(Regular with { Peak = 1m, Valley = 1m }).ThenRefused(AcceptReading.RegistersMismatch);

    [Theory, InlineData(1d, null), InlineData(null, 1d), InlineData(null, null)]
    public void A_time_of_use_meter_has_both_registers(double? peak, double? valley) => Spec(Book).Given()
        .When(Initial with { Meter = MeterNo.Parse("T1"), Peak = (decimal?)peak, Valley = (decimal?)valley })
        .ThenRefused(AcceptReading.RegistersMismatch);

    [Fact] public void A_register_does_not_go_backwards() => Spec(Book).Given(InitialAccepted)
        .When(Regular with { Total = 999.99m }).ThenRefused(AcceptReading.Backwards);

    [Fact] public void An_equal_register_is_no_consumption_and_is_flagged() => Spec(Book).Given(InitialAccepted)
        .When(Regular with { Total = 1_000m })
        .Then(RegularAccepted with { Total = 1_000m, Kwh = 0, Flags = [ReadingFlag.Zero] });

    [Fact] public void A_roll_over_is_counted_and_flagged() => Spec(Book)
        .Given(InitialAccepted with { Total = 999_990.5m })
        .When(Regular with { Total = 10.2m })
        .Then(RegularAccepted with { Total = 10.2m, Kwh = 20, Flags = [ReadingFlag.RolledOver] });

    [Theory, InlineData(899_999.99, 1), InlineData(999_999, 100_000.01)]
    public void A_roll_over_must_be_plausible(double before, double after) => Spec(Book)
        .Given(InitialAccepted with { Total = (decimal)before })
        .When(Regular with { Total = (decimal)after }).ThenRefused(AcceptReading.Backwards);

    [Fact] public void The_parts_are_not_more_than_the_total() => Spec(Book)
        .Given(InitialAccepted with { Meter = MeterNo.Parse("T1"), Peak = 0m, Valley = 0m })
        .When(Regular with { Meter = MeterNo.Parse("T1"), Total = 1_100m, Peak = 60m, Valley = 40.01m })
        .ThenRefused(AcceptReading.RegistersExceedTotal);

    [Fact] public void The_parts_may_be_all_of_the_total() => Spec(Book)
        .Given(InitialAccepted with { Meter = MeterNo.Parse("T1"), Peak = 0m, Valley = 0m })
        .When(Regular with { Meter = MeterNo.Parse("T1"), Total = 1_100m, Peak = 60.5m, Valley = 39.5m })
        .Then(RegularAccepted with
        {
            Meter = MeterNo.Parse("T1"), Total = 1_100m, Peak = 60.5m, Valley = 39.5m, Kwh = 100, PeakKwh = 61,
                ValleyKwh = 39,
        });

    [Theory]
    [InlineData("2025-10-31", "2025-10"), InlineData("2025-11-01", "2025-10"), InlineData("2025-11-02", "2025-11")]
    [InlineData("2025-10-02", "2025-10"), InlineData("2025-10-01", "2025-09")]
    public void A_reading_closes_the_month_of_the_day_before(string day, string period) =>
        Spec(Book).Given(InitialAccepted)
        .When(Regular with { ReadOn = Day(day), Total = 1_090m })
        .Then(RegularAccepted with
        {
            ReadOn = Day(day), Total = 1_090m, Kwh = 90, Period = BillingPeriod.Parse(period),
            Months = period == "2025-11" ? 2 : 1,
        });

    [Fact] public void Consumption_of_a_billed_month_goes_into_the_next_one() =>
        Spec(Book with { BilledThrough = October }).Given(InitialAccepted).When(Regular)
            .Then(RegularAccepted with { Period = November, Months = 2 });

    [Fact] public void A_month_before_the_billed_one_goes_after_it_too() =>
        Spec(Book with { BilledThrough = November }).Given(InitialAccepted).When(Regular)
            .Then(RegularAccepted with { Period = BillingPeriod.Parse("2025-12"), Months = 3 });

    [Fact] public void A_month_after_the_billed_one_stays() =>
        Spec(Book with { BilledThrough = BillingPeriod.Parse("2025-09") }).Given(InitialAccepted).When(Regular)
            .Then(RegularAccepted);

    [Fact] public void Nothing_enters_a_month_that_is_being_posted() =>
        Spec(Book with { BeingPosted = ImmutableHashSet.Create(October) }).Given(InitialAccepted).When(Regular)
            .ThenRefused(AcceptReading.BeingPosted);

    [Fact] public void Nothing_keeps_out_an_initial_reading_while_its_month_is_posted() =>
        Spec(Book with { BeingPosted = ImmutableHashSet.Create(BillingPeriod.Parse("2025-09")) }).Given().When(Initial)
            .Then(InitialAccepted);
}
