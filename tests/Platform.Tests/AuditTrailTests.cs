using System.Diagnostics;
using Billing.Contracts;
using FluentAssertions;

namespace Billing.Platform.Tests;

/// <summary>What is on record of a command, and what of refusals when there are too many.</summary>
public sealed class AuditTrailTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 28, 4, 0, 0, TimeSpan.Zero);

    [Theory, InlineData(Way.Store), InlineData(Way.Marten)]
    public async Task A_command_is_on_record_with_its_events_and_what_did_nothing_is_not(Way way)
    {
        await using var process = await Process.Start(way);
        using var activity = new Activity("test").Start();
        Actor.Current = new("user:li", "10.0.0.7", "request-1");
        AuditedOperation.Current = new()
        {
            Name = "Pay", Permission = "ReceivePayment", Client = "console", Target = "icbc/1",
        };

        await process.PutIn("a", "s1", 5);
        await process.PutIn("a", "s1", 5);
        await process.PutIn("a", "s2", 0);
        await process.PutIn("b", "s1", 5);

        (await Trail(process)).Should().Be(
            $"Command|user:li|console|10.0.0.7|{activity.TraceId}|Pay|ReceivePayment|purse-a|done");
        AuditedOperation.Current.Commands.Should().BeGreaterThan(0);
        (await process.Ask<bool>("""
            select a.correlation = e.correlation_id from audit_trail a
            cross join mt_events e where e.type <> 'tombstone'
            """)).Should().BeTrue("one leads to the other");
    }

    [Fact]
    public async Task Work_that_nobody_asked_for_is_on_record_under_the_name_of_its_command()
    {
        await using var process = await Process.Start();
        AuditedOperation.Current = null;

        await process.PutIn("a", "s1", 5);

        (await process.Ask<string>("select operation || ' ' || target from audit_trail")).Should().Be("PutIn purse-a");
    }

    [Fact]
    public async Task Work_over_many_streams_is_one_row_with_their_number_and_none_when_it_is_rolled_back()
    {
        await using var process = await Process.Start();
        AuditedOperation.Current = null;
        string[] purses = ["p1", "p2", "p3"];

        await Bulk(process, purses, fails: false);
        await process.Invoking(_ => Bulk(process, ["p4"], fails: true)).Should()
            .ThrowAsync<InvalidOperationException>();
        await process.Store.Bulk(["purse-p1"], _ => Task.FromResult(0));

        (await process.Ask<string>("""
            select string_agg(operation || ' ' || details, ';') from audit_trail
            """)).Should().Be("""AuditTrailTests {"events": 3}""");
    }

    [Fact]
    public async Task Of_many_concurrent_commands_each_is_on_record_and_the_refused_ones_are_not()
    {
        await using var process = await Process.Start();
        await process.PutIn("taken", "s-0");

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => process.PutIn($"p{i}", $"s-{i}", i % 50)));
        await process.PutIn("other", "s-7");

        (await process.Ask<long>("select count(*) from audit_trail")).Should().Be(197);
        (await process.Ask<bool>("""
            select bool_and(a.target is not null and s.id is not null)
            from audit_trail a full join mt_streams s on s.id = a.target where s.id is distinct from 'mt_tombstone'
            """)).Should().BeTrue("there is a row for every stream");
    }

    [Fact]
    public void A_text_from_outside_can_always_be_stored()
    {
        AuditEntry.Plain("a\0b\r").Should().Be("a\ufffdb\ufffd");
        AuditEntry.Plain("a\ud800b").Should().Be("a\ufffdb");
        AuditEntry.Plain("甲").Should().Be("甲");
        AuditEntry.Plain(null).Should().BeNull();
        AuditEntry.Plain(new string('x', 5_000)).Should().HaveLength(200);
    }

    [Fact]
    public void Refusals_of_the_nameless_and_those_for_which_there_is_no_room_are_counted_together()
    {
        var refusals = new WaitingRefusals(most: 2, mostKinds: 2);
        foreach (var (actor, operation) in new[]
        {
            ("user:li", "Pay"), (Actor.Anonymous, "Pay"), (Actor.Anonymous, "Pay"), ("user:li", "Refund"),
            ("user:li", "Refund"), ("user:wu", "Refund"), ("user:wu", "Pay"),
        })
            refusals.Add(Refusal(actor, operation));

        refusals.Take(out var crowded).Select(row => $"{row.Actor} {row.Operation} {row.Details}").Should().Equal(
            "user:li Pay ", "user:li Refund ", """anonymous Pay {"times":2}""", "user:li Refund ",
            """many many {"times":2}""");

        crowded.Should().Be(3, "the nameless are always counted together");
        refusals.Take(out crowded).Should().BeEmpty();
        crowded.Should().Be(0);
    }

    private static AuditEntry Refusal(string actor, string operation) => new(
        At, AuditKind.Refusal, actor, null, "10.0.0.7", null, operation, null, null, "right-missing");

    private static Task<string> Trail(Process process) => process.Ask<string>("""
        select string_agg(concat_ws(
          '|', kind, actor, client, address, correlation, operation, permission, target, outcome, details), ';')
        from audit_trail
        """);

    private static Task<int> Bulk(Process process, IEnumerable<string> purses, bool fails) => process.Store.Bulk(
        purses.Select(purse => TestAccount.Stream(purse).Id),
        session =>
        {
            foreach (var purse in purses)
                session.Append(
                    TestAccount.Stream(purse), TestAccount.Type.Fold([]), [new MoneyPutIn($"slip-{purse}", 1)]);
            return fails ? throw new InvalidOperationException() : Task.FromResult(session.Appended);
        });
}
