using System.Collections.Immutable;
using Billing.Platform;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>Which consumption a person has to look at before it is billed.</summary>
public sealed class PlausibilityTests
{
    private static readonly MeterBook.Open Book = new(
        Day("2025-01-01"), CustomerClass.Residential, [Stay(to: "2025-10-29"), Stay(Single("M2"), "2025-10-29")], null,
        ImmutableHashSet<BillingPeriod>.Empty, ImmutableDictionary<MeterNo, ImmutableList<PastReading>>.Empty,
        ReadingLimits.Default);

    private static readonly ReadingAccepted Initial = new(
        No(1), MeterNo.Parse("M1"), Day("2025-09-30"), ReadingKind.Initial, 0m, null, null,
        BillingPeriod.Parse("2025-09"), null, 1,
        null, null, null, []);

    private static readonly AcceptReading Regular = new(
        No(1), MeterNo.Parse("M1"), Day("2025-10-29"), ReadingKind.Regular, 0m, null, null, Day("2025-12-24"));

    /// <summary>1,200 when the meter came, 14,100 a month later.</summary>
    [Fact]
    public void A_slipped_digit_in_the_first_reading_is_high() =>
        FlagsOf(Book, Regular with { Total = 14_100m }, Initial with { Total = 1_200m })
            .Should().Equal(ReadingFlag.High);

    // 29 days of 50 kWh are 1,450.
    [Theory]
    [InlineData(CustomerClass.Residential, 1_450, false), InlineData(CustomerClass.Residential, 1_451, true)]
    [InlineData(CustomerClass.Commercial, 29_000, false), InlineData(CustomerClass.Commercial, 29_001, true)]
    [InlineData(CustomerClass.Public, 145_000, false), InlineData(CustomerClass.Public, 145_001, true)]
    [InlineData(CustomerClass.Industrial, 580_000, false), InlineData(CustomerClass.Industrial, 580_001, true)]
    [InlineData(CustomerClass.Agriculture, 29_000, false), InlineData(CustomerClass.Agriculture, 29_001, true)]
    public void Without_a_history_more_than_is_usual_for_the_class_is_high(CustomerClass @class, int kwh, bool high) =>
        FlagsOf(Book with { Class = @class }, Regular with { Total = kwh }, Initial)
            .Should().Equal(high ? [ReadingFlag.High] : []);

    [Fact] public void A_hundred_kwh_in_a_day_are_not_remarkable() =>
        FlagsOf(Book, Regular with { ReadOn = Day("2025-10-01"), Total = 100m }, Initial).Should().BeEmpty();

    // 300 kWh in 30 days before, and another 30 days.
    [Theory, InlineData(900, false), InlineData(901, true), InlineData(12_900, true)]
    public void One_month_is_a_history(int kwh, bool high) => FlagsOf(
        Book, Regular with { Total = 300m + kwh }, Initial with { ReadOn = Day("2025-08-30") }, Closing(300, 30))
        .Should().Equal(high ? [ReadingFlag.High] : []);

    // Ten a day before, and another 30 days: 1,500 are the limit without a history, 900 with it.
    [Theory]
    [InlineData(19, 1_500, false), InlineData(19, 1_501, true), InlineData(20, 900, false), InlineData(20, 901, true)]
    public void Some_days_are_no_history(int days, int kwh, bool high) => FlagsOf(
        Book, Regular with { Total = 10m * days + kwh }, Initial with { ReadOn = Day("2025-09-29").AddDays(-days) },
        Closing(10 * days, days))
        .Should().Equal(high ? [ReadingFlag.High] : []);

    // Two closings of 300 kWh in 50 days each: six a day, so 300 are expected in the next 50 days.
    private static readonly ReadingAccepted[] SixADay =
    [
        Initial with { ReadOn = Day("2025-06-01"), Period = BillingPeriod.Parse("2025-05") },
        Closing(300, 50) with { ReadOn = Day("2025-07-21"), From = Day("2025-06-01") },
        Closing(300, 50) with { ReadOn = Day("2025-09-09"), From = Day("2025-07-21"), Total = 600m },
    ];

