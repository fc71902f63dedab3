using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts.Invoicing;
using Billing.Contracts.Tariff;
using MassTransit;
using static Billing.Invoicing.Tests.Facts;
using static Billing.Invoicing.Tests.InvoicingService;

namespace Billing.Invoicing.Tests;

public sealed partial class BillingRunTests
{
    [Fact]
    public async Task An_invoice_is_explained_credited_and_stated()
    {
        await invoicing.Accounts([Account(1)]);
        await invoicing.Import(OctoberOf(1, 241m));
        await invoicing.Drafted("one");
        await invoicing.Posted("one");
        const string path = "/invoices/E202510-00000001";
        var why = await invoicing.Get($"{path}/explain");
        why.Texts("lines", "formula").Should().Equal("240 kWh × 0.4883 = 117.19", "1 kWh × 0.5383 = 0.54");
        why.GetProperty("plan").GetProperty("legalDocument").GetString().Should().NotBeEmpty();
        why.Texts("readings", "event").Should().Equal(
            await invoicing.Events.Since<ReadingAccepted>().Select(e => $"{e.Id}").ToListAsync());

        async Task<HttpResponseMessage> Credit(string note, long fen) =>
            await invoicing.Http.PutAsJsonAsync(
                $"{path}/credits/{note}", new { amount = new { fen }, reason = "抄表差错" });
        (await Credit("C1", 100_00)).StatusCode.Should().Be(HttpStatusCode.Created);
        (await Credit("C1", 100_00)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await (await Credit("C2", 17_74)).Code()).Should().Be("credit-more-than-left");
        var invoice = await invoicing.Get(path);
        (invoice.Fen("left"), invoice.GetProperty("credits").GetArrayLength()).Should().Be((17_73, 1));
        // 117.73 is 104.19 + 13.54; of it 100.00 is 88.50 + 11.50, so that 15.69 + 2.04 is left.
        (invoice.Fen("leftNet"), invoice.Fen("leftTax")).Should().Be((15_69, 2_04));
        why = await invoicing.Get($"{path}/explain");
        (why.Fen("left"), why.Fen("leftNet"), why.Fen("leftTax")).Should().Be((17_73, 15_69, 2_04));
        (why.GetProperty("credits")[0].Fen("net"), why.GetProperty("credits")[0].Fen("tax")).Should()
            .Be((88_50, 11_50));
        (await invoicing.Get($"/accounts/{No(1)}/statement")).Fen("closing").Should().Be(17_73);
        var totals = await invoicing.Get("/totals");
        (totals.Fen("amount"), totals.Fen("credited"), totals.GetProperty("invoices").GetInt32()).Should()
            .Be((117_73, 100_00, 1));
        (totals.Fen("creditedNet"), totals.Fen("creditedTax"), totals.Fen("outputTax")).Should()
            .Be((88_50, 11_50, 2_04), "output tax falls with what was credited");
        (await invoicing.Http.GetAsync(new Uri("/invoices/E202510-00000009", UriKind.Relative)))
            .StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_withdrawn_version_is_not_used()
    {
        await invoicing.Accounts([Account(1, plan: "withdrawn-plan")]);
        await invoicing.Import(OctoberOf(1, 240m));
        using var document = JsonDocument.Parse(
            Plan(Beijing).Document.GetRawText()
                .Replace($"\"{Beijing}\"", "\"withdrawn-plan\"", StringComparison.Ordinal));
        var plan =
            Plan(Beijing) with { Plan = PlanCode.Parse("withdrawn-plan"), Document = document.RootElement.Clone() };
        await invoicing.Tell(new PlanWithdrawn(plan.Plan, 1, "错误", plan.Origin), plan);
        (await invoicing.Drafted("withdrawn")).Texts("exceptions", "code").Should().Equal("plan-missing");
    }

    [Fact]
    public async Task Everything_public_is_told()
    {
        var heard = new List<object>();
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(invoicing.Running.RabbitMq);
            rabbit.ReceiveEndpoint("ear", endpoint =>
            {
                endpoint.ConcurrentMessageLimit = 1;
                endpoint.Handler<InvoicesIssued>(context => Hear(context.Message.Items));
                endpoint.Handler<CreditsIssued>(context => Hear(context.Message.Items));
                endpoint.Handler<Contracts.Invoicing.RunPosted>(context => Hear([context.Message]));
            });
        });
        await bus.StartAsync();
        await invoicing.Accounts([Account(1), Account(2)]);
        await invoicing.Import([.. OctoberOf(1, 240m), .. OctoberOf(2, 241m)]);
        await invoicing.Drafted("told");
        await invoicing.Posted("told");
        (await invoicing.Http.PutAsJsonAsync(
            "/invoices/E202510-00000001/credits/T1",
            new { amount = new { fen = 5 }, reason = "差错" })).EnsureSuccessStatusCode();
        await Eventually.Holds(
            () => Task.FromResult(
                heard.OfType<Contracts.Invoicing.CreditIssued>().Any(credit =>
                    credit.CreditNote.Value == "T1" && (credit.Net, credit.Tax) == (new Money(4), new Money(1)))),
            "the credit is told, with its net and its tax");
        await bus.StopAsync();
        heard.OfType<Contracts.Invoicing.InvoiceIssued>()
            .Where(invoice => invoice.Origin.Sequence > 0 && invoice.IssuedOn == Day("2025-11-01"))
            .DistinctBy(invoice => invoice.Origin.EventId).Select(invoice => invoice.Amount.Fen)
            .Should().Contain([117_19, 117_73]);
        heard.OfType<Contracts.Invoicing.RunPosted>().Should().Contain(run => run.Run.Value == "told")
            .Which.Should().Match<Contracts.Invoicing.RunPosted>(run => run.Issued == 2 && run.Amount.Fen == 234_92);

        Task Hear(IEnumerable<object> items)
        {
            heard.AddRange(items);
            return Task.CompletedTask;
        }
    }

    [Theory, InlineData("/runs/nowhere"), InlineData("/runs/nowhere/exceptions"), InlineData("/runs/nowhere/manifest")]
    public async Task An_unknown_run_is_not_found(string path) =>
        (await invoicing.Http.GetAsync(new Uri(path, UriKind.Relative))).StatusCode.Should()
            .Be(HttpStatusCode.NotFound);

    [Fact]
    public async Task A_run_without_anybody_is_refused_and_leaves_nothing()
    {
        (await (await invoicing.Freeze("nobody")).Code()).Should().Be("run-cohort-empty");
        (await invoicing.Scalar<long>("select count(*) from pg_class where relname = 'draft_nobody'")).Should().Be(0);
    }
}
