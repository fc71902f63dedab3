using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Contracts.Collections;
using Billing.Contracts.Invoicing;
using Billing.Contracts.Payments;
using Billing.Platform;
using Billing.Testing;
using MassTransit;

namespace Billing.Collections.Tests;

/// <summary>The sweep over HTTP, its events on the account streams, and what the others hear of it.</summary>
public sealed class AssessArrearsApiTests(Books books) : IClassFixture<Books>
{
    private const string Zhang = "1000000001", Li = "1000000002";

    [Fact] public async Task An_account_whose_place_is_not_known_is_closed_to_whoever_sees_a_part()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/receivables/1000000077").With(
            TestTokens.Limited("zhang", ["东城区"], [], Right.ReadReceivables));
        using var answer = await books.Running.Http.SendAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden, "it may have an advance, and belong elsewhere");
    }

    [Fact] public async Task A_sweep_finds_each_change_once_and_tells_of_new_arrears()
    {
        var heard = new ConcurrentBag<AccountOverdue>();
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(books.Running.RabbitMq);
            rabbit.ReceiveEndpoint("listener", endpoint => endpoint.Handler<AccountsOverdue>(context =>
            {
                foreach (var item in context.Message.Items)
                    heard.Add(item);
                return Task.CompletedTask;
            }));
        });
        await bus.StartAsync();
        try
        {
            await books.Forget();
            var told = new Facts();
            await books.Tell(new InvoicesIssued([
                told.Invoice("A-1", Zhang, 10_000, "2026-10-20"), told.Invoice("B-1", Li, 20_000, "2026-10-25")]));

            (await Assess("2026-10-20")).Should().Be((0, 0), "on the due date nothing is overdue");
            (await Assess("2026-10-21")).Should().Be((1, 0));
            (await Assess("2026-10-21")).Should().Be((0, 0), "a repeated sweep finds nothing new");
            (await Assess("2026-10-26")).Should().Be((1, 0));
            (await Assess("2026-10-22")).Should().Be((0, 0), "an earlier day does not settle what a later one found");

            await books.Tell(new PaymentsReceived([told.Payment(Zhang, "2026-10-27", 0, ("A-1", 10_000))]));
            (await Assess("2026-10-27")).Should().Be((0, 1));
            await books.Tell(new PaymentsReversed([told.Reversal(Zhang, "2026-10-28", 0, ("A-1", -10_000))]));
            (await Assess("2026-10-28")).Should().Be((1, 0), "the next time counts anew");

            await Eventually.Is(3, () => Task.FromResult(heard.Count), "the number of arrears told");
            heard.OrderBy(item => item.AsOf)
                .Select(item => (item.Account.Value, item.AsOf, item.Since, item.Overdue.Fen))
                .Should().Equal(
                    (Zhang, Day.Of("2026-10-21"), Day.Of("2026-10-20"), 10_000),
                    (Li, Day.Of("2026-10-26"), Day.Of("2026-10-25"), 20_000),
                    (Zhang, Day.Of("2026-10-28"), Day.Of("2026-10-20"), 10_000));
            (await books.Running.Events.Count<AccountEvent>()).Should().Be(4);
        }
        finally
        {
            await bus.StopAsync();
        }
    }

    [Fact] public async Task What_is_due_on_the_day_itself_is_neither_overdue_nor_in_the_way_of_settling()
    {
        await books.Forget();
        var told = new Facts();
        await books.Tell(new InvoicesIssued([
            told.Invoice("A-1", Zhang, 10_000, "2026-10-20"), told.Invoice("A-2", Zhang, 5_000, "2026-10-21")]));

        (await Assess("2026-10-21")).Should().Be((1, 0));
        (await books.Running.Events.All<BecameOverdue>()).Select(e => e.Overdue.Fen).Should().Equal(10_000);

        await books.Tell(new PaymentsReceived([told.Payment(Zhang, "2026-10-21", 0, ("A-1", 10_000))]));
        (await Assess("2026-10-21")).Should().Be((0, 1));
        (await books.Scalar<bool>("select bool_or(overdue) from standing")).Should().BeFalse();
    }

    [Fact] public async Task A_day_that_has_not_come_cannot_be_swept()
    {
        var tomorrow = TimeProvider.System.Today().AddDays(1);
        var answer = await books.Http.PutAsync($"/sweeps/{tomorrow:yyyy-MM-dd}", null);
        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("sweep-in-future");
    }

    [Fact] public async Task Today_can_be_swept() =>
        (await books.Http.PutAsync($"/sweeps/{TimeProvider.System.Today():yyyy-MM-dd}", null))
            .StatusCode.Should().Be(HttpStatusCode.OK);

    private async Task<(int, int)> Assess(string asOf)
    {
        var answer = await books.Http.PutAsync($"/sweeps/{asOf}", null);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        var swept = await answer.Read<AssessedArrears>();
        swept.AsOf.Should().Be(Day.Of(asOf));
        return (swept.BecameOverdue, swept.ArrearsCleared);
    }
}
