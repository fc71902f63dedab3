using System.Globalization;
using Billing.Payments;
using Billing.Platform;
using Billing.Testing;
using FluentAssertions;
using Npgsql;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>How far a relay is set back, and that it is never set forward.</summary>
public sealed class RepublishTests
{
    private const string Service = "payments";

    [Fact]
    public async Task A_relay_is_set_back_and_never_forward()
    {
        await using var payments = await Payments();

        (await payments.Call("--from", "0", "--dry-run")).Should().Be(
            (0, "payments: 2 public facts, from event 1 to 4, would be published again"));
        (await payments.Position()).Should().Be(4);
        var (code, refusal) = await payments.Call("--from", "5");
        code.Should().Be(2);
        refusal.Should().StartWith("The relay of payments is at 4. Set forward to 5, it would leave out");
        (await payments.Position()).Should().Be(4);

        (await payments.Call("--from", "2")).Output.Should().StartWith("payments: 1 public facts, from event 3 to 4,");
        (await payments.Position()).Should().Be(2);
        (await payments.Call("--from", "3")).Code.Should().Be(2, "it is forward now");
    }

    [Theory]
    [InlineData("2026-11-27T18:00", 1), InlineData("2026-11-27T10:00Z", 1), InlineData("2026-11-27T18:00:01", 2)]
    [InlineData("2026-11-27", 0), InlineData("2026-11-28", 3), InlineData("2030-01-01", 4)]
    public async Task Since_a_time_is_everything_recorded_from_that_very_moment_on(string since, int position)
    {
        await using var payments = await Payments();

        (await payments.Call("--since", since)).Code.Should().Be(0);

        (await payments.Position()).Should().Be(position);
    }

    [Theory]
    [InlineData("--dry-run"), InlineData("--from", "0", "--since", "2026-11-27"), InlineData("--from", "-1")]
    [InlineData("invoicing", "--from", "7"), InlineData("--since", "yesterday")]
    public async Task What_it_cannot_mean_is_refused(params string[] arguments)
    {
        await using var payments = await Payments();

        (await payments.Call(arguments)).Code.Should().NotBe(0);

        (await payments.Position()).Should().Be(4);
    }

    private static async Task<Published> Payments()
    {
        var database = await Backend.NewDatabase(typeof(Payments.Program).Assembly);
        var source = NpgsqlDataSource.Create(database);
        await Stored.Leave(
            source, Event(1, typeof(ChargeOpened), "2026-11-27 09:59:59Z"),
            Event(2, typeof(PaymentReceived), "2026-11-27 10:00Z"),
            Event(3, typeof(ChargeOpened), "2026-11-27 10:00:01Z"),
            Event(4, typeof(PaymentReceived), "2026-11-28 00:00Z"));
        await using var relayed = source.CreateCommand(
            $"insert into {EventTables.Progress} (name, last_seq_id) values ('{EventTables.Relay}', 4)");
        await relayed.ExecuteNonQueryAsync();
        return new(database, source);

        static LeftEvent Event(long version, Type kind, string at) =>
            new("account-1", version, kind, At: DateTimeOffset.Parse(at, CultureInfo.InvariantCulture));
    }

    /// <summary>A database of Payments of which four events were published.</summary>
    private sealed record Published(string Database, NpgsqlDataSource Source) : IAsyncDisposable
    {
        public Task<long> Position() => new StoredEvents(Source).Relayed();

        public async Task<(int Code, string Output)> Call(params string[] arguments)
        {
            var tool = Path.Combine(AppContext.BaseDirectory, "Billing.Cli.dll");
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
                "dotnet", [tool, "republish", Service, .. arguments])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
                Environment = { ["BILLING_PAYMENTS_OWNER_POSTGRES"] = Database },
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            var (code, said) = (process.ExitCode, (output + await errors).Trim());
            return (code, said.Split(';')[0]);
        }

        public ValueTask DisposeAsync() => Source.DisposeAsync();
    }
}
