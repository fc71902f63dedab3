using System.Net;
using System.Net.Http.Json;
using Billing.Rebuilding;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

public sealed class ImportReadingsTests(InvoicingService invoicing) : IClassFixture<InvoicingService>, IAsyncLifetime
{
    public Task InitializeAsync() => invoicing.Forget();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Good_lines_count_once_and_the_others_are_named()
    {
        await invoicing.Accounts([Account(1), Account(2), Account(3, meters: [TimeOfUse("T3")])]);
        string[] lines =
        [
            .. InvoicingService.OctoberOf(1, 240m),
            "1000000009,M9,2025-09-30,initial,0,,",
            $"{No(2)},M9,2025-09-30,initial,0,,",
            $"{No(2)},M2,2025-10-31,regular,100,,",
            $"{No(3)},T3,2025-09-30,initial,0,0,0",
            $"{No(3)},\"T3\",2025-10-31,regular,1000,400,250",
            $"{No(3)},T3,2025-11-30,regular,900,500,350",
            "12,M1,2025-09-30,initial,0,,",
            $"{No(1)},,2025-09-30,initial,0,,",
            $"{No(1)},M1,2025-9-30,initial,0,,",
            $"{No(1)},M1,2025-09-30,first,0,,",
            $"{No(1)},M1,2025-09-30,initial,zero,,",
            $"{No(1)},M1,2025-09-30,initial,,,",
            $"{No(1)},M1,2025-09-30,initial,0",
            $"{No(1)},M1,2025-10-31,regular,241,,",
        ];
        var answer = await invoicing.Import(lines);
        (answer.GetProperty("lines").GetInt32(), answer.GetProperty("accepted").GetInt32()).Should().Be((16, 4));
        answer.Texts("refused", "line").Should()
            .Equal("4", "5", "6", "9", "10", "11", "12", "13", "14", "15", "16", "17");
        answer.Texts("refused", "code").Should().Equal(
            "account-unknown", "meter-unknown", "reading-initial-missing", "reading-backwards", "line-account-invalid",
            "line-meter-invalid", "line-read-on-invalid", "line-kind-invalid", "line-register-invalid",
            "line-register-invalid", "line-malformed", "reading-taken");

        var again = await invoicing.Import(lines);
        (again.GetProperty("accepted").GetInt32(), again.GetProperty("unchanged").GetInt32(),
            again.GetProperty("refusedTotal").GetInt32()).Should().Be((0, 4, 12));
        (await invoicing.Events.Count<ReadingAccepted>()).Should().Be(4);
        (await invoicing.Query<long?>("select kwh from reading order by account_no, read_on"))
            .Should().Equal(null, 240, null, 1000);
    }

    [Fact]
    public async Task The_same_key_gives_the_first_answer()
    {
        await invoicing.Accounts([Account(1)]);
        var file = $"account,meter,read_on,kind,total,peak,valley\n{No(1)},M1,2025-09-30,initial,0,,\n";
        (await (await invoicing.Send(file, "once")).Json()).GetProperty("accepted").GetInt32().Should().Be(1);
        (await (await invoicing.Send(file, "once")).Json()).GetProperty("accepted").GetInt32().Should().Be(1);
        (await invoicing.Send(file + "x", "once")).StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("account,meter,read_on,kind,total,peak\n", "import-header-invalid")]
    [InlineData("", "import-header-invalid")]
    public async Task A_file_has_the_right_header(string file, string code)
    {
        using var answer = await invoicing.Send(file);
        (await answer.Code()).Should().Be(code);
    }

