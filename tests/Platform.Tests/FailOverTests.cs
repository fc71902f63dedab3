using System.Net;
using Billing.Contracts;
using Billing.Testing;
using FluentAssertions;
using Marten;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>
/// After a fail-over the server that answers may still be read-only, and connections to it stay so (SQLSTATE 25006).
/// Nothing is lost over it, nobody is told that all is well, and when a server takes writes again everything goes on.
/// </summary>
public sealed class FailOverTests
{
    [Fact]
    public async Task A_command_waits_out_a_moment_of_read_only()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1");
        await ReadOnly(process.Connection, true);

        var waiting = process.PutIn("a", "s2", 5);
        await FluentActions.Awaiting(() => process.Run("insert into readiness (instance) values ('x')")).Should()
            .ThrowAsync<PostgresException>("nothing can be written now");
        waiting.IsCompleted.Should().BeFalse("it waits");
        await ReadOnly(process.Connection, false);

        (await waiting).State.Fen.Should().Be(6);
    }

    /// <summary>What the driver says then is another fault than with one host.</summary>
    [Fact]
    public async Task Of_two_hosts_none_that_takes_writes_is_a_database_that_is_away()
    {
        var postgres = new NpgsqlConnectionStringBuilder(await Backend.NewDatabase());
        var alone = postgres.ConnectionString;
        postgres.Host = $"{postgres.Host}:{postgres.Port},127.0.0.1:1";
        await ReadOnly(alone, true);

        foreach (var hosts in new[] { postgres.ConnectionString, "Host=127.0.0.1:1,127.0.0.1:2;Username=a;Database=b" })
        {
            await using var source = Database.Source(hosts, "test");
            (await FluentActions.Awaiting(() => source.OpenConnectionAsync().AsTask()).Should()
                .ThrowAsync<NpgsqlException>()).Which.Should().Match<NpgsqlException>(fault => Faults.IsAway(fault));
        }
    }

    [Fact]
    public async Task A_message_waits_until_the_database_takes_writes_again_and_is_not_put_aside()
    {
        await using var receiver = await Receiver();
        var bus = receiver.App.Services.GetRequiredService<IBus>();
        await ReadOnly(receiver.Postgres, true);

        await bus.Publish(new PutInFacts([new("s1", 1, new Origin(Guid.Empty, 1, 1, DateTimeOffset.UnixEpoch))]));
        await Eventually.Is(
            HttpStatusCode.ServiceUnavailable, () => Ready(receiver), "the readiness of a service that cannot write");
        await ReadOnly(receiver.Postgres, false);

        await Eventually.Is(1L, async () => await Count(receiver, "effect"), "the number of effects");
        await Eventually.Is(HttpStatusCode.OK, () => Ready(receiver), "the readiness when it can write again");
        var factory = new RabbitMQ.Client.ConnectionFactory { Uri = receiver.RabbitMq };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        (await channel.QueueDeclareAsync("receiver.on-put-in_error", true, false, false)).MessageCount.Should().Be(0);
    }

    [Fact]
    public async Task While_the_database_is_away_for_long_messages_wait_in_their_queue()
    {
        await using var receiver = await Receiver();
        var bus = receiver.App.Services.GetRequiredService<IBus>();
        await using var broker = await new RabbitMQ.Client.ConnectionFactory { Uri = receiver.RabbitMq }
            .CreateConnectionAsync();
        await using var channel = await broker.CreateChannelAsync();
        async Task<(uint Consumers, uint Messages)> Queue(string name)
        {
            var queue = await channel.QueueDeclarePassiveAsync(name);
            return (queue.ConsumerCount, queue.MessageCount);
        }
        await ReadOnly(receiver.Postgres, true);

        for (var n = 0; n < 10; n++)
            await bus.Publish(new PutInFacts([new($"s{n}", 1, new(Guid.Empty, 1, 1, DateTimeOffset.UnixEpoch))]));
        await Eventually.Is(
            (0u, 10u), () => Queue("receiver.on-put-in"), "who takes of the queue, and what waits in it, unheld");
        await ReadOnly(receiver.Postgres, false);

        await Eventually.Is(10L, async () => await Count(receiver, "effect"), "the number of effects");
        (await Queue("receiver.on-put-in")).Should().Be((1u, 0u));
        (await channel.QueueDeclareAsync("receiver.on-put-in_error", true, false, false)).MessageCount.Should().Be(0);
    }

    [Theory]
    [InlineData("57P01", true)]
    [InlineData("3D000", true)]
    [InlineData("53100", true)]
    [InlineData("53300", true)]
    [InlineData("25006", true)]
    [InlineData("08006", true)]
    [InlineData("58030", true)]
    [InlineData("40P01", false)]
    [InlineData("55P03", false)]
    public void What_passes_by_itself_is_known(string state, bool nobodyCanWrite)
    {
        var fault = new PostgresException("no", "ERROR", "ERROR", state);

        Faults.IsTransient(fault).Should().BeTrue();
        Faults.IsAway(fault).Should().Be(nobodyCanWrite);
        Faults.IsTransient(new PostgresException("no", "ERROR", "ERROR", "23505")).Should().BeFalse();
    }

    [Fact]
    public async Task A_request_is_told_to_come_again_while_the_database_is_read_only()
    {
        await using var service = await Running.Start(args =>
        {
            var app = BillingService.Create(args, "write", typeof(FailOverTests).Assembly).Build();
            app.MapPut("/write", async (NpgsqlDataSource source) =>
            {
                await using var command = source.CreateCommand("insert into readiness (instance) values ('x')");
                return await command.ExecuteNonQueryAsync();
            }).RequireRight(Right.ReadFigures);
            return app;
        });
        await ReadOnly(service.Postgres, true);

        var refused = await service.Http.PutAsync(new Uri("/write", UriKind.Relative), null);
        await ReadOnly(service.Postgres, false);
        var taken = await service.Http.PutAsync(new Uri("/write", UriKind.Relative), null);

        refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter.Should().NotBeNull();
        taken.StatusCode.Should().Be(HttpStatusCode.OK, "the connection to the read-only server is not used again");
    }

    [Fact]
    public async Task A_subscription_waits_until_the_database_takes_writes_again_and_goes_on_by_itself()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        using var host = await process.Follow(new Recorder());
        await Eventually.Holds(() => Task.FromResult(host.Leads), "it leads");
        await ReadOnly(process.Connection, true);
        await Eventually.Holds(
            () => Task.FromResult(
                host.Obstacles.Latest(Obstacles.All, TimeSpan.FromMinutes(1))?.Contains("read-only") == true),
            "it has met a server that is read-only");

        await ReadOnly(process.Connection, false);
        await process.PutIn("a", "s1");

        await Eventually.Is(1L, () => process.Ask<long>("select count(*) from seen"), "what was seen");
        await host.StopAsync(default);
    }

    /// <summary>Sessions begin as the database says, and those that are open are cut as a fail-over would.</summary>
    private static async Task ReadOnly(string connection, bool readOnly)
    {
        var database = new NpgsqlConnectionStringBuilder(connection).Database;
        await using var admin = new NpgsqlConnection(Backend.Admin);
        await admin.OpenAsync();
        await using var set = new NpgsqlCommand(
            $"alter database {database} set default_transaction_read_only = {(readOnly ? "on" : "off")}", admin);
        await set.ExecuteNonQueryAsync();
        if (!readOnly)
            return;
        await using var cut = new NpgsqlCommand(
            $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database}'", admin);
        await cut.ExecuteNonQueryAsync();
    }

    private static async Task<Running> Receiver()
    {
        var postgres = await Backend.NewDatabase();
        await using (var source = NpgsqlDataSource.Create(postgres))
        await using (var create = source.CreateCommand(
            "create table effect (slip text primary key, times integer not null default 1, trace text)"))
            await create.ExecuteNonQueryAsync();
        return await Running.Start(
            args => BillingService.Create(args, "receiver", typeof(FailOverTests).Assembly).Consume<OnPutIn>().Build(),
            null, postgres);
    }

    private static async Task<HttpStatusCode> Ready(Running running) =>
        (await running.Http.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode;

    private static async Task<long> Count(Running running, string table)
    {
        await using var source = NpgsqlDataSource.Create(running.Postgres);
        await using var command = source.CreateCommand($"select count(*) from {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private sealed class Recorder() : Subscription("Recorder")
    {
        protected override Task Handle(
            IReadOnlyList<StoredEvent> events, IDocumentOperations page, CancellationToken stopping)
        {
            page.QueueSqlCommand(
                "insert into seen select unnest(?::bigint[])", events.Select(e => e.Sequence).ToArray());
            return Task.CompletedTask;
        }
    }
}
