using System.Net;
using System.Text.Json;

namespace Billing.Payments.Tests;

/// <summary>
/// The day-end file of a partner, from its text to the comparison. Every test has a bank day of its own.
/// </summary>
public sealed class PartnerDayTests(PaymentsService payments) : IClassFixture<PaymentsService>
{
    [Fact]
    public async Task A_day_is_compared_line_by_line()
    {
        var account = await payments.Account(60_00);
        foreach (var (serial, fen) in new[] { ("S1", 100_00L), ("S2", 80_00L), ("S3", 60_00L), ("S4", 5_00L) })
            (await payments.Pay(account, serial, fen, day: "20260901")).EnsureSuccessStatusCode();
        (await payments.Reverse(account, "S4", day: "20260901")).EnsureSuccessStatusCode();

        using var sent = await payments.SendFile(
            File("20260901", "4|489.00", ("S1", account, "100.00"), ("S2", account, "84.00"), ("S4", account, "5.00"),
                ("S5", account, "300.00")), day: "20260901");
        sent.StatusCode.Should().Be(HttpStatusCode.Created);
        var day = await sent.Json();
        Classes(day).Should().Equal(
            ("amount-differs", "S2"), ("utility-only", "S3"), ("status-differs", "S4"), ("bank-only", "S5"));
        day.GetProperty("classes").GetProperty("match").GetInt32().Should().Be(1);
        (day.GetProperty("bank").GetProperty("count").GetInt32(), day.Fen("bank", "amount")).Should().Be((4, 489_00));
        (day.GetProperty("ours").GetProperty("count").GetInt32(), day.Fen("ours", "amount")).Should().Be((3, 240_00));
        day.GetProperty("differences")[0].Fen("difference").Should().Be(4_00);

        var read = await payments.Get("/partners/icbc/days/20260901/reconciliation");
        read.GetRawText().Should().Be(day.GetRawText());
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing_and_a_corrected_one_replaces_it()
    {
        var account = await payments.Account(60_00);
        (await payments.Pay(account, "S1", 60_00, day: "20260905")).EnsureSuccessStatusCode();
        var file = File("20260905", "1|61.00", ("S1", account, "61.00"));
        using var first = await payments.SendFile(file, day: "20260905");
        using var again = await payments.SendFile(file, day: "20260905");
        (first.StatusCode, again.StatusCode).Should().Be((HttpStatusCode.Created, HttpStatusCode.OK));
        (await payments.Scalar<long>("select version from mt_streams where id = 'partnerday-icbc-20260905'"))
            .Should().Be(1);

        using var corrected = await payments.SendFile(
            File("20260905", "1|60.00", ("S1", account, "60.00")), day: "20260905");
        corrected.StatusCode.Should().Be(HttpStatusCode.Created);
        Classes(await corrected.Json()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_truncated_file_is_refused_and_nothing_is_stored()
    {
        var account = await payments.Account(60_00);
        var whole = File("20260910", "2|20.00", ("S1", account, "10.00"), ("S2", account, "10.00"));
        foreach (var length in new[] { 0, 3, 20, 40, whole.Length - 10, whole.Length - 2 })
        {
            using var cut = await payments.SendFile(whole[..length], day: "20260910");
            cut.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity, $"{length} characters are no file");
        }
        using var missing = await payments.Http.GetAsync(
            new Uri("/partners/icbc/days/20260910/reconciliation", UriKind.Relative));
        missing.StatusCode.Should().Be(HttpStatusCode.NotFound);

        using var complete = await payments.SendFile(whole, day: "20260910");
        complete.StatusCode.Should().Be(HttpStatusCode.Created);
        using var shorter = await payments.SendFile(whole[..^40], day: "20260910");
        (await shorter.Code()).Should().Be("bank-file-truncated");
        (await payments.Get("/partners/icbc/days/20260910/reconciliation")).GetProperty("bank").GetProperty("count")
            .GetInt32().Should().Be(2, "the file that was taken stays");
    }

    [Fact]
    public async Task Bad_lines_are_named()
    {
        using var sent = await payments.SendFile("2|2.00\nx\n20260915|S1|1000000001|1||PAY\n", day: "20260915");
        sent.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var problem = await sent.Json();
        problem.GetProperty("code").GetString().Should().Be("bank-file-malformed");
        problem.GetProperty("badLines").GetInt32().Should().Be(2);
        problem.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("line").GetInt32())
            .Should().Equal(2, 3);
    }

    [Fact]
    public async Task A_payment_around_midnight_is_found_on_the_neighbouring_day()
    {
        var account = await payments.Account(60_00);
        (await payments.Pay(account, "S1", 10_00, day: "20260921")).EnsureSuccessStatusCode();
        (await payments.Pay(account, "S2", 20_00, day: "20260920")).EnsureSuccessStatusCode();
        using var day = await payments.SendFile(File("20260920", "1|10.00", ("S1", account, "10.00")), day: "20260920");
        Classes(await day.Json()).Should().Equal(("cut-off-shift", "S1"), ("utility-only", "S2"));

        using var next = await payments.SendFile(
            File("20260921", "1|20.00", ("S2", account, "20.00")), day: "20260921");
        Classes(await next.Json()).Should().Equal(("cut-off-shift", "S1"), ("cut-off-shift", "S2"));
        Classes(await payments.Get("/partners/icbc/days/20260920/reconciliation"))
            .Should().Equal(("cut-off-shift", "S1"), ("cut-off-shift", "S2"));
    }

    [Fact]
    public async Task A_serial_that_is_used_every_day_is_no_cut_off_shift()
    {
        var account = await payments.Account(60_00);
        (await payments.Pay(account, "S1", 10_00, day: "20260926")).EnsureSuccessStatusCode();
        (await payments.SendFile(File("20260926", "1|10.00", ("S1", account, "10.00")), day: "20260926"))
            .EnsureSuccessStatusCode();
        using var day = await payments.SendFile(File("20260925", "1|10.00", ("S1", account, "10.00")), day: "20260925");
        Classes(await day.Json()).Should().Equal(("bank-only", "S1"));
    }

    [Fact]
    public async Task A_payment_posted_late_turns_a_difference_into_a_match()
    {
        var account = await payments.Account(60_00);
        using var sent = await payments.SendFile(
            File("20260928", "1|10.00", ("S1", account, "10.00")), day: "20260928");
        Classes(await sent.Json()).Should().Equal(("bank-only", "S1"));
        (await payments.Pay(account, "S1", 10_00, day: "20260928")).EnsureSuccessStatusCode();
        Classes(await payments.Get("/partners/icbc/days/20260928/reconciliation")).Should().BeEmpty();
    }

    [Fact]
    public async Task After_the_file_of_a_day_its_payments_are_not_reversed_any_more()
    {
        var account = await payments.Account(60_00);
        (await payments.Pay(account, "S1", 60_00, day: "20261003")).EnsureSuccessStatusCode();
        (await payments.SendFile(File("20261003", "1|60.00", ("S1", account, "60.00")), day: "20261003"))
            .EnsureSuccessStatusCode();
        using var late = await payments.Reverse(account, "S1", day: "20261003");
        late.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await late.Code()).Should().Be("reversal-after-day-end");
    }

    [Fact]
    public async Task A_reversal_line_undoes_its_payment()
    {
        var account = await payments.Account(60_00);
        (await payments.Pay(account, "S1", 60_00, day: "20261006")).EnsureSuccessStatusCode();
        (await payments.Reverse(account, "S1", day: "20261006")).EnsureSuccessStatusCode();
        var file = $"0|0.00\n20261006|S1|{account}|60.00|WEB|PAY\n20261006|S1|{account}|60.00|WEB|REV\n";
        using var sent = await payments.SendFile(file, day: "20261006");
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

    private static string File(
        string day, string header, params (string Serial, string Account, string Amount)[] lines) =>
        header + "\n" + string.Concat(lines.Select(line =>
            $"{day}|{line.Serial}|{line.Account}|{line.Amount}|WEB|PAY\n"));

    private static (string Class, string Serial)[] Classes(JsonElement day) =>
        [.. day.GetProperty("differences").EnumerateArray().Select(line =>
            (line.GetProperty("class").GetString()!, line.GetProperty("serial").GetString()!))];
}
