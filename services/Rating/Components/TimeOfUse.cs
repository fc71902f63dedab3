using System.Text.Json;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// Time of use (峰谷分时): a price per period of the day, each with its register. The plan says what happens when the
/// registers do not add up to the total (rules.md E-23): one period takes the remainder of the total, or the difference
/// is spread over all in proportion, or the registers are billed as read.
/// </summary>
public sealed class TimeOfUse : PlanComponent
{
    private readonly DayPart[] _parts;
    private readonly int _remainder;
    private readonly bool _spread;
    private readonly string _total;

    private TimeOfUse(ComponentHead head, DayPart[] parts, int remainder, bool spread, string total)
        : base(head)
    {
        (_parts, _remainder, _spread, _total) = (parts, remainder, spread, total);
        Lines = new LineTemplate[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            Lines[i] = parts[i].Line(head, i == remainder);
    }

    private sealed record DayPart(string Name, string Register, decimal Price, Label? Words)
    {
        private static readonly Dictionary<string, (string Zh, string En)> Known = new()
        {
            ["SHARP"] = ("尖", "critical peak"), ["PEAK"] = ("峰", "peak"), ["FLAT"] = ("平", "flat"),
            ["VALLEY"] = ("谷", "valley"), ["DEEP"] = ("深谷", "deep valley"),
        };

        public static DayPart Read(JsonElement element, string path, List<PlanError> errors)
        {
            var json = new PlanObject(element, path, errors);
            var name = json.Text("period");
            var key = name.ToLowerInvariant().Replace('_', '-');
            if (name.Length > 0 && !(name.Length <= 24 && name.All(c => c is (>= 'A' and <= 'Z') or '_')))
                json.Fail("period", "must be 1 to 24 of A-Z and underscore, such as PEAK");
            var part = new DayPart(
                name, json.Has("register") ? json.Name("register") : key, json.SignedPrice("price"),
                json.Has("label") ? json.Label("label") : null);
            json.Finish();
            return part;
        }

        public LineTemplate Line(ComponentHead head, bool isRemainder)
        {
            var key = Name.ToLowerInvariant().Replace('_', '-');
            var (zh, en) = Words is { } words ? (words.Zh, words.En)
                : Known.TryGetValue(Name, out var known) ? known
                : (Name, key);
            var reason = isRemainder
                ? new Label($"{zh}段电量:总电量减其他时段", $"use in {en} hours: the total less the other registers")
                : new Label($"{zh}段电量", $"use in {en} hours");
            return head.Line(Unit.Kwh, Price, reason, key, new(zh, en));
        }
    }

    internal override Utility? Utility => Contracts.Utility.Electricity;

    internal override LineTemplate[] Lines { get; }

    internal static TimeOfUse Read(PlanObject json, ComponentHead head)
    {
        var parts = json.Array("periods", 12, DayPart.Read);
        for (var i = 0; i < parts.Length; i++)
        {
            if (Array.FindIndex(parts, part => part.Name == parts[i].Name) < i)
                json.Fail($"periods[{i}].period", "is priced twice");
        }
        var total = json.Has("total") ? json.Name("total") : "total";
        if (json.Has("mismatch") && !json.Has("remainder"))
        {
            CheckRegisters(parts, "", json);
            var spread = json.Choice("mismatch", ("SPREAD", true), ("AS_READ", false));
            return new(head, parts, -1, spread, total);
        }
        if (json.Has("mismatch"))
            json.Fail("mismatch", "is not needed: the remainder takes the difference");
        var remainder = json.Text("remainder");
        var found = Array.FindIndex(parts, part => part.Name == remainder);
        if (parts.Length > 0 && remainder.Length > 0 && found < 0)
            json.Fail("remainder", "must be one of the priced periods");
        CheckRegisters(parts, remainder, json);
        return new(head, parts, found, false, total);
    }

    /// <summary>Checks that a register is used by one period only; that of the remainder is not read.</summary>
    private static void CheckRegisters(DayPart[] parts, string remainder, PlanObject json)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            var register = parts[i].Name == remainder ? "" : parts[i].Register;
            if (register.Length > 0 && !json.Failed($"periods[{i}].period") &&
                Array.FindIndex(parts, part => part.Name != remainder && part.Register == register) < i)
                json.Fail($"periods[{i}].register", "is priced twice");
        }
    }

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        var sum = 0m;
        for (var i = 0; i < _parts.Length; i++)
        {
            if (i == _remainder)
                continue;
            if (bill.Quantity(_parts[i].Register, Unit.Kwh) is not { } register)
                return bill.Missing(_parts[i].Register);
            sum += register;
        }
        if (_remainder < 0 && !_spread)
            return AddAsRead(ref bill);
        if (bill.Quantity(_total, Unit.Kwh) is not { } total)
            return bill.Missing(_total);
        if (_remainder >= 0 && sum > total)
            return RatingRefusal.RegistersExceedTotal;
        if (_spread && sum == 0m && total != 0m)
            return RatingRefusal.NothingToSpreadBy;
        var left = total;
        for (var i = 0; i < _parts.Length; i++)
        {
            var quantity = i == _remainder ? total - sum
                : bill.Quantity(_parts[i].Register, Unit.Kwh).GetValueOrDefault();
            if (_spread && sum != total)
                quantity = i == _parts.Length - 1 ? left : decimal.Round(quantity * total / sum, 6);
            left -= quantity;
            bill.Add(Lines[i], quantity);
        }
        return null;
    }

    private RatingRefusal? AddAsRead(ref BillBuilder bill)
    {
        for (var i = 0; i < _parts.Length; i++)
            bill.Add(Lines[i], bill.Quantity(_parts[i].Register, Unit.Kwh).GetValueOrDefault());
        return null;
    }
}
