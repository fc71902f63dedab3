using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Customers;

/// <summary>One public fact as stored in the timeline.</summary>
internal sealed record AccountFact(AccountNo Account, Origin Origin, Money? Amount, string Detail);

/// <summary>
/// Converts facts of one kind to rows of the timeline. How is derived from the contract's members once per kind, not
/// for every fact.
/// </summary>
/// <typeparam name="TFact">A public fact about an account.</typeparam>
internal static class AccountFact<TFact>
    where TFact : class
{
    /// <summary>The service that publishes it: its namespace in contracts/.</summary>
    public static readonly string Source = Words(typeof(TFact).Namespace!.Split('.')[^1]);

    /// <summary>The kind of fact: its type name in words.</summary>
    public static readonly string Kind = Words(typeof(TFact).Name);

    private static readonly PropertyInfo? AmountMember = Members(typeof(TimelineAmountAttribute)).SingleOrDefault()
        ?? typeof(TFact).GetProperties().SingleOrDefault(member => member.Name == "Amount" && IsMoney(member));

    private static readonly Func<TFact, AccountNo> Account = Getter<AccountNo>(nameof(Account));
    private static readonly Func<TFact, Origin> Origin = Getter<Origin>(nameof(Origin));
    private static readonly Func<TFact, Money?> Amount = AmountGetter();

    private static readonly HashSet<string?> LeftOut =
    [
        nameof(Account), nameof(Origin), AmountMember?.Name,
        .. Members(typeof(NotOnTimelineAttribute)).Select(member => member.Name),
    ];

    private static readonly JsonSerializerOptions Rest = new(Wire.Stored)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOut } },
    };

    public static AccountFact Read(TFact fact) =>
        new(Account(fact), Origin(fact), Amount(fact), JsonSerializer.Serialize(fact, Rest));

    private static Func<TFact, T> Getter<T>(string member) =>
        typeof(TFact).GetProperty(member)!.GetMethod!.CreateDelegate<Func<TFact, T>>();

    private static Func<TFact, Money?> AmountGetter()
    {
        if (AmountMember is null)
            return _ => null;
        var fact = Expression.Parameter(typeof(TFact));
        var amount = Expression.Convert(Expression.Property(fact, AmountMember), typeof(Money?));
        var negated = AmountMember.GetCustomAttribute<TimelineAmountAttribute>() is { Negated: true };
        return Expression.Lambda<Func<TFact, Money?>>(negated ? Expression.Negate(amount) : amount, fact).Compile();
    }

    private static void LeaveOut(JsonTypeInfo type)
    {
        if (type.Type != typeof(TFact))
            return;
        foreach (var member in type.Properties.Where(m => LeftOut.Contains((m.AttributeProvider as MemberInfo)?.Name)))
            member.ShouldSerialize = (_, _) => false;
    }

    private static IEnumerable<PropertyInfo> Members(Type marked) =>
        typeof(TFact).GetProperties().Where(member => member.IsDefined(marked));

    private static bool IsMoney(PropertyInfo member) =>
        member.PropertyType == typeof(Money) || member.PropertyType == typeof(Money?);

    private static string Words(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
