using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Billing.Platform;
using Billing.Testing;
using FluentAssertions;
using RabbitMQ.Client;

namespace Billing.Journeys.Tests;

/// <summary>
/// Whatever breaks, and whenever: afterwards nobody is billed twice, nobody is forgotten, and all books agree to the
/// fen.
/// </summary>
[Collection(nameof(City))]
public sealed class FaultTests(City city)
{
    private readonly Random _moments = new(20261121);

    /// <summary>The epoch of whoever reads the events for the others; the audit trail has a lease of its own.</summary>
    private const string Reader = "select epoch from lease where name <> 'audit-trail'";

    [Fact]
    public async Task Workers_killed_while_drafting_and_posting_cost_nothing_but_time()
    {
        using var worker = city.New("Invoicing", ("Billing__Role", "worker"));
        worker.Start();
        await worker.Ready();

        var run = await city.StartRun();
        await KillAt(run, drafted: true, worker);
        await city.Reaches(run, "drafted");
        await city.Post(run);
        await KillAt(run, drafted: false, worker);

        await city.Reaches(run, "posted");
        await city.IsInBalance(run);
    }

    [Fact]
    public async Task A_broker_that_restarts_during_a_run_and_a_storm_of_payments_loses_nothing()
    {
        var run = await city.StartRun();
        await Backend.Servers("restart", Backend.Instance, "rabbitmq");
        await city.Reaches(run, "drafted");
        await city.Post(run);
        await city.Reaches(run, "posted");
        await Known();
        var storm = city.Call("partner-load", "--payments", "1500", "--connections", "16", "--query");
        await Backend.Servers("restart", Backend.Instance, "rabbitmq");
        var (_, output) = await storm;

        output.Should().Contain("\"errors\":0", "payments do not need the broker");
        await city.IsInBalance(run);
    }

    [Fact]
    public async Task A_database_that_restarts_during_a_run_and_a_storm_of_payments_loses_nothing()
    {
        var run = await city.StartRun();
        await Backend.Servers("restart", Backend.Instance, "postgres");
        await city.Reaches(run, "drafted");
        await city.Post(run);
        var storm = city.Call("partner-load", "--payments", "1500", "--connections", "16", "--query");
        await Backend.Servers("kill", Backend.Instance, "postgres");
        await Backend.Servers("start", Backend.Instance);
        await storm;

        await city.Reaches(run, "posted");
        await city.IsInBalance(run);
    }

    [Fact]
    public async Task Everything_published_again_changes_nothing()
    {
        var run = await city.StartRun();
        await city.Reaches(run, "drafted");
        await city.Post(run);
        await city.Reaches(run, "posted");
        await city.Call("partner-load", "--payments", "500", "--connections", "16", "--query");
        await city.IsInBalance(run);

        foreach (var service in new[] { "Customer", "Tariff", "Invoicing", "Payments", "Collections" })
        {
            await city.Ask(
                service, $"update {EventTables.Progress} set last_seq_id = 0 where name = '{EventTables.Relay}'");
            // Other packs of the same facts: the inbox would recognise the very same ones.
            await city.Ask(service, "delete from inbox where consumer <> 'none'");
        }
        await city.IsInBalance(run);
    }

    [Fact]
    public async Task Two_relays_and_two_payment_services_at_once_do_everything_once()
    {
        using var second = city.New("Payments");
        using var third = city.New("Invoicing");
        second.Start();
        third.Start();
        await second.Ready();
        await third.Ready();

        var run = await city.StartRun();
        await city.Reaches(run, "drafted");
        await city.Post(run);
        await city.Reaches(run, "posted");
        await Known();
        await city.Services["Payments"].Kill();
        city.Services["Payments"].Start();
        await city.Services["Payments"].Ready();

        await city.IsInBalance(run);
    }