    [Fact]
    public async Task A_byte_order_mark_is_tolerated()
    {
        await invoicing.Accounts([Account(1)]);
        using var answer = await invoicing.Send(
            $"\ufeffaccount,meter,read_on,kind,total,peak,valley\r\n{No(1)},M1,2025-09-30,initial,0,,\r\n");
        (await answer.Json()).GetProperty("accepted").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task The_same_file_twice_at_once_counts_once()
    {
        await invoicing.Accounts(Enumerable.Range(1, 300).Select(number => Account(number)));
        var lines = Enumerable.Range(1, 300).SelectMany(number => InvoicingService.OctoberOf(number, number)).ToArray();
        var answers = await Task.WhenAll(invoicing.Import(lines), invoicing.Import(lines));
        answers.Sum(answer => answer.GetProperty("accepted").GetInt32()).Should().Be(600);
        answers.Sum(answer => answer.GetProperty("unchanged").GetInt32()).Should().Be(600);
        (await invoicing.Scalar<long>("select count(*) from reading")).Should().Be(600);
    }

    [Fact]
    public async Task A_single_reading_is_put()
    {
        await invoicing.Accounts([Account(1)]);
        async Task<HttpResponseMessage> Put(string day, object body) =>
            await invoicing.Http.PutAsJsonAsync($"/accounts/{No(1)}/readings/M1/{day}", body);
        (await Put("2025-09-30", new { kind = "Initial", total = 5 })).StatusCode.Should().Be(HttpStatusCode.Created);
        (await Put("2025-09-30", new { kind = "Initial", total = 5 })).StatusCode.Should().Be(HttpStatusCode.OK);
        (await Put("2025-09-30", new { kind = "Initial", total = 6 })).StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await Put("2025-10-31", new { kind = "Regular", total = 4 })).StatusCode.Should()
            .Be(HttpStatusCode.UnprocessableEntity);
        (await Put("2025-10-31", new { kind = "Regular" })).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var accepted = await (await Put("2025-10-31", new { kind = "Regular", total = 245 })).Json();
        (accepted.GetProperty("kwh").GetInt32(), accepted.GetProperty("period").GetString()).Should()
            .Be((240, "2025-10"));
    }

    [Fact]
    public async Task A_long_history_counts_from_its_newest_reading_and_knows_its_oldest()
    {
        await invoicing.Accounts([Account(1)]);
        string[] lines =
        [
            $"{No(1)},M1,2024-12-31,initial,0,,",
            .. Enumerable.Range(1, 10).Select(month => $"{No(1)},M1,2025-{month:00}-28,regular,{month * 100},,"),
        ];
        foreach (var line in lines)
            (await invoicing.Import(line)).GetProperty("accepted").GetInt32().Should().Be(1);
        (await invoicing.Query<long>("select kwh from reading where kwh is not null"))
            .Should().Equal(Enumerable.Repeat(100L, 10));
        (await invoicing.Import(lines)).GetProperty("unchanged").GetInt32().Should().Be(11);
    }

    [Fact]
    public async Task The_rows_follow_from_the_events()
    {
        await invoicing.Accounts([Account(1), Account(2)]);
        await invoicing.Import([.. InvoicingService.OctoberOf(1, 240m), .. InvoicingService.OctoberOf(2, 100m)]);
        await invoicing.Drafted("rebuild");
        await invoicing.Posted("rebuild");
        var invoice = await invoicing.Scalar<string>("select invoice_no from invoice where account_no = '1000000001'");
        (await invoicing.Http.PutAsJsonAsync(
            $"/invoices/{invoice}/credits/R1", new { amount = new { fen = 5 }, reason = "差错" }))
            .EnsureSuccessStatusCode();
        const string rows = """
            select string_agg(line, e'\n' order by line) from (select 'r ' || r::text as line from reading r
              union all select 'i ' || i::text from invoice i union all select 'c ' || c::text from credit c) l
            """;
        var before = await invoicing.Scalar<string>(rows);
        await Rebuild.Run(invoicing.Running.Source, Invoicing.Account.Streams);
        (await invoicing.Scalar<string>(rows)).Should().Be(before);
    }

    /// <summary>Files come by the ten thousand lines; this keeps them from becoming slow unnoticed.</summary>
    [Fact]
    public async Task Ten_thousand_lines_take_seconds()
    {
        await invoicing.Accounts(Enumerable.Range(1, 5_000).Select(number => Account(number)));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var answer = await invoicing.Import(
            Enumerable.Range(1, 5_000).SelectMany(number => InvoicingService.OctoberOf(number, number % 700)));
        answer.GetProperty("accepted").GetInt32().Should().Be(10_000);
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20));
    }
}
