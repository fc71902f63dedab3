using System.Collections.Immutable;
using Billing.Contracts.Customer;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>Readings around the day on which a meter was exchanged, whichever was told first.</summary>
public sealed class ExchangedMeterTests
{
    private static readonly DateOnly Today = Day("2026-03-24");

    /// <summary>M1 hung until 20 October, then M2.</summary>
    private static readonly MeterBook.Open Book = Open(Stay(to: "2025-10-20"), Stay(Single("M2"), "2025-10-20"));

    private static readonly AcceptReading Final = new(
        No(1), MeterNo.Parse("M1"), Day("2025-10-20"), ReadingKind.Final, 1_232m, null, null, Today);

    private static readonly ReadingAccepted Initial = new(
        No(1), MeterNo.Parse("M1"), Day("2025-09-30"), ReadingKind.Initial, 1_000m, null, null,
        BillingPeriod.Parse("2025-09"), null,
        1, null, null, null, []);

    private static readonly ReadingAccepted Closed = new(
        No(1), MeterNo.Parse("M1"), Day("2025-10-20"), ReadingKind.Final, 1_232m, null, null, October,
        Day("2025-09-30"), 1, 232,
        null, null, []);

    private static MeterBook.Open Open(params MeterStay[] meters) => new(
        Day("2025-01-01"), CustomerClass.Residential, meters, null, ImmutableHashSet<BillingPeriod>.Empty,
        ImmutableDictionary<MeterNo, ImmutableList<PastReading>>.Empty, ReadingLimits.Default);

    private static Spec<MeterBook, AccountEvent> Spec(MeterBook? book = null) =>
        new(new("account", book ?? Book, MeterBook.Evolve));

    [Fact] public void The_final_reading_of_a_meter_that_is_gone_is_taken() =>
        Spec().Given(Initial).When(Final).Then(Closed);

    [Theory]
    [InlineData(ReadingKind.Regular, "2025-10-20", true), InlineData(ReadingKind.Regular, "2025-10-21", false)]
    [InlineData(ReadingKind.Final, "2025-11-20", true), InlineData(ReadingKind.Final, "2025-11-21", false)]
    public void It_is_read_until_the_day_it_went_and_in_the_workshop_a_month_longer(
        ReadingKind kind, string day, bool taken)
    {
        var outcome = Spec().Given(Initial).When(Final with { Kind = kind, ReadOn = Day(day) });
        if (taken)
            outcome.Then(Closed with
            {
                Kind = kind, ReadOn = Day(day), Period = BillingPeriod.Of(Day(day)),
                Months = BillingPeriod.Of(Day(day)) == October ? 1 : 2,
            });
        else
            outcome.ThenRefused(AcceptReading.Gone);
    }

    [Fact] public void A_meter_that_is_gone_is_not_put_in_place() => Spec().Given()
        .When(Final with { Kind = ReadingKind.Initial }).ThenRefused(AcceptReading.Gone);

    [Fact] public void A_new_meter_may_have_been_read_before_the_day_that_was_told() => Spec().Given()
        .When(Final with { Meter = MeterNo.Parse("M2"), Kind = ReadingKind.Initial, ReadOn = Day("2025-10-18"),
            Total = 0m })
        .Then(Initial with { Meter = MeterNo.Parse("M2"), ReadOn = Day("2025-10-18"), Total = 0m, Period = October });

    [Fact] public void A_new_meter_begins_with_an_initial_reading() => Spec().Given(Initial)
        .When(Final with { Meter = MeterNo.Parse("M2"), Kind = ReadingKind.Regular, ReadOn = Day("2025-10-31") })
        .ThenRefused(AcceptReading.InitialMissing);

    /// <summary>The transformers before M1 were exchanged: times 30 until 20 October, times 40 from then on.</summary>
    private static readonly MeterBook.Open Multiplied = Open(
        Stay(Single(multiplier: 30m), to: "2025-10-20"), Stay(Single(multiplier: 40m), "2025-10-20"));

    [Fact] public void What_was_counted_before_the_multiplier_changed_is_multiplied_as_before() => Spec(Multiplied)
        .Given(Initial).When(Final with { Kind = ReadingKind.Regular, Total = 1_001m })
        .Then(Closed with { Kind = ReadingKind.Regular, Total = 1_001m, Kwh = 30 });

    [Fact] public void What_is_counted_afterwards_is_multiplied_as_afterwards() => Spec(Multiplied)
        .Given(Initial, Closed with { Kind = ReadingKind.Regular, Total = 1_001m, Kwh = 30 })
        .When(Final with { Kind = ReadingKind.Regular, ReadOn = Day("2025-10-31"), Total = 1_002m })
        .Then(Closed with
        {
            Kind = ReadingKind.Regular, ReadOn = Day("2025-10-31"), From = Day("2025-10-20"), Total = 1_002m, Kwh = 40,
        });

    /// <summary>M1 got peak and valley registers on 20 October.</summary>
    private static readonly MeterBook.Open Registers = Open(
        Stay(to: "2025-10-20"), Stay(TimeOfUse(), "2025-10-20"));

    private static readonly ReadingAccepted Begun = Closed with
    {
        Kind = ReadingKind.Regular, Peak = 1m, Valley = 2m,
    };

