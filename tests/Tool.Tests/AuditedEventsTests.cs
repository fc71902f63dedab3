using System.Collections;
using Billing.Contracts;
using Billing.Customers;
using Billing.Platform;
using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>The audit knows every event that can be stored, from where it is registered.</summary>
public sealed class AuditedEventsTests
{
    private const string Where = "tools/Billing.Cli/Audit/AuditedEvents.cs";

    [Fact]
    public void There_is_something_to_look_at()
    {
        Declared.Events.Should().HaveCountGreaterThan(20);
        Declared.Events.Select(declared => declared.Service).Distinct().Should()
            .BeEquivalentTo(AuditedEvents.Services);
    }

    [Fact]
    public void What_is_registered_once_is_audited_and_rebuilt_with_nothing_to_be_entered_anywhere()
    {
        var table = new Table<(string Key, int Times)>("knocks")
            .Key("key", row => row.Key).Column("times", row => row.Times);
        var streams = new StreamType<int, Knock>(
            "account", 0, (times, _) => times + 1,
            (rows, knock, _, times) => rows.Upsert(table, (knock.Stream, times)), table);
        var service = new ServiceModel(
            "door", [streams], new OutboundMap().Pack<Knock, Knock, Knocks>(
            (knock, origin) => knock with { Origin = origin }, knocks => new(knocks)),
            Inbound: null);

        AuditedEvents.Derive([service]).Should().Equal(
            new AuditedEvent("door", typeof(Knock), OnTimeline: true, Enter: null, Because: null))
            .And.OnlyContain(audited => audited.IsRead);
        service.Streams.SelectMany(registered => registered.Tables).Should().Equal(table);
        // That such a message becomes rows of the timeline is seen in Customer's tests, through the broker.
        AccountFacts.In(typeof(Knock).Assembly, own: new()).Should().Equal((typeof(Knocks), typeof(Knock)));
    }

    [Fact]
    public void Every_event_that_moves_money_is_registered()
    {
        AuditedEvents.All.Count(audited => audited.Enter is not null).Should().Be(AuditedEvents.MovingMoney);
        AuditedEvents.All.Select(audited => (audited.Service, audited.Type)).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void What_is_public_about_an_account_is_looked_for_on_its_timeline() => Named(Declared.Events
        .Where(declared => declared is { Public: true, Category: "account", Service: not "customer" }))
        .Should().BeEquivalentTo(AuditedEvents.All
            .Where(audited => audited.OnTimeline).Select(audited => $"{audited.Service} {audited.Name}"))
        .And.HaveCountGreaterThan(6);

    [Fact]
    public void The_timeline_hears_the_messages_that_events_of_accounts_leave_in_and_no_others()
    {
        var customer = ServiceModel.All.Single(service => service.Name == "customer").Outbound!;
        AccountFacts.In(typeof(Money).Assembly, customer).Select(told => told.Message).Should().BeEquivalentTo(
            ServiceModel.All.Where(service => service.Outbound is not null && service.Outbound != customer)
                .SelectMany(service => service.Streams.Where(streams => streams.Category is "account" or "proposal")
                    .SelectMany(streams => streams.EventTypes.Keys).Select(service.Outbound!.MessageOf))
                .Where(message => message is not null).Distinct(),
            "a fact about an account has members Account and Origin in contracts/, and is an event of the account's "
            + "stream, where the audit looks for it, or of what waits for a second person");
    }

    [Fact]
    public void An_event_with_an_amount_moves_money_or_says_why_not() => Named(Declared.Events.Where(declared =>
        NamesMoney(declared.Type, []) && AuditedEvents.Of(declared.Service).GetValueOrDefault(declared.Name) is
            { Enter: null, Because: not { Length: > 10 } }))
        .Should().BeEmpty($"these name amounts: enter them into the books in {Where}, or say why nothing moves");

    private static IEnumerable<string> Named(IEnumerable<DeclaredEvent> events) =>
        events.Select(declared => $"{declared.Service} {declared.Name}");

    private static bool NamesMoney(Type type, HashSet<Type> seen) =>
        type == typeof(Money) || (seen.Add(type) && (
            (type.IsGenericType && type.GetGenericArguments().Any(part => NamesMoney(part, seen)))
            || (type.IsArray && NamesMoney(type.GetElementType()!, seen))
            || (type.Namespace?.StartsWith("Billing", StringComparison.Ordinal) is true
                && !type.IsAssignableTo(typeof(IEnumerable))
                && type.GetProperties().Any(property => NamesMoney(property.PropertyType, seen)))));

    public sealed record Knocks(IReadOnlyList<Knock> Items);

    [StoredAs("knocked.v1")]
    public sealed record Knock(AccountNo Account, Origin Origin);
}
