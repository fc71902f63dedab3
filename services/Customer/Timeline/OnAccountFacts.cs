using System.Reflection;
using Billing.Contracts;
using Billing.Platform;
using Npgsql;

namespace Billing.Customers;

/// <summary>
/// Writes every public fact about an account to its timeline. There is one consumer for each message type with such
/// facts, with a queue named after the message.
/// </summary>
/// <typeparam name="TMessage">The message.</typeparam>
/// <typeparam name="TFact">The facts in it; the message itself when it holds one fact.</typeparam>
public sealed class OnAccountFacts<TMessage, TFact>(NpgsqlDataSource source) : Consumer<TMessage>(source)
    where TMessage : class
    where TFact : class
{
    private static readonly Func<TMessage, IReadOnlyList<TFact>> Facts = AccountFacts.Of<TMessage, TFact>();

    /// <inheritdoc/>
    protected override Task<int> Apply(
        TMessage message, NpgsqlConnection connection, CancellationToken cancellation) =>
        AccountTimeline.Write(connection, Facts(message), cancellation);
}

/// <summary>
/// Finds the messages with facts about accounts. A fact about an account is a public record with an <c>Account</c> and
/// an <c>Origin</c>; it is packed in a message with others of its kind, or is a message of its own.
/// </summary>
public static class AccountFacts
{
    /// <summary>
    /// The messages about accounts that other services publish; this service's own facts are read from its streams.
    /// </summary>
    public static IReadOnlyList<(Type Message, Type Fact)> In(Assembly contracts, OutboundMap own)
    {
        Type[] types = [.. contracts.GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false })];
        var packs = types.Where(type => !IsFact(type)).Select(type => (Message: type, Pack: PackIn(type)))
            .Where(told => told.Pack is not null).ToDictionary(
                told => told.Message, told => told.Pack!.PropertyType.GenericTypeArguments[0]);
        return [.. packs.Select(told => (Message: told.Key, Fact: told.Value))
            .Concat(types.Where(IsFact).Except(packs.Values).Select(fact => (Message: fact, Fact: fact)))
            .Where(told => !own.Publishes(told.Message))];
    }

    /// <summary>Returns the function that extracts the facts from a message.</summary>
    internal static Func<TMessage, IReadOnlyList<TFact>> Of<TMessage, TFact>()
        where TMessage : class
        where TFact : class => PackIn(typeof(TMessage)) is { } pack && !IsFact(typeof(TMessage))
        ? pack.GetMethod!.CreateDelegate<Func<TMessage, IReadOnlyList<TFact>>>()
        : message => [(TFact)(object)message];

    private static PropertyInfo? PackIn(Type message) => message.GetProperties().SingleOrDefault(member =>
        member.PropertyType.IsGenericType
        && member.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
        && IsFact(member.PropertyType.GenericTypeArguments[0]));

    private static bool IsFact(Type type) =>
        type.GetProperty(nameof(AccountFact.Account))?.PropertyType == typeof(AccountNo)
        && type.GetProperty(nameof(AccountFact.Origin))?.PropertyType == typeof(Origin);
}
