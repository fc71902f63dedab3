using System.Net;
using System.Text;
using System.Text.Json;
using Billing.Contracts;

namespace Billing.Payments.Tests;

/// <summary>
/// The day-end file of a partner, from its bytes to the comparison. Every test has a partner of its own.
/// </summary>
public sealed class PartnerDayTests(PaymentsService payments) : IClassFixture<PaymentsService>
{
    private static readonly string Today = PaymentsService.Day();
    private static readonly string Yesterday = PaymentsService.Day(-1);

    [Fact]
    public async Task A_day_is_compared_line_by_line()
    {
        var account = await payments.Account(60_00);
        await payments.Partner("lines");
        foreach (var (serial, fen) in new[] { ("S1", 100_00L), ("S2", 80_00L), ("S3", 60_00L), ("S4", 5_00L) })
            (await payments.Pay(account, serial, fen, "lines")).EnsureSuccessStatusCode();
        (await payments.Reverse(account, "S4", partner: "lines")).EnsureSuccessStatusCode();

        using var sent = await payments.SendFile(
            File(Today, "4|489.00", ("S1", account, "100.00"), ("S2", account, "84.00"), ("S4", account, "5.00"),
                ("S5", account, "300.00")), "lines");
        sent.StatusCode.Should().Be(HttpStatusCode.Created);
        var day = await sent.Json();
        Classes(day).Should().Equal(
            ("amount-differs", "S2"), ("utility-only", "S3"), ("status-differs", "S4"), ("bank-only", "S5"));
        day.GetProperty("classes").GetProperty("match").GetInt32().Should().Be(1);
        Sides(day).Should().Be((4, 489_00, 3, 240_00));
        (day.GetProperty("ours").GetProperty("payments").GetProperty("count").GetInt32(),
            day.Fen("ours", "payments", "amount"),
            day.GetProperty("ours").GetProperty("reversals").GetProperty("count").GetInt32(),
            day.Fen("ours", "reversals", "amount")).Should().Be((4, 245_00, 1, 5_00));
        day.GetProperty("differences")[0].Fen("difference").Should().Be(4_00);

        var read = await Read("lines", Today);
        read.GetRawText().Should().Be(day.GetRawText());
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing_and_a_corrected_one_replaces_it()
    {
        var account = await payments.Account(60_00);
        await payments.Partner("again");
        (await payments.Pay(account, "S1", 60_00, "again")).EnsureSuccessStatusCode();
        var file = File(Today, "1|61.00", ("S1", account, "61.00"));
        using var first = await payments.SendFile(file, "again");
        using var again = await payments.SendFile(file, "again");
        (first.StatusCode, again.StatusCode).Should().Be((HttpStatusCode.Created, HttpStatusCode.OK));
        (await payments.Running.Events.Of(PartnerDay.Stream(PartnerCode.Parse("again"),
            PaymentsService.Today)).CountAsync())
            .Should().Be(1);

        using var corrected = await payments.SendFile(File(Today, "1|60.00", ("S1", account, "60.00")), "again");
        corrected.StatusCode.Should().Be(HttpStatusCode.Created);
        Classes(await corrected.Json()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_truncated_file_is_refused_and_nothing_is_stored()
    {
        var account = await payments.Account(60_00);
        await payments.Partner("cut");
        var whole = File(Today, "2|20.00", ("S1", account, "10.00"), ("S2", account, "10.00"));
        foreach (var length in new[] { 0, 3, 20, 40, whole.Length - 10, whole.Length - 2 })
        {
            using var cut = await payments.SendFile(whole[..length], "cut");
            cut.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity, $"{length} characters are no file");
        }
        using var missing = await payments.Http.GetAsync(Address("cut", Today));
        missing.StatusCode.Should().Be(HttpStatusCode.NotFound);

        using var complete = await payments.SendFile(whole, "cut");
        complete.StatusCode.Should().Be(HttpStatusCode.Created);
        using var shorter = await payments.SendFile(whole[..^40], "cut");
        (await shorter.Code()).Should().Be("bank-file-truncated");
        Sides(await Read("cut", Today)).Should().Be((2, 20_00, 0, 0), "the file that was taken stays");
    }

    [Fact]
    public async Task Bad_lines_are_named()
    {
        using var sent = await payments.SendFile($"2|2.00\nx\n{Today}|S1|1000000001|1||PAY\n");
        sent.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var problem = await sent.Json();
        problem.GetProperty("code").GetString().Should().Be("bank-file-malformed");
        problem.GetProperty("badLines").GetInt32().Should().Be(2);
        problem.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("line").GetInt32())
            .Should().Equal(2, 3);
    }

    [Fact]
    public async Task Files_are_taken_as_the_bytes_that_were_sent()
    {
        await payments.Partner("gbk", encoding: BankEncoding.Gbk);
        byte[] File(string subChannel) => CodePagesEncodingProvider.Instance.GetEncoding(936)!.GetBytes(
            $"1|1.00\n{Today}|S1|1000000001|1.00|{subChannel}|PAY\n");
        using var first = await payments.SendFile(File("手机"), "gbk");
        using var corrected = await payments.SendFile(File("柜台"), "gbk");
        (first.StatusCode, corrected.StatusCode).Should().Be((HttpStatusCode.Created, HttpStatusCode.Created));
        (await first.Json()).GetProperty("fileHash").GetString().Should().Be(HashOf(File("手机")));
        (await corrected.Json()).GetProperty("fileHash").GetString().Should().Be(HashOf(File("柜台")));
        (await payments.Scalar<string>("select lines -> 0 ->> 'subChannel' from partner_day where partner = 'gbk'"))
            .Should().Be("柜台");

        await payments.Partner("utf");
        using var other = await payments.SendFile(File("手机"), "utf");
        other.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await other.Json()).GetProperty("lines")[0].GetProperty("line").GetInt32().Should().Be(2);

        static string HashOf(byte[] file) =>
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file));
    }

    [Fact]
    public async Task A_zero_byte_is_the_error_of_its_line()
    {
        using var sent = await payments.SendFile($"1|1.00\n{Today}|S1|1000000001|1.00|a\0b|PAY\n");
        sent.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await sent.Json()).GetProperty("lines")[0].GetProperty("line").GetInt32().Should().Be(2);
    }

    [Fact]
    public async Task A_payment_around_midnight_is_found_on_the_neighbouring_day()
    {
        var account = await payments.Account(60_00);
        await payments.Partner("shift");
        (await payments.Pay(account, "S1", 10_00, "shift", Today)).EnsureSuccessStatusCode();
        (await payments.Pay(account, "S2", 20_00, "shift", Yesterday)).EnsureSuccessStatusCode();
        using var day = await payments.SendFile(
            File(Yesterday, "1|10.00", ("S1", account, "10.00")), "shift", Yesterday);
        Classes(await day.Json()).Should().Equal(("cut-off-shift", "S1"), ("utility-only", "S2"));

        using var next = await payments.SendFile(File(Today, "1|20.00", ("S2", account, "20.00")), "shift", Today);
        Classes(await next.Json()).Should().Equal(("cut-off-shift", "S1"), ("cut-off-shift", "S2"));
        Classes(await Read("shift", Yesterday)).Should().Equal(("cut-off-shift", "S1"), ("cut-off-shift", "S2"));
    }

    [Fact]
    public async Task A_serial_that_is_used_every_day_is_no_cut_off_shift()
    {
        var account = await payments.Account(60_00);
        await payments.Partner("daily");
        (await payments.Pay(account, "S1", 10_00, "daily", Today)).EnsureSuccessStatusCode();
        (await payments.SendFile(File(Today, "1|10.00", ("S1", account, "10.00")), "daily")).EnsureSuccessStatusCode();
        using var day = await payments.SendFile(
            File(Yesterday, "1|10.00", ("S1", account, "10.00")), "daily", Yesterday);
        Classes(await day.Json()).Should().Equal(("bank-only", "S1"));
    }

    [Fact]
    public async Task After_the_file_only_what_it_tells_is_posted_late()
    {
        var account = await payments.Account(60_00);
        await payments.Partner("late");
        using var before = await payments.Pay(account, "S0", 1_00, "late");
        using var sent = await payments.SendFile(
            File(Today, "2|11.00", ("S0", account, "1.00"), ("S1", account, "10.00")), "late");
        Classes(await sent.Json()).Should().Equal(("bank-only", "S1"));

        using var other = await payments.Pay(account, "S2", 10_00, "late");
        using var more = await payments.Pay(account, "S1", 10_01, "late");
        using var elsewhere = await payments.Pay(await payments.Account(60_00), "S1", 10_00, "late");
        foreach (var refused in new[] { other, more, elsewhere })
            (await refused.Code()).Should().Be("bank-day-closed");
        using var again = await payments.Pay(account, "S0", 1_00, "late");
        again.StatusCode.Should().Be(HttpStatusCode.OK, "the day was open when it came first");

        (await payments.Pay(account, "S1", 10_00, "late")).StatusCode.Should().Be(HttpStatusCode.Created);
        Classes(await Read("late", Today)).Should().BeEmpty();
    }

    [Fact]
    public async Task What_a_file_takes_back_is_not_posted_late()
    {
        var account = await payments.Account(60_00);
        await payments.Partner("undone");
        (await payments.SendFile(File(Yesterday, "1|10.00", ("S1", account, "10.00")), "undone", Yesterday))
            .EnsureSuccessStatusCode();
        (await payments.SendFile($"-1|-10.00\n{Today}|S1|{account}|10.00||REV\n", "undone")).EnsureSuccessStatusCode();
        using var posted = await payments.Pay(account, "S1", 10_00, "undone", Yesterday);
        (await posted.Code()).Should().Be("bank-day-closed");
    }

    [Fact]
    public async Task After_the_file_of_a_day_its_payments_are_not_reversed_by_the_partner_any_more()
    {
        var account = await payments.Account(60_00);
        await payments.Partner("closed");
        (await payments.Pay(account, "S1", 60_00, "closed")).EnsureSuccessStatusCode();
        (await payments.SendFile(File(Today, "1|60.00", ("S1", account, "60.00")), "closed"))
            .EnsureSuccessStatusCode();
        using var late = await payments.Reverse(account, "S1", partner: "closed");
        late.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await late.Code()).Should().Be("reversal-after-day-end");
    }

    [Fact]
    public async Task A_reversal_line_undoes_its_payment()
    {
        var account = await payments.Account(60_00);
        await payments.Partner("pair");
        (await payments.Pay(account, "S1", 60_00, "pair")).EnsureSuccessStatusCode();
        (await payments.Reverse(account, "S1", partner: "pair")).EnsureSuccessStatusCode();
        var file = $"0|0.00\n{Today}|S1|{account}|60.00|WEB|PAY\n{Today}|S1|{account}|60.00|WEB|REV\n";
        using var sent = await payments.SendFile(file, "pair");
        Classes(await sent.Json()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_file_of_an_unknown_partner_or_day_is_refused()
    {
        using var partner = await payments.SendFile("0|0.00\n", partner: "nobody");
        using var day = await payments.SendFile("0|0.00\n", day: "2026-10-31");
        (await partner.Code()).Should().Be("partner-unknown");
        (await day.Code()).Should().Be("bank-date-malformed");
    }

    [Theory]
    [InlineData("99991231", "bank-date-malformed", "bank-date-malformed")]
    [InlineData("00010101", "bank-date-malformed", "bank-date-malformed")]
    [InlineData("21991231", "bank-day-in-future", "bank-file-missing")]
    [InlineData("20200101", "bank-day-too-old", "bank-file-missing")]
    public async Task A_file_of_a_day_that_has_not_been_is_refused_and_every_day_can_be_asked(
        string day, string refused, string asked)
    {
        using var sent = await payments.SendFile("0|0.00\n", day: day);
        using var read = await payments.Http.GetAsync(Address("icbc", day));
        (await sent.Code()).Should().Be(refused);
        (await read.Code()).Should().Be(asked);
    }

    [Theory]
    [InlineData(-401, "bank-day-too-old")]
    [InlineData(-400, null)]
    [InlineData(-1, null)]
    [InlineData(0, "bank-day-not-over")]
    [InlineData(1, "bank-day-in-future")]
    public async Task A_file_is_taken_for_days_that_are_over(int days, string? code)
    {
        await payments.Partner("window");
        using var sent = await payments.SendFileNow("0|0.00\n", "window", PaymentsService.Day(days));
        if (code is null)
            sent.IsSuccessStatusCode.Should().BeTrue();
        else
            (await sent.Code()).Should().Be(code);
    }

    [Fact]
    public async Task An_early_file_does_not_end_the_day_that_runs()
    {
        var account = await payments.Account(60_00);
        await payments.Partner("early");
        using var early = await payments.SendFileNow("0|0.00\n", "early", Today);
        (early.StatusCode, await early.Code()).Should().Be((HttpStatusCode.Conflict, "bank-day-not-over"));
        using var missing = await payments.Http.GetAsync(Address("early", Today));
        (await missing.Code()).Should().Be("bank-file-missing", "nothing of it was stored");

        using var paid = await payments.Pay(account, "S1", 60_00, "early");
        paid.StatusCode.Should().Be(HttpStatusCode.Created, "the day goes on");
        using var back = await payments.Reverse(account, "S1", partner: "early");
        back.StatusCode.Should().Be(HttpStatusCode.Created);
        using var tomorrow = payments.Later(1);
        using var taken = await payments.SendFileNow("0|0.00\n", "early", Today);
        taken.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    private static string File(
        string day, string header, params (string Serial, string Account, string Amount)[] lines) =>
        header + "\n" + string.Concat(lines.Select(line =>
            $"{day}|{line.Serial}|{line.Account}|{line.Amount}|WEB|PAY\n"));

    private static (string Class, string Serial)[] Classes(JsonElement day) =>
        [.. day.GetProperty("differences").EnumerateArray().Select(line =>
            (line.GetProperty("class").GetString()!, line.GetProperty("serial").GetString()!))];

    private static (int, long, int, long) Sides(JsonElement day) => (
        day.GetProperty("bank").GetProperty("count").GetInt32(), day.Fen("bank", "amount"),
        day.GetProperty("ours").GetProperty("count").GetInt32(), day.Fen("ours", "amount"));

    private static Uri Address(string partner, string day) =>
        new($"/partners/{partner}/days/{day}/reconciliation", UriKind.Relative);

    private Task<JsonElement> Read(string partner, string day) => payments.Get(Address(partner, day).ToString());
}