    [Fact]
    public async Task A_leader_that_hangs_has_lost_its_lease_within_five_seconds_and_doubles_nothing_when_it_wakes_up()
    {
        using var second = city.New("Payments");
        second.Start();
        await second.Ready();
        var first = city.Services["Payments"];
        var leads = await city.Ask(
            "Payments",
            $"{Reader.Replace("epoch", "count(*)", StringComparison.Ordinal)} and holder like '%-{first.Id}-%'") == 1;
        var (leader, other) = leads ? (first, second) : (second, first);
        var epoch = await city.Ask("Payments", Reader);

        await leader.Hang();
        try
        {
            // How soon the other one is there is the machine's; when it may be is the lease's.
            var left = Reader.Replace(
                "epoch", "ceil(extract(epoch from until - clock_timestamp()))::bigint", StringComparison.Ordinal);
            (await city.Ask("Payments", left)).Should().BeLessThan(5);
            var day = TimeProvider.System.Today().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
            var terms = new { name = "停", channel = "Bank", amountRule = "ANY", dayCut = "00:00:00" };
            (await other.Http.Agree(HttpMethod.Put, "/partners/hang", terms)).EnsureSuccessStatusCode();
            (await other.Http.PutAsJsonAsync(
                new Uri($"/partners/hang/payments/{day}/H1", UriKind.Relative),
                new { account = "1000000001", amount = new { fen = 100 } })).EnsureSuccessStatusCode();
            await city.Published("Payments");
            (await city.Ask("Payments", Reader)).Should().BeGreaterThan(epoch);
        }
        finally
        {
            await leader.WakeUp();
        }
        await city.Call("partner-load", "--payments", "300", "--connections", "8", "--query");
        await city.IsInBalance();
    }

    [Fact]
    public async Task The_same_run_started_twice_and_another_run_of_the_same_season_bill_once()
    {
        var run = await city.StartRun();
        var season = int.Parse(run[..4], System.Globalization.CultureInfo.InvariantCulture);

        var answers = await Task.WhenAll(
            city.Put("Invoicing", $"/runs/{run}", City.Order(season)),
            city.Put("Invoicing", $"/runs/{run}", City.Order(season)),
            city.Put("Invoicing", $"/runs/{season}-heat-again", City.Order(season)));
        answers.Take(2).Should().OnlyContain(answer => answer.StatusCode == HttpStatusCode.OK);
        string[] runs = answers[2].IsSuccessStatusCode ? [run, $"{season}-heat-again"] : [run];
        foreach (var one in runs)
            await city.Reaches(one, "drafted");
        await Task.WhenAll(runs.SelectMany(one => new[] { city.Post(one), city.Post(one) }));
        foreach (var one in runs)
            await city.Reaches(one, "posted");

        (await city.Ask("Invoicing", $"""
            select count(*) - count(distinct account_no) from invoice
            where utility = 'Heat' and period = '{season}-{season + 1}'
            """)).Should().Be(0);
        await city.IsInBalance(run);
    }

    [Fact]
    public async Task A_poison_message_holds_nobody_up_and_can_be_sent_again()
    {
        const string queue = "payments.on-invoices-issued";
        await Publish(queue, "{ this is no message");

        var run = await city.StartRun();
        await city.Reaches(run, "drafted");
        await city.Post(run);
        await city.Reaches(run, "posted");
        await city.IsInBalance(run);

        await Eventually.Holds(
            async () => (await city.Call("redrive", "--list")).Output.Contains(queue, StringComparison.Ordinal),
            "the poison message is visible");
        var (code, output) = await city.Call("redrive", queue);
        code.Should().Be(0, output);
        (await Broker.Take(city.RabbitMq, $"{queue}_error")).Body.Should().Be("{ this is no message");
    }

    private async Task KillAt(string run, bool drafted, ServiceProcess worker)
    {
        for (var kill = 0; kill < 2; kill++)
        {
            var at = _moments.Next(1, City.Accounts);
            await Eventually.Holds(
                async () =>
                {
                    var (state, draft, post) = await city.Progress(run);
                    return state == (drafted ? "drafted" : "posted") || (drafted ? draft : post) >= at / 2;
                },
                $"{run} is under way");
            var victim = kill == 0 ? worker : city.Services["Invoicing"];
            await victim.Kill();
            victim.Start();
            await victim.Ready();
        }
    }

    /// <summary>Waits until Payments knows every invoice, so that there is something to pay.</summary>
    private async Task Known()
    {
        var issued = await city.Ask("Invoicing", "select count(*) from invoice");
        await Eventually.Is(
            issued, () => city.Ask("Payments", "select count(*) from open_charge"),
            "the number of invoices in Payments");
    }

    private async Task Publish(string queue, string body)
    {
        var factory = new ConnectionFactory { Uri = city.RabbitMq };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync("", queue, mandatory: true, System.Text.Encoding.UTF8.GetBytes(body));
    }
}