    [Theory, InlineData(900, false), InlineData(901, true)]
    public void Three_times_the_own_average_is_high(int kwh, bool high) =>
        FlagsOf(Book, Regular with { Total = 600m + kwh }, SixADay).Should().Equal(high ? [ReadingFlag.High] : []);

    [Theory, InlineData(75, false), InlineData(74, true)]
    public void A_quarter_of_the_own_average_is_low(int kwh, bool low) =>
        FlagsOf(Book, Regular with { Total = 600m + kwh }, SixADay).Should().Equal(low ? [ReadingFlag.Low] : []);

    [Fact] public void A_hundred_kwh_more_or_less_are_not_remarkable() => FlagsOf(
        Book, Regular with { Total = 720m }, [.. SixADay.Select(r => r with { Kwh = r.Kwh is null ? null : 20 })])
        .Should().BeEmpty();

    private static readonly ReadingAccepted Final = Closing(302, 50) with
    {
        ReadOn = Day("2025-10-29"), From = Day("2025-09-09"), Kind = ReadingKind.Final, Total = 902m,
    };

    // 902 kWh in 150 days before: 180.4 are expected in 30.
    [Theory, InlineData(541, false), InlineData(542, true)]
    public void A_meter_that_came_for_another_is_measured_against_what_that_one_used(int kwh, bool high) => FlagsOf(
        Book, Regular with { Meter = MeterNo.Parse("M2"), ReadOn = Day("2025-11-28"), Total = kwh },
        [.. SixADay, Final, Initial with { Meter = MeterNo.Parse("M2"), ReadOn = Day("2025-10-29") }])
        .Should().Equal(high ? [ReadingFlag.High] : []);

    [Fact]
    public void Limits_are_set_where_the_service_is_configured()
    {
        Limits(("KwhPerDay:Residential", "80.5"), ("HighTimes", "5")).Should().BeEquivalentTo(
            ReadingLimits.Default with
            {
                HighTimes = 5m,
                KwhPerDay = new Dictionary<CustomerClass, decimal>(ReadingLimits.Default.KwhPerDay)
                {
                    [CustomerClass.Residential] = 80.5m,
                },
            });
        Limits().Should().BeEquivalentTo(ReadingLimits.Default);
    }

    [Fact]
    public void The_file_of_settings_has_them_at_their_defaults()
    {
        SettingsFile.HasTheDefaultsOf<ReadingLimits>(ReadingLimits.Section);
        SettingsFile.HasTheDefaultsOf<ManifestOptions>(ManifestOptions.Section);
    }

    [Theory, InlineData("0"), InlineData("-1"), InlineData("many"), InlineData("1e9"), InlineData("")]
    public void A_limit_is_a_number_of_more_than_zero(string text) =>
        ((Action)(() => Limits(("KwhPerDay:Public", text)))).Should().Throw<OptionsValidationException>()
            .WithMessage("*Billing:Readings:KwhPerDay:Public*");

    private static ReadingLimits Limits(params (string Name, string Value)[] settings)
    {
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(
                setting => KeyValuePair.Create($"Billing:Readings:{setting.Name}", (string?)setting.Value))).Build())
            .AddChecked<ReadingLimits, ReadingLimitsCheck>(ReadingLimits.Section)
            .BuildServiceProvider();
        return services.GetRequiredService<IOptions<ReadingLimits>>().Value;
    }

    private static ReadingAccepted Closing(long kwh, int days) => new(
        No(1), MeterNo.Parse("M1"), Day("2025-09-29"), ReadingKind.Regular, kwh, null, null,
        BillingPeriod.Parse("2025-09"),
        Day("2025-09-29").AddDays(-days), 1, kwh, null, null, []);

    private static IReadOnlyList<ReadingFlag> FlagsOf(
        MeterBook.Open book, AcceptReading reading, params ReadingAccepted[] past) =>
        ((ReadingAccepted)reading.Decide(past.Aggregate((MeterBook)book, MeterBook.Evolve)).Events[0]).Flags;
}
