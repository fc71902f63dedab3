using System.Net;
using System.Net.Http.Json;
using Billing.Rebuilding;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

public sealed partial class LateSwapTests
{
    private async Task Taken(params string[] lines)
    {
        var answer = await invoicing.Import(lines.Select(line => $"{No(1)},{line},,"));
        answer.Texts("refused", "message").Should().BeEmpty();
        answer.GetProperty("accepted").GetInt32().Should().Be(lines.Length);
    }

    private async Task Withdrawn(string meter, string day) =>
        (await Withdraw(meter, day)).Should().Be((HttpStatusCode.Created, ""));

    private Task<(HttpStatusCode Status, string Code)> Withdraw(string meter, string day) =>
        Send($"W{++_withdrawals}", meter, day, "抄错表号");

    private async Task<(HttpStatusCode Status, string Code)> Send(
        string number, string meter, string day, string reason, string? token = null)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Put,
            new Uri($"/accounts/{No(1)}/readings/{meter}/{day}/withdrawals/{number}", UriKind.Relative))
        {
            Content = JsonContent.Create(new { reason }),
        };
        using var response = await invoicing.Http.SendAsync(request.With(token ?? TestTokens.Of("zhang")));
        return (response.StatusCode, response.IsSuccessStatusCode ? "" : await response.Code());
    }

    private async Task Credited(string invoice, long fen) =>
        (await invoicing.Http.PutAsJsonAsync(
            $"/invoices/{invoice}/credits/N1", new { amount = new { fen }, reason = "换表漏报" }))
        .EnsureSuccessStatusCode();

    private async Task Redrafted(string run)
    {
        (await invoicing.Post($"/runs/{run}/redraft")).EnsureSuccessStatusCode();
        await invoicing.Until(run, "drafted");
    }

    private async Task RebuiltAlike()
    {
        const string rows = "select string_agg(r::text, e'\n' order by r::text) from reading r";
        var before = await invoicing.Scalar<string>(rows);
        await Rebuild.Run(invoicing.Running.Source, Invoicing.Account.Streams);
        (await invoicing.Scalar<string>(rows)).Should().Be(before);
    }

    private async Task<decimal?> YearToDate(string period)
    {
        await using var connection = await invoicing.Running.Source.OpenConnectionAsync();
        return (await BillingBasis.Read(
            connection, [No(1).Value], Utility.Electricity, BillingPeriod.Parse(period), true, default))
            .Single().YearToDateKwh;
    }

    private Task<List<(string Code, long? Fen)>> Exceptions(string run) => invoicing.Query<(string, long?)>(
        $"select code, amount_fen from run_exception where run = '{run}' and state = 'open'");

    private Task<string> Message(string run) =>
        invoicing.Scalar<string>($"select message from run_exception where run = '{run}' and state = 'open'");

    private async Task<List<(long Kwh, string Meter)>> Billed(string invoice = "E202510-00000001") =>
        (await invoicing.Get($"/invoices/{invoice}")).GetProperty("invoice").GetProperty("usage").EnumerateArray()
        .Select(used => (used.GetProperty("kwh").GetInt64(), used.GetProperty("meter").GetString()!)).ToList();
}
