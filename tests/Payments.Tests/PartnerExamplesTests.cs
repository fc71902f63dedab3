using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Contracts.Customer;
using Billing.Contracts.Invoicing;
using Billing.Platform;

namespace Billing.Payments.Tests;

/// <summary>What the OpenAPI document shows to partners is what happens when they do it.</summary>
public sealed class PartnerExamplesTests(PaymentsService payments) : IClassFixture<PaymentsService>
{
    private const string Day = "20261103";
    private const string Account = "1000000001";

    [Fact]
    public async Task The_examples_are_one_day_of_a_partner()
    {
        using var then = payments.Later(new DateOnly(2026, 11, 3).DayNumber - PaymentsService.Today.DayNumber);
        await payments.Tell(new AccountsChanged([Facts.Changed(Account, "李*英")]));
        await payments.Tell(new InvoicesIssued([Facts.Issued(
            "E202610-00000012", 110_84, due: "2026-11-16", account: Account)]));

        await Answers(payments.Http.GetAsync($"/partners/icbc/bills/{Account}"), PartnerExamples.Bill);
        await Answers(Put($"payments/{Day}/0042", PartnerExamples.Payment), PartnerExamples.Receipt);
        using var second = await payments.Pay(Account, "0043", 50_00, day: Day);
        await Answers(Put($"payments/{Day}/0043/reversal", PartnerExamples.Reversal), PartnerExamples.ReversalReceipt);
        using var dayAfter = payments.Later(1);
        await Answers(payments.SendFileNow(PartnerExamples.File, "icbc", Day), PartnerExamples.ReconciledDay);
        await Answers(
            payments.Http.GetAsync($"/partners/icbc/days/{Day}/reconciliation"), PartnerExamples.ReconciledDay);
    }

    private Task<HttpResponseMessage> Put<T>(string path, T body) =>
        payments.Http.PutAsJsonAsync($"/partners/icbc/{path}", body, Wire.Strict);

    private static async Task Answers<T>(Task<HttpResponseMessage> asked, T example)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync();
        JsonNode.DeepEquals(JsonNode.Parse(text), JsonSerializer.SerializeToNode(example, Wire.Strict))
            .Should().BeTrue(text);
    }
}
