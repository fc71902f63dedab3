using System.Collections;
using System.Reflection;
using System.Text.Json;

namespace Billing.Contracts.Tests;

/// <summary>
/// Fills a record with plain, fixed values of its members' types: the first version of a golden file.
/// </summary>
internal static class Sample
{
    private static readonly Dictionary<Type, object> Values = new()
    {
        [typeof(AccountNo)] = AccountNo.Parse("1000000001"),
        [typeof(CustomerNo)] = CustomerNo.Parse("C1000000001"),
        [typeof(InvoiceNo)] = InvoiceNo.Parse("E2026-00000001"),
        [typeof(PlanCode)] = PlanCode.Parse("beijing-residential-electricity"),
        [typeof(PaymentId)] = PaymentId.Parse("icbc-20261031-0001"),
        [typeof(BillingPeriod)] = BillingPeriod.Parse("2026-10"),
        [typeof(Money)] = new Money(123_45),
        [typeof(DateOnly)] = new DateOnly(2026, 10, 31),
        [typeof(DateTimeOffset)] = new DateTimeOffset(2026, 10, 31, 4, 5, 6, TimeSpan.Zero),
        [typeof(Guid)] = Guid.Parse("0199b0c4-0000-7000-8000-000000000001"),
        [typeof(decimal)] = 12.34m,
        [typeof(int)] = 3,
        [typeof(long)] = 1234L,
        [typeof(double)] = 1.5,
        [typeof(bool)] = true,
        [typeof(JsonElement)] = JsonSerializer.SerializeToElement(new { name = "居民用电", price = 0.4883m }),
    };

    private static readonly Dictionary<string, string> Texts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Name"] = "张小明",
        ["MaskedName"] = "张*",
        ["Phone"] = "13800005678",
        ["Address"] = "阳光花园 3 号楼 2 单元 501",
        ["Region"] = "海淀区",
        ["Project"] = "阳光花园",
        ["UseClass"] = "住宅",
        ["Voltage"] = "<1kV",
        ["Partner"] = "icbc",
        ["Serial"] = "0001",
        ["Receipt"] = "1000000001-0001",
        ["Reason"] = "misread \"8\" as \"0\"",
        ["Run"] = "2026-10-electricity",
    };

    public static object Of(Type type, string name = "text")
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Of(underlying, name);
        if (Values.TryGetValue(type, out var value))
            return value;
        if (type == typeof(string))
            return Texts.GetValueOrDefault(name, $"some-{char.ToLowerInvariant(name[0])}{name[1..]}");
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(0)!;
        if (type.IsAssignableTo(typeof(IEnumerable)))
            return Many(type, name);
        if (type.GetMethod("Wrap", BindingFlags.Public | BindingFlags.Static) is { } wrap)
            return wrap.Invoke(null, [Texts["Run"]])!;
        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)
            ?? throw new NotSupportedException($"Sample.cs does not know how to make a {type}; teach it.");
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.ParameterType, p.Name!))]);
    }

    private static object Many(Type type, string name)
    {
        var arguments = type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments();
        if (arguments.Length == 2)
        {
            var pairs = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments))!;
            pairs.Add(Of(arguments[0], name), Of(arguments[1], name));
            return pairs;
        }
        var items = Array.CreateInstance(arguments[0], 1);
        items.SetValue(Of(arguments[0], name), 0);
        return items;
    }
}
