using System.Net;
using System.Net.Http.Json;
using Billing.Contracts;
using Billing.Testing;

namespace Billing.Payments.Tests;

public sealed class PartnersTests(PaymentsService payments) : IClassFixture<PaymentsService>
{
    [Fact]
    public async Task A_partners_conventions_can_be_changed()
    {
        var path = "/partners/changing";
        using var first = await payments.Http.Agree(HttpMethod.Put,
            path, new { name = "建设银行", channel = "Bank", amountRule = "EXACT", dayCut = "23:30:00" });
        using var second = await payments.Http.Agree(HttpMethod.Put,
            path, new { name = "建设银行", channel = "WeChat", amountRule = "AT_LEAST_DUE", dayCut = "23:30:00" });
        first.StatusCode.Should().Be(HttpStatusCode.OK);
        (await second.Proposal()).Changes.Should().Equal(
            new ProposedChange("channel", "Bank", "WeChat"),
            new ProposedChange("amount-rule", "EXACT", "AT_LEAST_DUE"));
        var partner = await payments.Get(path);
        partner.GetProperty("amountRule").GetString().Should().Be("AT_LEAST_DUE");
        partner.GetProperty("channel").GetString().Should().Be("WeChat");
        partner.GetProperty("dayCut").GetString().Should().Be("23:30:00");
        partner.GetProperty("encoding").GetString().Should().Be("UTF-8", "a partner writes that unless it says");
        partner.GetProperty("lateDays").GetInt32().Should().Be(31);
        using var third = await payments.Http.Agree(HttpMethod.Put, path, new
        {
            name = "建设银行", channel = "Bank", amountRule = "EXACT", dayCut = "23:30:00", encoding = "GBK", lateDays = 5,
        });
        partner = await payments.Get(path);
        (partner.GetProperty("encoding").GetString(), partner.GetProperty("lateDays").GetInt32())
            .Should().Be(("GBK", 5));
    }

    [Fact]
    public async Task Partners_of_before_there_were_streams_keep_what_was_agreed()
    {
        await using (var old = payments.Running.Source.CreateCommand("""
            insert into partner (partner, name, channel, amount_rule, day_cut, encoding, late_days)
            values ('ofold', '建设银行', 'WeChat', 'AtLeastDue', '23:30', 'Gbk', 7)
            """))
            await old.ExecuteNonQueryAsync();
        await using (var script = payments.Running.Source.CreateCommand(await File.ReadAllTextAsync(Path.Combine(
            Backend.Root, "services/Payments/migrations/0004-partners-have-streams.sql"))))
            await script.ExecuteNonQueryAsync();

        using var same = await payments.Http.PutAsJsonAsync("/partners/ofold", new
        {
            name = "建设银行", channel = "WeChat", amountRule = "AT_LEAST_DUE", dayCut = "23:30:00", encoding = "GBK",
            lateDays = 7,
        });
        same.StatusCode.Should().Be(HttpStatusCode.OK, "nothing of it is new, so nobody has to approve it");
    }

    [Theory]
    [InlineData("23:30:00.0000001", 31)]
    [InlineData("23:59:59.9999999", 31)]
    [InlineData("23:30:00", -1)]
    [InlineData("23:30:00", 401)]
    public async Task A_cut_or_a_delay_that_cannot_be_kept_is_refused(string dayCut, int lateDays)
    {
        using var answer = await payments.Http.PutAsJsonAsync("/partners/never", new
        {
            name = "建设银行", channel = "Bank", amountRule = "EXACT", dayCut, lateDays,
        });
        (await answer.Code()).Should().Be("partner-malformed");
    }

    [Theory, InlineData("ic-bc", "x"), InlineData("ICBC", "x"), InlineData("icbc", "")]
    public async Task A_malformed_partner_is_refused(string code, string name)
    {
        using var answer = await payments.Http.PutAsJsonAsync(
            $"/partners/{code}", new { name, channel = "Bank", amountRule = "EXACT", dayCut = "23:30:00" });
        (await answer.Code()).Should().Be("partner-malformed");
    }
}