    [Fact] public void Registers_are_read_on_the_day_they_come() => Spec(Registers).Given(Initial)
        .When(Final with { Kind = ReadingKind.Regular, Peak = 1m, Valley = 2m }).Then(Begun);

    [Fact] public void And_count_from_there() => Spec(Registers).Given(Initial, Begun)
        .When(Final with
        {
            Kind = ReadingKind.Regular, ReadOn = Day("2025-10-31"), Total = 1_332m, Peak = 41m, Valley = 32m,
        })
        .Then(Begun with
        {
            ReadOn = Day("2025-10-31"), Total = 1_332m, Peak = 41m, Valley = 32m, From = Day("2025-10-20"), Kwh = 100,
            PeakKwh = 40, ValleyKwh = 30,
        });

    [Theory, InlineData("2025-10-19"), InlineData("2025-10-21")]
    public void On_other_days_a_meter_is_read_as_it_is(string day) => Spec(Registers).Given(Initial)
        .When(Final with
        {
            ReadOn = Day(day), Peak = day == "2025-10-19" ? 1m : null, Valley = day == "2025-10-19" ? 2m : null,
        })
        .ThenRefused(AcceptReading.RegistersMismatch);

    [Fact] public void No_reading_goes_over_the_day_on_which_the_multiplier_changed() => Spec(Multiplied)
        .Given(Initial).When(Final with { Kind = ReadingKind.Regular, ReadOn = Day("2025-10-31"), Total = 1_002m })
        .ThenRefused(AcceptReading.ExchangeUnread);
}

/// <summary>Which meters hung where on which days, from the pictures of an account.</summary>
public sealed class MeterStayTests
{
    private static readonly Meter Old = Single(), New = Single("M2"), Other = Single("M3");

    private static IReadOnlyList<MeterStay> Of(params (string Since, Meter[] Meters)[] pictures) => MeterStay.Of(
        pictures.Select(picture => (Day(picture.Since), (IReadOnlyList<Meter>)picture.Meters)));

    [Fact] public void A_meter_goes_on_the_day_of_the_picture_without_it() =>
        Of(("2019-01-01", [Old]), ("2025-10-20", [New])).Should().Equal(
            Stay(Old, "2019-01-01", "2025-10-20"), Stay(New, "2025-10-20"));

    [Fact] public void A_picture_with_the_same_meters_changes_nothing() =>
        Of(("2019-01-01", [Old]), ("2025-10-20", [Old])).Should().Equal(Stay(Old, "2019-01-01"));

    [Fact] public void A_meter_may_come_beside_another() =>
        Of(("2019-01-01", [Old]), ("2025-10-20", [Old, New])).Should().Equal(
            Stay(Old, "2019-01-01"), Stay(New, "2025-10-20"));

    [Fact] public void A_meter_may_come_back() =>
        Of(("2019-01-01", [Old]), ("2025-10-20", [New]), ("2025-11-20", [Old])).Should().Equal(
            Stay(Old, "2019-01-01", "2025-10-20"), Stay(New, "2025-10-20", "2025-11-20"), Stay(Old, "2025-11-20"));

    [Fact] public void Another_multiplier_is_another_stay() =>
        Of(("2019-01-01", [Old]), ("2025-10-20", [Old with { Multiplier = 40m }])).Should().Equal(
            Stay(Old, "2019-01-01", "2025-10-20"), Stay(Old with { Multiplier = 40m }, "2025-10-20"));

    [Fact] public void A_meter_that_went_by_mistake_and_came_back_on_the_same_day_never_went() =>
        Of(("2019-01-01", [Old]), ("2025-10-20", [Other]), ("2025-10-20", [Old])).Should().Equal(
            Stay(Old, "2019-01-01"));

    [Fact] public void A_multiplier_that_was_told_by_mistake_and_put_right_on_the_same_day_never_was() =>
        Of(("2019-01-01", [Old]), ("2025-10-20", [Old with { Multiplier = 40m }]), ("2025-10-20", [Old])).Should()
            .Equal(Stay(Old, "2019-01-01"));

    [Fact] public void Corrected_digits_are_those_of_the_meter_from_the_first() =>
        Of(("2019-01-01", [Old]), ("2025-10-20", [Old with { Digits = 5 }])).Should().Equal(
            Stay(Old with { Digits = 5 }, "2019-01-01"));

    [Fact] public void Other_registers_are_another_stay() =>
        Of(("2019-01-01", [Old]), ("2025-10-20", [Old with { TimeOfUse = true }])).Should().Equal(
            Stay(Old, "2019-01-01", "2025-10-20"), Stay(Old with { TimeOfUse = true }, "2025-10-20"));

    [Fact] public void A_slip_that_was_put_right_for_the_same_day_never_hung_there() =>
        Of(("2019-01-01", [Old]), ("2025-10-20", [Other]), ("2025-10-20", [New])).Should().Equal(
            Stay(Old, "2019-01-01", "2025-10-20"), Stay(New, "2025-10-20"));

    [Fact] public void A_slip_in_the_opening_that_was_put_right_from_its_first_day_never_hung_there() =>
        Of(("2019-01-01", [Other]), ("2019-01-01", [Old])).Should().Equal(Stay(Old, "2019-01-01"));
}
