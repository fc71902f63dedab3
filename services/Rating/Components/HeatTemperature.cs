using System.Text.Json;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// The refund for rooms that were too cold (rules.md 1.6): for each day a share of the day's fee that depends on the
/// temperature, for the area of the cold rooms, after deduction of the basic fee that the plan retains. Rounded once,
/// for all days.
/// </summary>
public sealed class HeatTemperature : PlanComponent
{
    private readonly LineSet _of;
    private readonly decimal _standard;
    private readonly Band[] _bands;
    private readonly bool _higherRefund;
    private readonly decimal _baseShare;
    private readonly bool _affectedArea;
    private readonly decimal _hours;
    private readonly LineTemplate _line;

    private HeatTemperature(
        ComponentHead head, LineSet of, decimal standard, Band[] bands, bool higherRefund, PlanObject json)
        : base(head)
    {
        (_of, _standard, _bands, _higherRefund) = (of, standard, bands, higherRefund);
        _baseShare = json.OptionalNumber("baseShare", 0m, 1m) ?? 1m;
        _affectedArea = json.Has("affectedArea") && json.Flag("affectedArea");
        _hours = json.OptionalNumber("hours", 0m, 8784m) ?? 0m;
        _line = head.Line(Unit.Yuan, -1m, new(
            FormattableString.Invariant($"室温低于 {standard:0.##}°C 退费:日热费 × 档比例 × 天数"),
            FormattableString.Invariant($"rooms below {standard:0.##} °C: day's fee × share of the band × days")));
        Lines = [_line];
    }

    /// <summary>A share of the fee that is refunded, down to a temperature, or without a lower limit.</summary>
    private sealed record Band(decimal? DownTo, decimal Share)
    {
        public static Band Read(JsonElement element, string path, List<PlanError> errors)
        {
            var json = new PlanObject(element, path, errors);
            var band = new Band(json.OptionalNumber("downTo", -50m, 50m), json.Number("share", 0m, 1m));
            json.Finish();
            return band;
        }
    }

    internal override Utility? Utility => Contracts.Utility.Heat;

    internal override Prices Prices => Prices.Cold;

    internal override LineTemplate[] Lines { get; }

    internal static HeatTemperature Read(PlanObject json, ComponentHead head, IReadOnlyList<PlanComponent> above)
    {
        var of = LineSet.Read(json, above);
        var standard = json.Number("standard", 0m, 50m);
        var bands = json.Array("bands", 20, Band.Read);
        for (var i = 0; i < bands.Length; i++)
        {
            var warmer = i == 0 ? standard : bands[i - 1].DownTo ?? standard;
            if (i == bands.Length - 1 && bands[i].DownTo is not null)
                json.Fail($"bands[{i}].downTo", "the coldest band is open: leave downTo out");
            else if (i < bands.Length - 1 && bands[i].DownTo is null)
                json.Fail($"bands[{i}].downTo", "is missing: only the coldest band is open");
            else if (bands[i].DownTo >= warmer && !json.Failed(i == 0 ? "standard" : $"bands[{i - 1}].downTo"))
                json.Fail($"bands[{i}].downTo", "must be colder than the band before");
            if (i > 0 && bands[i].Share < bands[i - 1].Share && !json.Failed($"bands[{i - 1}].share"))
                json.Fail($"bands[{i}].share", "must not be less than that of the milder band");
        }
        // Regulations that include a boundary in both bands need a rule; the default favours the customer (H-20).
        var higher = !json.Has("boundary") || json.Choice("boundary", ("HIGHER_REFUND", true), ("MILDER", false));
        return new(head, of, standard, bands, higher, json);
    }

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        if (bill.Usage.Interruptions.Cold.Count == 0)
            return null;
        if (HeatedDays.Of(in bill, out var heated) is { } refusal)
            return refusal;
        var weight = 0m;
        foreach (var spell in bill.Usage.Interruptions.Cold)
        {
            if (spell.Days.Intersect(heated.Range) is not { } days ||
                (spell.Hours ?? 24m * spell.Days.Days) < _hours)
                continue;
            var area = 1m;
            if (_affectedArea && spell.AffectedM2 is { } affected)
            {
                if (affected > bill.Supply.AreaM2)
                    return RatingRefusal.AffectedAreaTooLarge;
                area = affected / bill.Supply.AreaM2;
            }
            weight += days.Days * ShareAt(spell.Celsius) * area;
        }
        if (weight > 0m)
            bill.Add(_line, bill.SumOf(_of), weight * _baseShare, new(1, heated.Days));
        return null;
    }

    /// <summary>The refunded share of the day's fee at a temperature: 0 at the standard and above.</summary>
    private decimal ShareAt(decimal celsius)
    {
        if (celsius >= _standard)
            return 0m;
        foreach (var band in _bands)
        {
            if (band.DownTo is not { } downTo || celsius > downTo || (celsius == downTo && !_higherRefund))
                return band.Share;
        }
        return 0m;
    }
}
