using Billing.Platform;
using Billing.Testing;
using FluentAssertions;
using Npgsql;
using Spectre.Console;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary><c>audit trail</c> on the databases of two services, of which one has heard of the other.</summary>
public sealed class AuditTrailCommandTests
{
    [Fact]
    public async Task It_says_which_trail_was_changed_and_believes_a_restore_only_when_told()
    {
        var databases = new Dictionary<string, string>
        {
            ["payments"] = await Backend.NewDatabase(), ["tariff"] = await Backend.NewDatabase(),
        };
        await using var payments = NpgsqlDataSource.Create(databases["payments"]);
        await using var tariff = NpgsqlDataSource.Create(databases["tariff"]);
        await Run(payments, """
            insert into audit_trail (at, kind, actor, address, operation, outcome)
            values (now(), 'Command', 'user:li', 'x', 'RefundAdvance', 'done')
            """);
        await new AuditSealing(payments, TimeProvider.System).Seal(default);
        var today = TimeProvider.System.Today();
        await new AuditDigests(payments, TimeProvider.System, new("payments")).Make(today, default);
        var digest = (await AuditVerification.Held(payments, default)).Single();
        await Run(tariff, $"""
            insert into audit_digest (service, day, last_block, total_rows, hash)
            values ('payments', '{today:yyyy-MM-dd}', 1, 1, '{digest.Hash}')
            """);

        (await Verify(databases)).Should().Contain("payments: 1 rows in 1 blocks are as they were, 1 digests of others")
            .And.Contain("tariff: 0 rows").And.EndWith("True").And.Contain("unbroken (1 rows of 2 services)");

        await Run(payments, "delete from audit_block");
        await Run(payments, "update audit_trail set actor = 'user:wu'");
        await new AuditSealing(payments, TimeProvider.System).Seal(default);
        (await Verify(databases)).Should().Contain("payments: block 1 is not the one of which tariff heard")
            .And.EndWith("False").And.Contain("BROKEN in 1 of 2 services").And.NotContain("--restored");

        await Run(payments, "insert into restart_epoch values (1, 0, now() + interval '1 day')");
        (await Verify(databases)).Should()
            .Contain($"set back to an earlier time on {today.AddDays(1):yyyy-MM-dd}").And.EndWith("False");
        (await Verify(databases, restored: true)).Should().Contain("0 digests of others").And.EndWith("True");
    }

    private static async Task<string> Verify(Dictionary<string, string> databases, bool restored = false)
    {
        var told = new StringWriter();
        var console = new ConsoleOutput(AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(told) }));
        var unbroken = await AuditTrailCommand.Run(console, databases, restored, default);
        // Without the breaks of lines, which depend on the terminal.
        var words = told.ToString().Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return $"{string.Join(' ', words)} {unbroken}";
    }

    private static async Task Run(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
