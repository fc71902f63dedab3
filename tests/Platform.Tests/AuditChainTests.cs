using Billing.Contracts.Audit;
using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>
/// The chain over the audit trail: what is sealed cannot be changed unseen, not even by who may do everything with the
/// database.
/// </summary>
public sealed class AuditChainTests
{
    private const string Insert = """
        insert into audit_trail (at, kind, actor, address, operation, outcome)
        values (now(), 'Command', 'user:li', '10.0.0.7', 'Pay', 'done')
        """;

    /// <summary>Half past noon in China.</summary>
    private readonly FakeTimeProvider _clock = new(new(2026, 11, 28, 4, 30, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_row_is_sealed_when_no_lower_one_can_come_and_a_gap_is_no_fault()
    {
        await using var process = await Process.Start();
        var sealing = new AuditSealing(process.Source, _clock);
        await using var late = await process.Source.OpenConnectionAsync();
        await using var transaction = await late.BeginTransactionAsync();
        await using (var insert = new NpgsqlCommand(Insert, late))
            await insert.ExecuteNonQueryAsync();
        await RolledBack(process);
        await process.Run(Insert);

        (await sealing.Seal(default)).Should().Be(0, "row 1 may still come");
        (await Verify(process)).Should().Be(new AuditVerdict(0, 0, 1, 0, null));
        await transaction.CommitAsync();
        (await sealing.Seal(default)).Should().Be(1);
        await process.Run(Insert);
        (await new AuditSealing(process.Source, _clock).Seal(default)).Should().Be(1, "another process goes on");
        (await sealing.Seal(default)).Should().Be(0);

        (await process.Ask<string>("select string_agg(id::text, ',' order by id) from audit_trail")).Should()
            .Be("1,3,4");
        (await Verify(process)).Should().Be(new AuditVerdict(3, 2, 0, 0, null));
    }

    [Fact]
    public async Task More_rows_than_fit_make_several_blocks()
    {
        await using var process = await Process.Start();
        await process.Run($"{Insert[..Insert.IndexOf("values", StringComparison.Ordinal)]} " +
            "select now(), 'Command', 'user:li', 'x', 'Pay', 'done' from generate_series(1, 5001)");

        (await new AuditSealing(process.Source, _clock).Seal(default)).Should().Be(2);

        (await Verify(process)).Should().Be(new AuditVerdict(5_001, 2, 0, 0, null));
    }

    [Theory]
    [InlineData("update audit_trail set actor = 'user:wu' where id = 5", "row 5 was changed; it says now: Command *")]
    [InlineData("update audit_trail set details = '{}' where id = 5", "row 5 was changed; it says now: Command *")]
    [InlineData("update audit_trail set client = '' where id = 5", "row 5 was changed; it says now: Command *")]
    [InlineData("delete from audit_trail where id = 4", "row 4 was removed (block 2)")]
    [InlineData("delete from audit_trail where id = 6", "row 6 was removed (block 2)")]
    [InlineData("delete from audit_trail where id in (4, 5, 6)", "row 4 was removed (block 2)")]
    [InlineData("delete from audit_trail where id = 7", "row 7 was removed (block 3)")]
    [InlineData(Forged + "values (0, now(), 'Command', 'x', 'x', 'Pay', 'done')", "row 0 was inserted: Command *")]
    [InlineData(Forged + "values (10, now(), 'Command', 'x', 'x', 'Pay', 'done')", "row 10 was inserted: Command *")]
    [InlineData("update audit_block set leaves = '' where number = 2", "row 4 was inserted: *")]
    [InlineData("update audit_block set hash = sha256('x') where number = 2", "block 2 was changed")]
    [InlineData("update audit_block set sealed_at = now() where number = 2", "block 2 was changed")]
    [InlineData("update audit_block set total_rows = 7 where number = 2", "block 2 was changed")]
    [InlineData("delete from audit_block where number = 2", "block 2 was removed")]
    [InlineData("delete from audit_block where number = 1", "block 1 was removed")]
    [InlineData("delete from audit_block where number = 3", "blocks 3 to 3 are missing, of which tariff heard *")]
    public async Task Who_may_do_everything_cannot_do_it_unseen(string tampering, string found)
    {
        await using var process = await Sealed();
        var heard = await Heard(process, "tariff");
        (await Verify(process, heard)).Should().Be(new AuditVerdict(9, 3, 0, 1, null));

        await process.Run(tampering);

        (await Verify(process, heard)).Fault.Should().Match(found);
    }

    [Fact]
    public async Task A_block_that_is_made_anew_over_changed_rows_does_not_fit_the_next_one()
    {
        await using var process = await Sealed();
        await process.Run("update audit_trail set actor = 'user:wu' where id = 5");
        await Remake(process, only: 2);

        (await Verify(process)).Fault.Should().Be(
            "block 3 does not follow on block 2: one of them was changed");
    }

    [Fact]
    public async Task A_whole_chain_that_is_made_anew_contradicts_what_others_have_heard()
    {
        await using var process = await Sealed();
        var heard = await Heard(process, "tariff");
        await process.Run("update audit_trail set actor = 'user:wu' where id = 5");
        await process.Run("delete from audit_block");
        await new AuditSealing(process.Source, _clock).Seal(default);
        (await Verify(process)).Fault.Should().BeNull("in itself it is flawless");
        (await Verify(process, heard)).Fault.Should().Match("blocks 2 to 3 are missing, of which tariff heard *");

        await process.Run("delete from audit_block");
        await Remake(process, only: null);

        (await Verify(process)).Fault.Should().BeNull("in itself it is flawless");
        (await Verify(process, heard)).Fault.Should().Be(
            "block 3 is not the one of which tariff heard at the end of 2026-11-28: " +
            "the chain was rewritten in or before it");
    }

    [Fact]
    public async Task The_digest_of_a_day_is_made_once_over_what_was_sealed_by_its_end()
    {
        await using var process = await Sealed();
        var digests = new AuditDigests(process.Source, _clock, new("payments"));
        await digests.Make(new(2026, 11, 27), default);
        await digests.Make(new(2026, 11, 28), default);
        await process.Run(Insert);
        _clock.Advance(TimeSpan.FromDays(1));
        await new AuditSealing(process.Source, _clock).Seal(default);

        await digests.Make(new(2026, 11, 28), default);
        await digests.Make(new(2026, 11, 29), default);

        (await AuditVerification.Held(process.Source, default)).Select(d => (d.Day.Day, d.LastBlock, d.TotalRows))
            .Should().Equal((28, 3, 9), (29, 4, 10));
    }

    private const string Forged =
        "insert into audit_trail (id, at, kind, actor, address, operation, outcome) overriding system value ";

    /// <summary>Three blocks of three rows, with a gap before the last row.</summary>
    private async Task<Process> Sealed()
    {
        var process = await Process.Start();
        var sealing = new AuditSealing(process.Source, _clock);
        for (var block = 0; block < 3; block++)
        {
            await process.Run(Insert);
            await process.Run(Insert);
            if (block == 2)
            {
                await RolledBack(process);
                await RolledBack(process);
            }
            await process.Run(Insert);
            await sealing.Seal(default);
        }
        return process;
    }

    private static async Task RolledBack(Process process)
    {
        await using var connection = await process.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand(Insert, connection);
        await insert.ExecuteNonQueryAsync();
        await transaction.RollbackAsync();
    }

    /// <summary>What another service has heard at the end of the day.</summary>
    private async Task<(string, AuditDigest)[]> Heard(Process process, string holder)
    {
        await new AuditDigests(process.Source, _clock, new("payments")).Make(_clock.Today(), default);
        return [(holder, (await AuditVerification.Held(process.Source, default)).Single())];
    }

    private static Task<AuditVerdict> Verify(Process process, params (string, AuditDigest)[] heard) =>
        AuditVerification.Verify(process.Source, heard, default);

    /// <summary>Seals again as a forger would who knows how: one block in its place, or all of them.</summary>
    private async Task Remake(Process process, int? only)
    {
        await using var connection = await process.Source.OpenConnectionAsync();
        var before = AuditBlock.None;
        foreach (var (number, last) in new[] { (1, 3L), (2, 6L), (3, 11L) })
        {
            var rows = await AuditChain.Rows(connection, before.LastId, last, 100, default);
            var block = AuditChain.Seal(before, rows, _clock.GetUtcNow());
            if (only == number || only is null)
            {
                await using var forge = new NpgsqlCommand("""
                    insert into audit_block values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                    on conflict (number) do update set hash = $8, leaves = $9
                    """, connection);
                foreach (var value in new object[]
                {
                    block.Number, block.LastId, block.Rows, block.TotalRows, block.FirstAt, block.SealedAt,
                    block.Previous, block.Hash, block.Leaves,
                })
                    forge.Parameters.Add(new() { Value = value });
                await forge.ExecuteNonQueryAsync();
            }
            before = block;
        }
    }
}
