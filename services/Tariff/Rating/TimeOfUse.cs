using System.Text.Json;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// Time of use (峰谷分时): a price per period of the day. The total register wins: the period named as
/// <c>remainder</c> takes the total less all other registers (rules.md E-23, flat by difference).
/// </summary>
public sealed class TimeOfUse : PlanComponent
{
    private readonly DayPart[] _parts;
    private readonly int _remainder;

    private TimeOfUse(string id, Label label, PricedPart[] parts, DayPart remainder)
        : base(id, label)
    {
        _parts = Array.ConvertAll(parts, part => part.Part);
        _remainder = Array.IndexOf(_parts, remainder);
        Lines = Array.ConvertAll(parts, part => TemplateOf(part, part.Part == remainder, id, label));
    }

    private enum DayPart
    {
        Peak,
        Flat,
        Valley,
    }

    private sealed record PricedPart(DayPart Part, decimal Price)
    {
        public static readonly (string, DayPart)[] Names =
            [("PEAK", DayPart.Peak), ("FLAT", DayPart.Flat), ("VALLEY", DayPart.Valley)];

        public static PricedPart Read(JsonElement element, string path, List<PlanError> errors)
        {
            var json = new PlanObject(element, path, errors);
            var part = new PricedPart(json.Choice("period", Names), json.Price("price"));
            json.Finish();
            return part;
        }
    }

    internal override Utility Utility => Utility.Electricity;

    internal override LineTemplate[] Lines { get; }

    internal static TimeOfUse Read(PlanObject json, string id, Label label)
    {
        var parts = json.Array("periods", PricedPart.Names.Length, PricedPart.Read);
        var remainder = json.Choice("remainder", PricedPart.Names);
        for (var i = 0; i < parts.Length; i++)
        {
            if (Array.FindIndex(parts, part => part.Part == parts[i].Part) < i)
                json.Fail($"periods[{i}].period", "is priced twice");
        }
        var found = Array.FindIndex(parts, part => part.Part == remainder);
        if (parts.Length > 0 && found < 0)
            json.Fail("remainder", "must be one of the priced periods");
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Part == DayPart.Flat && i != found)
                json.Fail("remainder", "must be FLAT: no register measures the flat period");
        }
        return new(id, label, parts, remainder);
    }

    internal override RatingRefusal? Rate(ref BillBuilder bill)
    {
        var usage = bill.Usage;
        if (usage.TotalKwh is not { } total)
            return RatingRefusal.TotalMissing;
        var rest = total;
        for (var i = 0; i < _parts.Length; i++)
        {
            if (i == _remainder)
                continue;
            if (Register(usage, _parts[i]) is not { } register)
                return RatingRefusal.RegisterMissing;
            rest -= register;
        }
        if (rest < 0m)
            return RatingRefusal.RegistersExceedTotal;
        for (var i = 0; i < _parts.Length; i++)
            bill.Add(Lines[i], i == _remainder ? rest : Register(usage, _parts[i]).GetValueOrDefault());
        return null;
    }

    private static decimal? Register(Usage usage, DayPart part) =>
        part == DayPart.Peak ? usage.PeakKwh : usage.ValleyKwh;

    private static LineTemplate TemplateOf(PricedPart priced, bool isRemainder, string id, Label label)
    {
        var (key, zh, en) = priced.Part switch
        {
            DayPart.Peak => ("peak", "峰", "peak"),
            DayPart.Flat => ("flat", "平", "flat"),
            _ => ("valley", "谷", "valley"),
        };
        var reason = isRemainder
            ? new Label($"{zh}段电量:总电量减其他时段", $"use in {en} hours: the total less the other registers")
            : new Label($"{zh}段电量", $"use in {en} hours");
        return new($"{id}.{key}", label.With(zh, en), reason, Unit.Kwh, priced.Price);
    }
}
