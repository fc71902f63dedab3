using Billing.Testing;
using FluentAssertions;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>A statement that takes longer than it may is not a database that is away.</summary>
public sealed class OverdueStatementTests
{
    [Fact]
    public async Task A_statement_that_takes_too_long_is_told_from_a_database_that_is_away()
    {
        await using var source = Database.Source(await Backend.NewDatabase(), "test");
        await using var connection = await source.OpenConnectionAsync();

        var fault = (await FluentActions.Awaiting(() => Overdue(connection).ExecuteNonQueryAsync()).Should()
            .ThrowAsync<NpgsqlException>()).Which;

        (Faults.IsOverdue(fault), Faults.IsAway(fault), Faults.IsTransient(fault)).Should().Be((true, false, false));
        Faults.IsOverdue(new PostgresException("no", "ERROR", "ERROR", "57014")).Should().BeTrue();
        await using var nobody = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=a;Database=b;Timeout=1");
        var away = (await FluentActions.Awaiting(() => nobody.OpenConnectionAsync().AsTask()).Should()
            .ThrowAsync<NpgsqlException>()).Which;
        (Faults.IsOverdue(away), Faults.IsAway(away)).Should().Be((false, true));
    }

    [Fact]
    public async Task A_message_whose_statement_takes_too_long_goes_aside_with_its_reason_and_the_others_go_on()
    {
        await using var receiver = await Receiver();
        var bus = receiver.App.Services.GetRequiredService<IBus>();

        await bus.Publish(Fact("slow"));
        await bus.Publish(Fact("quick"));

        var aside = await Broker.Take(receiver.RabbitMq, "receiver.on-slow_error");
        aside.Reason.Should().Contain("Timeout");
        await Eventually.Is(1L, () => Effects(receiver), "the number of messages that had their effect");
        await bus.Publish(Fact("quick"));
        await Eventually.Is(2L, () => Effects(receiver), "it takes messages still");
    }

    [Fact]
    public async Task A_message_waits_when_the_database_takes_nothing_else_either()
    {
        await using var receiver = await Receiver();
        var bus = receiver.App.Services.GetRequiredService<IBus>();

        await bus.Publish(Fact("slow and nothing else"));
        await using var broker = await new RabbitMQ.Client.ConnectionFactory { Uri = receiver.RabbitMq }
            .CreateConnectionAsync();
        await using var channel = await broker.CreateChannelAsync();
        await Eventually.Holds(
            async () => await channel.ConsumerCountAsync("receiver.on-slow") == 0
                && await channel.MessageCountAsync("receiver.on-slow") == 1,
            "the message waits in its queue, and nobody takes of it");
        OnSlow.NothingElseGoes = false;
        await OnSlow.ReadOnly(receiver.Postgres, false);

        await Eventually.Is(1L, () => Effects(receiver), "the number of messages that had their effect");
        (await channel.QueueDeclareAsync("receiver.on-slow_error", true, false, false)).MessageCount.Should().Be(0);
    }

    internal static NpgsqlCommand Overdue(NpgsqlConnection connection) =>
        new("select pg_sleep(20)", connection) { CommandTimeout = 1 };

    private static PutInFacts Fact(string slip) =>
        new([new(slip, 1, new(Guid.Empty, 1, 1, DateTimeOffset.UnixEpoch))]);

    private static Task<Running> Receiver() => Running.Start(args =>
        BillingService.Create(args, "receiver", typeof(OverdueStatementTests).Assembly).Consume<OnSlow>().Build());

    private static async Task<long> Effects(Running running)
    {
        await using var source = NpgsqlDataSource.Create(running.Postgres);
        await using var command = source.CreateCommand("select count(*) from inbox");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

/// <summary>Takes too long over slow messages.</summary>
public sealed class OnSlow(NpgsqlDataSource source) : Consumer<PutInFacts>(source)
{
    private readonly NpgsqlDataSource _source = source;

    /// <summary>Whether, by then, nobody can write either.</summary>
    public static bool NothingElseGoes { get; set; } = true;

    protected override async Task<int> Apply(
        PutInFacts message, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var slip = message.Items[0].Slip;
        if (slip == "slow" || slip == "slow and nothing else" && NothingElseGoes)
        {
            if (slip != "slow")
            {
                await ReadOnly(connection.ConnectionString, true);
                _source.Clear();
            }
            await OverdueStatementTests.Overdue(connection).ExecuteNonQueryAsync(cancellation);
        }
        return 1;
    }

    /// <summary>Sessions begin as the database says; those that are open go on as they were.</summary>
    public static async Task ReadOnly(string connection, bool readOnly)
    {
        await using var admin = new NpgsqlConnection(Backend.Admin);
        await admin.OpenAsync();
        await using var set = new NpgsqlCommand(
            $"alter database {new NpgsqlConnectionStringBuilder(connection).Database} "
            + $"set default_transaction_read_only = {(readOnly ? "on" : "off")}", admin);
        await set.ExecuteNonQueryAsync();
    }
}
