using System.Net;
using Billing.Testing;
using FluentAssertions;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Billing.Platform.Tests;

/// <summary>Whoever looks sees that events are waiting and nobody reads them, and why.</summary>
public sealed class StandstillTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_service_that_cannot_read_on_is_ready_and_says_which_subscription_stands_and_why()
    {
        await using var running = await Running.Start(args =>
        {
            var service = BillingService.Create(args, "standing", typeof(StandstillTests).Assembly).Follow<Recorder>();
            service.Services.AddSingleton(services => new Standstill(
                services.GetRequiredService<Npgsql.NpgsqlDataSource>(),
                services.GetRequiredService<SubscriptionHost>()) { After = Soon });
            return service.Build();
        });
        await using var process = await Process.Start(running.Postgres);
        await process.Run(TestAccount.Schema + "create table seen (sequence bigint)");
        await process.PutIn("a", "s1");
        await Eventually.Is(1L, () => process.Ask<long>("select count(*) from seen"), "what was seen");
        (await Ready(running)).Should().Be((HttpStatusCode.OK, "Healthy"));

        await process.Run(Unknown);
        await process.PutIn("b", "s3");

        await Eventually.Holds(async () => (await Ready(running)).Text != "Healthy", "it says that it stands still");
        var (status, text) = await Ready(running);
        status.Should().Be(HttpStatusCode.OK, "it takes commands");
        text.Should().MatchRegex(
            @"^Degraded\nsubscriptions: Recorder:All has stood at 1 for \d+ s, 2 events behind: .*Unheard\.Of[^\n]*$");
        await process.Run("update mt_events set type = 'money-put-in.v1' where type = 'unheard-of.v1'");
        await Eventually.Is("Healthy", async () => (await Ready(running)).Text, "the readiness when it has read on");
    }

    [Fact]
    public async Task Who_does_not_lead_is_well_while_the_leader_goes_on_and_says_so_when_it_does_not()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        using var leader = await process.Follow(new Recorder());
        await Eventually.Holds(() => Task.FromResult(leader.Leads), "the first one leads");
        using var other = await process.Follow(new Recorder());
        for (var i = 0; i < 30; i++)
        {
            await process.PutIn("a", $"s{i}");
            (await Tell(process, other)).Status.Should().Be(HealthStatus.Healthy);
            await Eventually.Is(i + 1L, () => process.Ask<long>("select count(*) from seen"), "what was seen");
        }
        await process.Run(Unknown);

        await Eventually.Holds(
            async () => (await Tell(process, other)).Status == HealthStatus.Degraded, "the other one tells of it");

        other.Leads.Should().BeFalse();
        (await Tell(process, other)).Description.Should().EndWith("1 events behind: another process leads");
        (await Tell(process, leader)).Description.Should().Contain("Unheard.Of");
        await other.StopAsync(default);
        await leader.StopAsync(default);
    }

    [Fact]
    public async Task A_page_that_is_not_done_with_is_told_of_while_it_lasts()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1");
        var slow = new Recorder { Waits = true };
        using var host = await process.Follow(slow);

        await Eventually.Holds(
            async () => (await Tell(process, host)).Status == HealthStatus.Degraded, "it tells of the page");

        (await Tell(process, host)).Description.Should().MatchRegex(
            "^Recorder:All has stood at 0 for [0-9]+ s, 1 events behind: nothing failed$");
        await host.StopAsync(default);
    }

    [Fact]
    public async Task A_progress_beyond_all_numbers_is_told_of_though_nothing_waits()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        await process.PutIn("a", "s1");
        using var host = await process.Follow(new Recorder());
        await Eventually.Is(1L, () => process.Ask<long>("select count(*) from seen"), "what was seen");

        await process.Run("update mt_event_progression set last_seq_id = 100");

        await Eventually.Holds(
            async () => (await Tell(process, host)).Status == HealthStatus.Degraded, "it tells of it");
        (await Tell(process, host)).Description.Should().StartWith("Recorder:All has stood at 100 for ")
            .And.Contain("beyond all events: ").And.Contain("was the database restored?");
        await host.StopAsync(default);
    }

    [Fact]
    public async Task Numbers_that_went_back_are_told_of_and_what_comes_then_is_read()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        using var host = await process.Follow(new Recorder());
        for (var i = 0; i < 5; i++)
            await process.PutIn("a", $"s{i}");
        await Eventually.Is(5L, () => process.Ask<long>("select count(*) from seen"), "what was seen");

        await process.Run("""
            delete from mt_events where version > 1; update mt_streams set version = 1;
            update mt_event_progression set last_seq_id = 1; select setval('mt_events_sequence', 1)
            """);
        await Eventually.Is(
            "The numbers of mt_events_sequence went back from 5 to 1: was the database restored?",
            () => Task.FromResult(host.Obstacles.Latest("Recorder:All", TimeSpan.FromMinutes(1))), "what it met");
        await process.PutIn("b", "another");

        await Eventually.Is(6L, () => process.Ask<long>("select count(*) from seen"), "what was seen in the end");
        (await Tell(process, host, TimeSpan.Zero)).Status.Should().Be(HealthStatus.Healthy);
        await host.StopAsync(default);
    }

    [Fact]
    public async Task What_waits_since_long_ago_is_given_time_when_a_process_begins_and_so_is_what_comes_after_a_rest()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1");
        await process.Run("""
            insert into mt_event_progression (name, last_seq_id, last_updated)
            values ('Recorder:All', 1, now() - interval '1 day')
            """);
        using var host = new SubscriptionHost(
            process.Readers, Process.Streams, process.Signal, [new Recorder()], new LoggerFactory());
        var patience = TimeSpan.FromSeconds(5);
        await Eventually.Holds(() => Task.FromResult(host.Age > patience), "the process runs for a while");

        await process.PutIn("a", "s2");
        (await Tell(process, host, TimeSpan.Zero)).Status.Should().Be(HealthStatus.Degraded, "an event waits");
        (await Tell(process, host, patience)).Status.Should().Be(HealthStatus.Healthy, "it has only just come");

        await process.Run("update mt_events set timestamp = now() - interval '1 day'");
        (await Tell(process, host, patience)).Status.Should().Be(HealthStatus.Degraded, "it waits for a day");
        using var young = new SubscriptionHost(
            process.Readers, Process.Streams, process.Signal, [new Recorder()], new LoggerFactory());
        (await Tell(process, young, patience)).Status.Should().Be(
            HealthStatus.Healthy, "this process has only just begun");
    }

    [Fact]
    public void An_obstacle_is_logged_when_it_is_new_and_then_once_a_minute()
    {
        var (clock, log) = (new Clock(), new LogBook());
        var obstacles = new Obstacles(clock, log);

        for (var second = 0; second < 130; second++, clock.Seconds++)
            obstacles.Meet("Relay:All", new IOException(second < 125 ? "no broker" : "no queue"));

        log.Lines.Should().Equal(
            "Relay:All cannot go on: no broker with System.IO.IOException",
            "Relay:All cannot go on: no broker", "Relay:All cannot go on: no broker",
            "Relay:All cannot go on: no queue with System.IO.IOException");
        obstacles.Latest("Relay:All", TimeSpan.FromSeconds(5)).Should().Be("no queue");
        clock.Seconds += 10;
        obstacles.Latest("Relay:All", TimeSpan.FromSeconds(5)).Should().BeNull("it is over");
        obstacles.Meet(Obstacles.All, new IOException("no database"));
        obstacles.Latest("Relay:All", TimeSpan.FromSeconds(20)).Should().Be("no database", "that keeps all of them");
    }

    private const string Unknown = """
        with moved as (update mt_streams set version = version + 1 where id = 'purse-a' returning id, version)
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type)
        select nextval('mt_events_sequence'), gen_random_uuid(), id, version, '{"slip":"x","fen":1}', 'unheard-of.v1',
          now(), 'Unheard.Of, Nobody'
        from moved
        """;

    private static async Task<(HttpStatusCode Status, string Text)> Ready(Running running)
    {
        var answer = await running.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static Task<HealthCheckResult> Tell(Process process, SubscriptionHost host, TimeSpan? after = null) =>
        new Standstill(process.Source, host) { After = after ?? Soon }.CheckHealthAsync(new());

    private sealed class Recorder() : Subscription("Recorder")
    {
        public bool Waits { get; init; }

        protected override async Task Handle(
            IReadOnlyList<StoredEvent> events, IDocumentOperations page, CancellationToken stopping)
        {
            if (Waits)
                await new TaskCompletionSource().Task.WaitAsync(stopping);
            page.QueueSqlCommand(
                "insert into seen select unnest(?::bigint[])", events.Select(e => e.Sequence).ToArray());
        }
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }

    private sealed class LogBook : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception) + (exception is null ? "" : $" with {exception.GetType()}"));
    }
}
