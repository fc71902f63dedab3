using System.Globalization;
using Billing.Contracts;
using Billing.Testing;
using FluentAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>
/// What the database refuses in one command must not reach any other, in its batch or after it. Every connection of the
/// pool is used by what comes after.
/// </summary>
public sealed class PoisonedBatchTests
{
    private const int Rounds = 12, Commands = 64;

    [Fact]
    public async Task Text_that_cannot_be_stored_fails_its_own_command_and_no_other()
    {
        await using var process = await Process.Start();
        for (var round = 0; round < Rounds; round++)
        {
            var all = Enumerable.Range(0, Commands).Select(async i => (Bad: i % 16 == 7, Fault: await FaultOf(
                () => process.PutIn($"p{i}", i % 16 == 7 ? $"bad\0{round}-{i}" : $"s{round}-{i}"))));

            foreach (var (bad, fault) in await Task.WhenAll(all))
                (fault is PostgresException { SqlState: ['2', '2', ..] }).Should().Be(bad, $"{fault}");
        }
        (await process.Ask<long>("select count(*) from mt_events")).Should().Be(Rounds * Commands * 15 / 16);
    }

    [Fact]
    public async Task A_bulk_append_that_the_database_refuses_leaves_its_connection_sound()
    {
        await using var process = await Process.Start();
        for (var round = 0; round < Rounds; round++)
        {
            var (n, bad) = (round, round % 3 == 1);
            var fault = await FaultOf(() => process.Store.Bulk([TestAccount.Stream("a").Id], async session =>
            {
                await using var command = new NpgsqlCommand("select $1::text || $2::text", session.Connection)
                {
                    Parameters = { new() { Value = bad ? "\0" : "x" }, new() { Value = $"{n}" } },
                };
                return await command.ExecuteScalarAsync();
            }));

            (fault is PostgresException { SqlState: "22021" }).Should().Be(bad, $"round {round}: {fault}");
        }
    }

    [Fact]
    public async Task A_value_that_slips_past_the_edge_is_a_refusal_and_the_next_request_is_answered()
    {
        await using var service = await Running.Start(args =>
        {
            var app = BillingService.Create(args, "echo", typeof(PoisonedBatchTests).Assembly).Build();
            app.MapGet("/echo/{codes}", async (string codes, NpgsqlDataSource source) =>
            {
                await using var command = source.CreateCommand("select $1::text");
                var text = codes.Split('-').Select(code => (char)int.Parse(code, CultureInfo.InvariantCulture));
                command.Parameters.Add(new() { Value = string.Concat(text) });
                return (string)(await command.ExecuteScalarAsync())!;
            }).RequireRight(Right.ReadFigures);
            return app;
        });
        for (var round = 0; round < Rounds; round++)
        {
            var bad = round % 3 == 1;
            var answer = await service.Http.GetAsync(new Uri(bad ? "/echo/65-0" : "/echo/65", UriKind.Relative));

            ((int)answer.StatusCode).Should().Be(bad ? 422 : 200, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_command_that_is_cancelled_while_its_rows_are_written_harms_no_other_of_its_batch()
    {
        await using var process = await Process.Start();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var slips = new Table<string>("slip").Key("slip", slip => slip).Column("purse", _ => "p").Column("fen", slip =>
        {
            if (slip.StartsWith("bad", StringComparison.Ordinal))
                cancelled.Token.ThrowIfCancellationRequested();
            return 1L;
        });
        var type = new StreamType<TestAccount, TestAccountEvent>(
            "purse", new TestAccount(0, []), (state, _) => state,
            (rows, recorded, _, _) => rows.Insert(slips, ((MoneyPutIn)recorded.Event).Slip), slips);

        var all = Enumerable.Range(0, Commands).Select(async i => (Bad: i % 16 == 7, Fault: await FaultOf(
            () => process.Store.Execute(type.Named($"p{i}"), new PutIn(i % 16 == 7 ? $"bad{i}" : $"s{i}", 1)))));

        foreach (var (bad, fault) in await Task.WhenAll(all).WaitAsync(TimeSpan.FromSeconds(30)))
            (fault is OperationCanceledException).Should().Be(bad, $"{fault}");
        (await process.PutIn("p7", "good")).Changed.Should().BeTrue("nobody holds the stream of the one that failed");
    }

    private static async Task<Exception?> FaultOf<T>(Func<Task<T>> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            return e;
        }
    }
}
