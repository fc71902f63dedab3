using System.Globalization;
using Billing.Platform;
using Billing.Testing;
using FluentAssertions;
using Npgsql;

namespace Billing.Journeys.Tests;

/// <summary>A message that kills whoever handles it ends neither the service nor itself, nor its neighbours.</summary>
[Collection(nameof(City))]
public sealed class DeadlyMessageTests(City city)
{
    private const string Queue = "collections.on-payments-received";
    private const int Payments = 5;

    [Fact]
    public async Task A_message_whose_consumer_is_killed_again_and_again_is_put_aside_by_itself_and_can_be_sent_again()
    {
        var run = await city.StartRun();
        await city.Reaches(run, "drafted");
        await city.Post(run);
        await city.Reaches(run, "posted");
        await city.IsInBalance(run);
        var collections = city.Services["Collections"];
        await collections.Kill();
        var accounts = new List<long>();
        for (var i = 0; i < Payments; i++)
            accounts.Add(await city.Ask("Collections", $"""
                select account_no::bigint from receivable group by account_no having min(open_fen) > 100
                order by account_no offset {i} limit 1
                """));
        foreach (var account in accounts)
            await Pay(account);
        await using var holder = new NpgsqlConnection(city.Databases["Collections"]);
        await holder.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand(
            $"select from receivable where account_no = '{accounts[0]}' for update", holder, transaction))
            await hold.ExecuteNonQueryAsync();

        var kills = 0;
        collections.Start();
        await Eventually.Holds(
            async () =>
            {
                if (await Waiting() > 0)
                {
                    kills++;
                    await collections.Kill();
                    // Its session does not notice while it waits.
                    await city.Ask("Collections", $"select count(pg_terminate_backend(pid)) from {Waits}");
                    await Eventually.Is(0L, Waiting, "the sessions that wait");
                    collections.Start();
                }
                return await Broker.Count(city.RabbitMq, Queue) == 0 && await Aside() == 1;
            },
            "the message is put aside", TimeSpan.FromMinutes(5));

        kills.Should().BeInRange(5, 8, "far below what the broker allows every message");
        (await Broker.Count(city.RabbitMq, "dead-letters")).Should().Be(0);
        await Eventually.Is(
            Payments - 1L, () => city.Ask("Collections", $"""
                select count(distinct account_no) from allocation join receivable using (invoice_no)
                where account_no in ('{string.Join("','", accounts.Skip(1))}') and allocated_fen = 100
                """),
            "the innocent payments that Collections knows");
        await transaction.RollbackAsync();
        var (_, told) = await city.Call("redrive", Queue);
        told.Should().Contain("ended 5 times while it handled this message").And.Contain("1 sent back");
        await city.IsInBalance(run);
        (await city.Ask("Collections", "select count(*) from suspect")).Should().Be(0);
    }

    private const string Waits = """
        pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%allocated%'
        """;

    private Task<long> Waiting() => city.Ask("Collections", $"select count(*) from {Waits}");

    /// <summary>A message of its own: the next payment waits until the relay has told of this one.</summary>
    private async Task Pay(long account)
    {
        var day = TimeProvider.System.Today().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        (await city.Put("Payments", "/partners/deadly", new
        {
            name = "停", channel = "Bank", amountRule = "ANY", dayCut = "00:00:00",
        })).EnsureSuccessStatusCode();
        (await city.Put("Payments", $"/partners/deadly/payments/{day}/D{account}", new
        {
            account = $"{account}", amount = new { fen = 100 },
        })).EnsureSuccessStatusCode();
        await city.Published("Payments");
    }

    private async Task<int> Aside()
    {
        try
        {
            return await Broker.Count(city.RabbitMq, $"{Queue}_error");
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return 0;
        }
    }
}
