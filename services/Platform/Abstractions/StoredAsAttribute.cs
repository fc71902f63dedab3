using System.Reflection;

namespace Billing.Platform;

/// <summary>
/// The name under which an event is stored, such as <c>payment-received.v1</c>. It is defined only here and never
/// changes its meaning. A new shape gets a new name.
/// </summary>
/// <param name="name">Kebab case and a version.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class StoredAsAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>The stored name of a kind of event.</summary>
    /// <exception cref="InvalidOperationException">The type has no name.</exception>
    public static string NameOf(Type @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        return @event.GetCustomAttribute<StoredAsAttribute>()?.Name
            ?? throw new InvalidOperationException($"{@event.Name} is stored under no name: say [StoredAs(\"…\")].");
    }

    /// <summary>The .NET type name of an event, which Marten stores next to the event's name.</summary>
    internal static string DotnetTypeOf(Type @event) => $"{@event.FullName}, {@event.Assembly.GetName().Name}";
}
