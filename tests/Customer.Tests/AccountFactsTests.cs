using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts;
using Billing.Customers.Tests.Doors;
using Billing.Platform;
using Billing.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Customers.Tests;

/// <summary>A public fact about an account reaches its timeline by what it is.</summary>
public sealed class AccountFactsTests
{
    [Fact]
    public async Task A_new_public_fact_is_on_the_timeline_with_nothing_entered_anywhere()
    {
        await using var service = await Running.Start(
            args => Program.Build(args, Inbound.From(typeof(DoorsKnocked).Assembly)),
            postgres: await Backend.NewDatabase(typeof(Program).Assembly));
        var bus = service.App.Services.GetRequiredService<IBus>();
        var day = new DateOnly(2026, 10, 31);
        // To the queue by its name, as a service of before would have filled it.
        await (await bus.GetSendEndpoint(new("exchange:customer.on-doors-knocked"))).Send(new DoorsKnocked(
            [new(Given.Number, day, new(50), "rain", new(700), ServiceFixture.At(1)),
                new(AccountNo.Parse("1000000002"), day, new(60), "snow", new(800), ServiceFixture.At(1))]));
        await bus.Publish(new BellMended(Given.Number, ServiceFixture.At(2), new(120_00), "li"));
        await bus.Publish(new BellMended(Given.Number, ServiceFixture.At(3), null));

        var timeline = new Uri($"accounts/{Given.Number}/timeline", UriKind.Relative);
        List<string> seen = [];
        await Eventually.Holds(
            async () =>
            {
                using var answer = await service.Http.GetAsync(timeline);
                if (!answer.IsSuccessStatusCode)
                    return false;
                seen = [.. (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("entries")
                    .EnumerateArray().Select(entry => $"{entry.GetProperty("source")} {entry.GetProperty("kind")} "
                        + $"{entry.GetProperty("amountFen").GetRawText()} {entry.GetProperty("detail").GetRawText()}")];
                return seen.Count == 3;
            },
            "three facts are on the timeline");

        seen.Should().Equal(
            """doors door-knocked -50 {"amount":{"fen":700},"knockedOn":"2026-10-31"}""",
            """doors bell-mended 12000 {"by":"li"}""",
            """doors bell-mended null {"by":null}""");
        await using var names = service.Source.CreateCommand(
            "select string_agg(distinct consumer, ' ' order by consumer) from inbox");
        (await names.ExecuteScalarAsync()).Should().Be("OnBellMended OnDoorsKnocked");
    }

    [Fact]
    public void What_tells_of_no_account_is_not_heard() => AccountFacts.In(typeof(DoorsKnocked).Assembly, new())
        .Should().BeEquivalentTo(
            [(typeof(DoorsKnocked), typeof(DoorKnocked)), (typeof(BellMended), typeof(BellMended))]);

    [Fact]
    public void What_we_say_ourselves_is_not_heard()
    {
        var own = new OutboundMap().Single<BellMended, BellMended>((told, _) => told);

        AccountFacts.In(typeof(DoorsKnocked).Assembly, own).Should().Equal((typeof(DoorsKnocked), typeof(DoorKnocked)));
        AccountFacts.In(typeof(AccountNo).Assembly, Outbound.Map).Select(told => told.Message)
            .Should().NotBeEmpty().And.NotContain(typeof(Contracts.Customer.AccountsChanged));
    }
}
