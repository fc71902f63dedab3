using System.Net;
using System.Text;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>Files as they come: what is wrong with a line is that line's fault, and no refusal is for ever.</summary>
public sealed class ReadingFileTests(InvoicingService invoicing) : IClassFixture<InvoicingService>, IAsyncLifetime
{
    private const string Header = "account,meter,read_on,kind,total,peak,valley\n";

    public Task InitializeAsync() => invoicing.Forget();

    public Task DisposeAsync() => Task.CompletedTask;

    public static TheoryData<string, string> SpoiltLines => new()
    {
        { $"{No(2)},M\0002,2025-09-30,initial,0,,", "line-meter-invalid" },
        { $"{No(2)},M2\n", "line-malformed" },
        { $"\0{No(2)},M2,2025-09-30,initial,0,,", "line-account-invalid" },
        { $"{No(2)},M2,2025-09-30,initial,0\0,,", "line-register-invalid" },
        { $"{No(2)},M2,2025-09-30,\u0007initial,0,,", "line-kind-invalid" },
        { $"{No(2)},M2,2025-09-30,initial,1e999,,", "line-register-invalid" },
        { $"{No(2)},M2,2025-09-30,initial,{new string('9', 30)},,", "line-register-invalid" },
        { $"{No(2)},M2,2025-09-30,initial,{new string('9', 28)},,", "reading-register-invalid" },
        { $"{No(2)},M2,2025-09-30,initial,1000000,,", "reading-register-invalid" },
        { $"{No(2)},M2,0001-01-01,initial,0,,", "reading-before-opening" },
        { $"{No(2)},M2,9999-12-31,initial,0,,", "reading-in-future" },
        { $"{No(2)},{new string('M', 41)},2025-09-30,initial,0,,", "line-meter-invalid" },
        { $"{No(2)},{new string('M', 100_000)},2025-09-30,initial,0,,", "line-too-long" },
        { $"{No(2)},\"M2,2025-09-30,initial,0,,", "line-quotes-wrong" },
        { $"{No(2)},M\"2,2025-09-30,initial,0,,", "line-quotes-wrong" },
        { $"{No(2)},\"M2\"2,2025-09-30,initial,0,,", "line-quotes-wrong" },
    };

    [Theory, MemberData(nameof(SpoiltLines))]
    public async Task A_spoilt_line_is_named_and_the_others_are_taken(string line, string code)
    {
        await invoicing.Accounts([Account(1), Account(2)]);
        var answer = await invoicing.Import([.. InvoicingService.OctoberOf(1, 240m).Take(1), line,
            .. InvoicingService.OctoberOf(1, 240m).Skip(1)]);
        answer.Texts("refused", "line").Should().Equal("3");
        answer.Texts("refused", "code").Should().Equal(code);
        (answer.GetProperty("lines").GetInt32(), answer.GetProperty("accepted").GetInt32()).Should().Be((3, 2));
        (await invoicing.Scalar<long>("select count(*) from reading where account_no = '1000000002'")).Should().Be(0);
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_refused_with_their_line_and_not_replaced()
    {
        await invoicing.Accounts([Account(1)]);
        byte[] gbk = [.. Encoding.ASCII.GetBytes($"{No(1)},M"), 0xB1, 0xED, .. ",2025-09-30,initial,0,,\n"u8];
        byte[] file = [.. Encoding.UTF8.GetBytes(Header), .. gbk,
            .. Encoding.UTF8.GetBytes(string.Join('\n', InvoicingService.OctoberOf(1, 240m)))];
        var answer = await (await invoicing.Send(file)).Json();
        answer.Texts("refused", "line").Should().Equal("2");
        answer.Texts("refused", "code").Should().Equal("line-not-utf8");
        answer.Texts("refused", "account").Should().Equal(No(1).Value);
        answer.GetProperty("accepted").GetInt32().Should().Be(2);
    }

    [Fact]
    public async Task A_file_in_another_encoding_altogether_has_no_header()
    {
        byte[] file = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Header)];
        using var answer = await invoicing.Send(file);
        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await answer.Code()).Should().Be("import-header-invalid");
    }

    /// <summary>The readings came before their account: the same file under the same key is decided afresh.</summary>
    [Fact]
    public async Task A_refused_line_is_taken_when_its_cause_is_gone()
    {
        await invoicing.Accounts([Account(1)]);
        var file = Header + string.Join(
            '\n', InvoicingService.OctoberOf(1, 240m).Concat(InvoicingService.OctoberOf(2, 100m)));
        var first = await (await invoicing.Send(file, "early")).Json();
        first.Texts("refused", "code").Should().Equal("account-unknown", "account-unknown");

        await invoicing.Accounts([Account(2)]);
        var second = await (await invoicing.Send(file, "early")).Json();
        (second.GetProperty("accepted").GetInt32(), second.GetProperty("unchanged").GetInt32(),
            second.GetProperty("refusedTotal").GetInt32()).Should().Be((2, 2, 0));

        using var third = await invoicing.Send(file, "early");
        third.Headers.GetValues("Idempotency-Replayed").Should().Equal(["true"], "an answer without refusals is kept");
        (await third.Json()).GetProperty("accepted").GetInt32().Should().Be(2);
    }
}
