using System.Globalization;
using Billing.Contracts;

namespace Billing.Payments.Tests;

/// <summary>Which bank day it is; all times are China time.</summary>
public sealed class BankDaysTests
{
    [Theory]
    [InlineData("00:00:00", "2026-11-16 00:00", "2026-11-16")]
    [InlineData("00:00:00", "2026-11-16 23:59", "2026-11-16")]
    [InlineData("23:00:00", "2026-11-16 22:59", "2026-11-16")]
    [InlineData("23:00:00", "2026-11-16 23:00", "2026-11-17")]
    [InlineData("23:00:00", "2026-11-17 00:00", "2026-11-17")]
    [InlineData("12:00:00", "2026-11-16 11:59", "2026-11-16")]
    [InlineData("12:00:00", "2026-11-16 12:00", "2026-11-17")]
    [InlineData("02:00:00", "2026-11-16 01:59", "2026-11-15")]
    [InlineData("02:00:00", "2026-11-16 02:00", "2026-11-16")]
    [InlineData("02:00:00", "2026-11-16 23:59", "2026-11-16")]
    public void A_bank_day_begins_at_the_cut_that_is_nearest_to_its_midnight(string cut, string now, string day) =>
        BankDays.Current(TimeOnly.Parse(cut, CultureInfo.InvariantCulture), At(now)).Should().Be(Facts.Day(day));

    [Theory]
    [InlineData("2026-11-17", "2026-11-16 22:54", BankDayState.Future)]
    [InlineData("2026-11-17", "2026-11-16 22:55", BankDayState.Current)]
    [InlineData("2026-11-16", "2026-11-16 23:04", BankDayState.Current)]
    [InlineData("2026-11-16", "2026-11-16 23:05", BankDayState.Past)]
    [InlineData("2026-11-18", "2026-11-16 23:59", BankDayState.Future)]
    [InlineData("2026-10-16", "2026-11-16 12:00", BankDayState.Past)]
    [InlineData("2026-10-15", "2026-11-16 12:00", BankDayState.TooOld)]
    [InlineData("2099-12-31", "2026-11-16 12:00", BankDayState.Future)]
    [InlineData("1900-01-01", "2026-11-16 12:00", BankDayState.TooOld)]
    public void Close_to_the_cut_both_bank_days_are_current(string day, string now, BankDayState state) =>
        BankDays.StateOf(Facts.Day(day), new(23, 0), mostDays: 31, At(now)).Should().Be(state);

    [Theory]
    [InlineData("2026-11-16", "2026-11-16 22:54", false)]
    [InlineData("2026-11-16", "2026-11-16 22:55", true)]
    [InlineData("2026-11-16", "2026-11-20 12:00", true)]
    [InlineData("2026-11-18", "2026-11-16 23:59", false)]
    public void A_bank_day_is_over_when_the_clock_of_its_partner_may_say_so(string day, string now, bool over) =>
        BankDays.IsOver(Facts.Day(day), new(23, 0), At(now)).Should().Be(over);

    [Theory]
    [InlineData("00010101", false)]
    [InlineData("18991231", false)]
    [InlineData("19000101", true)]
    [InlineData("21991231", true)]
    [InlineData("22000101", false)]
    [InlineData("99991231", false)]
    public void A_bank_date_is_of_a_century_in_which_its_neighbours_are_days(string text, bool valid) =>
        PaymentKey.TryParseDate(text, out _).Should().Be(valid);

    private static DateTimeOffset At(string china) =>
        new(DateTime.Parse(china, CultureInfo.InvariantCulture), TimeSpan.FromHours(8));
}

public sealed class BankEncodingTests
{
    [Theory]
    [InlineData(BankEncoding.Utf8, "E6898B", "手")]
    [InlineData(BankEncoding.Utf8, "CAD6", null)]
    [InlineData(BankEncoding.Utf8, "EDA080", null)]
    [InlineData(BankEncoding.Gbk, "CAD6", "手")]
    [InlineData(BankEncoding.Gbk, "8147", "丟")]
    [InlineData(BankEncoding.Gbk, "CA", null)]
    [InlineData(BankEncoding.Gbk, "FF41", null)]
    [InlineData(BankEncoding.Gb18030, "CAD6", "手")]
    [InlineData(BankEncoding.Gb18030, "8139EF30", "㐁")]
    [InlineData(BankEncoding.Gb18030, "8139EF", null)]
    public void What_does_not_decode_is_no_text(BankEncoding encoding, string bytes, string? text) =>
        encoding.Decode(Convert.FromHexString(bytes)).Should().Be(text);

    [Theory, InlineData(BankEncoding.Utf8), InlineData(BankEncoding.Gbk), InlineData(BankEncoding.Gb18030)]
    public void Two_different_bytes_never_become_the_same_text(BankEncoding encoding)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var pair = 0; pair <= 0xFFFF; pair++)
        {
            byte[] bytes = pair <= 0xFF ? [(byte)pair] : [(byte)(pair >> 8), (byte)(pair & 0xFF)];
            if (encoding.Decode(bytes) is not { } text)
                continue;
            seen.TryAdd(text, pair).Should().BeTrue($"{pair:x} is no other spelling of {text}");
            text.Contains('\uFFFD', StringComparison.Ordinal).Should().BeFalse();
        }
        seen.Should().HaveCountGreaterThan(128);
    }
}
