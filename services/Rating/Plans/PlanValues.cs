using System.Text.Json;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>The kinds of values in plans and cases.</summary>
internal sealed partial class PlanObject
{
    /// <summary>A price: yuan per unit.</summary>
    public decimal Price(string name) => Number(name, 0m, 10_000m);

    /// <summary>A price that may be negative, as a credit.</summary>
    public decimal SignedPrice(string name) => Number(name, -1_000_000m, 1_000_000m);

    /// <summary>The name of a register or quantity: <c>total</c>, <c>solar/export</c>.</summary>
    public string Name(string name)
    {
        var text = Text(name);
        if (text.Length > 0 && !IsName(text))
            Fail(name, "must be 1 to 64 of a-z, 0-9, dash and slash");
        return text;
    }

    public static bool IsName(string text)
    {
        var valid = text.Length is > 0 and <= 64;
        foreach (var c in text)
            valid &= c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '/';
        return valid;
    }

    /// <summary>Days in the members <c>from</c> and <c>to</c>, both inclusive.</summary>
    public DateRange Range()
    {
        var (first, last) = (Day("from"), Day("to"));
        if (last >= first)
            return new(first, last);
        if (last != default)
            Fail("to", "must not be before from");
        return new(first, first);
    }

    /// <summary>An object that contains only a range of days.</summary>
    public DateRange RangeOnly()
    {
        var range = Range();
        Finish();
        return range;
    }

    /// <summary>Money: a number of yuan with at most two decimals, or <c>{"fen": 12345}</c>.</summary>
    public Money Money(string name)
    {
        if (IsObject(name))
        {
            var fen = Object(name);
            var amount = fen.Number("fen", -100_000_000_000_000m, 100_000_000_000_000m);
            fen.Finish();
            if (amount != decimal.Truncate(amount))
                fen.Fail("fen", "must be a whole number");
            return new((long)amount);
        }
        var yuan = Number(name, -1_000_000_000_000m, 1_000_000_000_000m);
        if (decimal.Round(yuan, 2) != yuan)
            Fail(name, "must not have more than 2 decimals");
        return Contracts.Money.FromYuan(yuan);
    }

    /// <summary>An object of quantities by name; every member is one.</summary>
    public Dictionary<string, decimal> Quantities()
    {
        var quantities = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var name in _members.Keys)
        {
            if (!IsName(name))
                Fail(name, "must be a name of 1 to 64 of a-z, 0-9, dash and slash");
            var quantity = Number(name, 0m, 10_000_000_000m);
            if (decimal.Round(quantity, 6) != quantity)
                Fail(name, "must not have more than 6 decimals");
            quantities[name] = quantity;
        }
        return quantities;
    }

    /// <summary>An object of amounts by the ids of bill lines; every member is one.</summary>
    public Dictionary<string, Money> Amounts()
    {
        var amounts = new Dictionary<string, Money>(StringComparer.Ordinal);
        foreach (var line in _members.Keys)
        {
            if (line.Length is 0 or > 64 || !line.All(c => IsName(c.ToString()) || c == '.'))
                Fail(line, "must be the id of a line: 1 to 64 of a-z, 0-9, dash and dot");
            amounts[line] = Money(line);
        }
        return amounts;
    }

    public MonthDay MonthDay(string name)
    {
        if (Find(name, JsonValueKind.String, "a day like 11-15") is not { } element)
            return new(1, 1);
        // Parsed in a leap year, so that 29 February is accepted.
        if (DateOnly.TryParseExact("2000-" + element.GetString(), "yyyy-MM-dd", out var day))
            return new(day.Month, day.Day);
        Fail(name, "must be a day like 11-15");
        return new(1, 1);
    }
}
