using System.Collections;
using Billing.Contracts;
using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>The audit knows every event that can be stored: another one could move money unseen.</summary>
public sealed class AuditedEventsTests
{
    private const string Where = "tools/Billing.Tool/Audit/AuditedEvents.cs";

    [Fact]
    public void There_is_something_to_look_at()
    {
        Declared.Events.Should().HaveCountGreaterThan(20);
        Declared.Events.Select(declared => declared.Service).Distinct().Should()
            .BeEquivalentTo(AuditedEvents.Services);
    }

    [Fact]
    public void Every_stored_event_is_known_to_the_audit() => Named(Declared.Events.Where(declared =>
        !AuditedEvents.All.Any(audited => (audited.Service, audited.Name) == (declared.Service, declared.Name))))
        .Should().BeEmpty(
            $"say in {Where} what these do to the money of their account and whether they are on the timeline, and in "
            + "Audit/AccountBooks.cs which identity holds then; without it the audit cannot tell whether books agree");

    [Fact]
    public void The_audit_knows_no_event_that_is_not_stored() => AuditedEvents.All
        .Select(audited => (audited.Service, audited.Name)).Should().OnlyHaveUniqueItems().And.BeSubsetOf(
            Declared.Events.Select(declared => (declared.Service, declared.Name)),
            $"no service registers it: take it out of {Where}, unless databases hold it, then keep it registered");

    /// <summary>Customer's own events are on the timeline by themselves: it reads them from their streams.</summary>
    [Fact]
    public void What_is_public_about_an_account_is_looked_for_on_its_timeline() => AuditedEvents.All
        .Where(audited => audited.OnTimeline).Select(audited => (audited.Service, audited.Name))
        .Should().BeEquivalentTo(
            Declared.Events
                .Where(declared => declared is { Public: true, Category: "account", Service: not "customer" })
                .Select(declared => (declared.Service, declared.Name)),
            $"what Outbound.cs publishes of an account is on its timeline (OnTimeline in {Where}), nothing else is");

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
}
