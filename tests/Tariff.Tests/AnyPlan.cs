using System.Text.Json.Nodes;
using Billing.Contracts;

namespace Billing.Tariffs.Tests;

/// <summary>
/// Random plan documents and cases, of every kind of component and with every optional member now and then. What it
/// makes is valid by construction, so that a refusal of a document is a mistake of the reader.
/// </summary>
internal sealed class AnyPlan(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<string> _ids = [];

    public string Document(string utility)
    {
        var heat = utility == "Heat";
        var count = _random.Next(1, 7);
        var components = new JsonArray();
        for (var i = 0; i < count; i++)
            components.Add(heat ? HeatComponent(i) : ElectricityComponent(i));
        var document = new JsonObject
        {
            ["code"] = "any", ["version"] = 1, ["name"] = Label(), ["region"] = "x", ["utility"] = utility,
            ["customerClasses"] = new JsonArray("Residential", "Industrial"), ["legalDocument"] = "x",
            ["source"] = "x", ["validFrom"] = "1990-01-01",
            ["vat"] = new JsonArray(new JsonObject
            {
                ["from"] = "1990-01-01", ["treatment"] = "TAXED", ["rate"] = Number(0, 0.2, 2),
            }),
            ["rounding"] = Pick<JsonNode>(
                "LINE", "TOTAL", new JsonObject { ["line"] = Rounding(), ["total"] = Rounding() },
                new JsonObject { ["total"] = Rounding() }),
            ["components"] = components,
        };
        if (heat)
            document["season"] = new JsonObject { ["from"] = "11-15", ["to"] = "03-15", ["months"] = 4 };
        Maybe(document, "tax", () => Pick<JsonNode>("INSIDE", "ON_TOP"));
        Maybe(document, "currency", () => "JPY");
        Maybe(document, "split", () => new JsonObject { ["method"] = "BY_DAYS", ["decimals"] = _random.Next(0, 7) });
        if (document["components"]!.AsArray().Any(component => component!["area"] is not null))
            Maybe(document, "suspension", () => new JsonObject { ["share"] = Number(0, 1, 2), ["applyBy"] = "09-30" });
        return document.ToJsonString();
    }

    public string Case(bool heat)
    {
        var first = new DateOnly(2020, 11, 15).AddDays(_random.Next(0, 1500));
        var last = first.AddDays(_random.Next(0, 70));
        var supply = new JsonObject { ["class"] = Pick("Residential", "Industrial") };
        Maybe(supply, "areaM2", () => Number(0, 500, 2));
        Maybe(supply, "heatFactor", () => Number(0.5, 2, 2));
        Maybe(supply, "heightM", () => Number(2, 6, 2));
        Maybe(supply, "useClass", () => "school");
        Maybe(supply, "categories", () => new JsonArray("low-income", "large-household"));
        Maybe(supply, "basicCharge", () => Pick<JsonNode>("CAPACITY", "CONTRACT_DEMAND", "ACTUAL_DEMAND"));
        Maybe(supply, "quotaSince", () => "2021-07-10");
        supply["quantities"] = new JsonObject
        {
            ["capacity"] = _random.Next(0, 2000), ["contract-demand"] = _random.Next(0, 1000), ["loss"] = 304,
            ["ampere"] = 30,
        };
        var (peak, valley) = (_random.Next(0, 50_000), _random.Next(0, 50_000));
        var usage = new JsonObject
        {
            ["from"] = Day(first), ["to"] = Day(last),
            ["registers"] = new JsonObject
            {
                ["total"] = peak + valley + _random.Next(0, 3) * _random.Next(0, 9000), ["peak"] = peak,
                ["valley"] = valley, ["reactive"] = _random.Next(0, 90_000), ["demand"] = _random.Next(0, 1500),
                ["export"] = Number(0, 900, 6), ["heat-kwh"] = Number(0, 9000, 3),
            },
            ["yearToDate"] = Plans.Year(Number(0, 9000, 2), Number(0, 9000, 2), Number(0, 90, 2)),
        };
        Maybe(usage, "months", () => _random.Next(1, 4));
        Maybe(usage, "settles", () => true);
        Maybe(usage, "closesYear", () => true);
        Maybe(usage, "prepaid", () => Number(0, 3000, 2));
        Maybe(usage, "cycle", () => new JsonObject { ["from"] = Day(first.AddDays(-9)), ["to"] = Day(last) });
        if (heat)
            Maybe(usage, "interruptions", () => Interruptions(first, last));
        return new JsonObject { ["supply"] = supply, ["usage"] = usage }.ToJsonString();
    }

    private JsonObject ElectricityComponent(int i)
    {
        var all = new (string Type, Action<JsonObject> Fill)[]
        {
            ("unit-price", UnitPrice), ("tiers", Tiers), ("time-of-use", TimeOfUse), ("fixed-charge", FixedCharge),
            ("minimum-charge", MinimumCharge), ("percentage", json => json["rate"] = Number(-0.2, 0.5, 4)),
            ("basic-charge", BasicCharge), ("power-factor", PowerFactor), ("losses", Losses),
            ("discount", Discount),
        };
        return Component(i, all);
    }

    private JsonObject HeatComponent(int i)
    {
        if (i == 0)
            return Component(0, [("heat-area", json => json["area"] = Area()), ("heat-two-part", TwoPart)]);
        return Component(i,
        [
            ("heat-outage", json => Maybe(json, "hours", () => 24)), ("heat-temperature", Temperature),
            ("discount", Discount), ("subsidy", Subsidy), ("fixed-charge", FixedCharge),
        ]);
    }

    private JsonObject Component(int i, (string Type, Action<JsonObject> Fill)[] kinds)
    {
        var (type, fill) = kinds[_random.Next(kinds.Length)];
        var needsOthers = type is "minimum-charge" or "percentage" or "power-factor" or "discount" or "subsidy";
        if (_ids.Count == 0 && needsOthers)
            (type, fill, needsOthers) = ("fixed-charge", FixedCharge, false);
        var json = new JsonObject { ["type"] = type, ["id"] = $"c{i}", ["label"] = Label() };
        fill(json);
        if (needsOthers)
            Maybe(json, "of", () => new JsonArray(Pick([.. _ids])));
        if (type is "unit-price" or "fixed-charge" || (type == "tiers" && json["period"]!.GetValue<string>() != "YEAR"))
            Maybe(json, "window", () => new JsonObject { ["from"] = "12-01", ["to"] = "02-29" });
        Maybe(json, "rounding", Rounding);
        Maybe(json, "taxable", () => false);
        if (type != "subsidy")
            Maybe(json, "onlyFor", () => new JsonArray("low-income"));
        if (type != "subsidy")
            _ids.Add($"c{i}");
        return json;
    }

    private void UnitPrice(JsonObject json)
    {
        json["price"] = Number(-1, 3, 7);
        Maybe(json, "register", () => Pick<JsonNode>("total", "peak", "export"));
        if ((string?)json["register"] != "export")
            Maybe(json, "netOf", () => "export");
        Maybe(json, "atMostPerMonth", () => 15);
        Maybe(json, "atLeast", () => 5);
        Maybe(json, "ratchet", () => new JsonObject { ["register"] = "peak", ["share"] = 0.8 });
    }

    private void Tiers(JsonObject json)
    {
        json["method"] = Pick("SPLIT", "INCREMENT", "WHOLE");
        json["period"] = Pick("MONTH", "YEAR", "DAY", "BILL");
        var (tiers, limit) = (new JsonArray(), 0m);
        for (var count = _random.Next(0, 4); count > 0; count--)
        {
            limit += 1m + decimal.Round((decimal)_random.NextDouble() * 3000m, 1);
            tiers.Add(new JsonObject { ["upTo"] = limit, ["price"] = tiers.Count == 0 ? 0 : Number(0, 2, 6) });
        }
        tiers.Add(new JsonObject { ["price"] = tiers.Count == 0 ? 0 : Number(0, 2, 6) });
        foreach (var tier in tiers)
            Maybe(tier!.AsObject(), "fixed", () => Number(0, 50, 2));
        json["tiers"] = tiers;
        Maybe(json, "extras", () => new JsonArray(new JsonObject { ["for"] = "large-household", ["perMonth"] = 100 }));
        Maybe(json, "perUnitOf", () => "demand");
        Maybe(json, "shareOf", () => "total");
    }

    private void TimeOfUse(JsonObject json)
    {
        json["periods"] = new JsonArray(
            new JsonObject { ["period"] = "PEAK", ["price"] = Number(0, 2, 6) },
            new JsonObject { ["period"] = "VALLEY", ["price"] = Number(0, 2, 6) },
            new JsonObject { ["period"] = "EXPORT", ["price"] = Number(-1, 0, 6) });
        if (_random.Next(2) == 0)
            json["mismatch"] = Pick("SPREAD", "AS_READ");
        else
            json["remainder"] = "PEAK";
    }

    private void FixedCharge(JsonObject json)
    {
        json["price"] = Number(-5, 50, 4);
        json["per"] = Pick("BILL", "MONTH", "DAY");
        if ((string?)json["per"] == "MONTH")
            Maybe(json, "partMonth", PartMonth);
        Maybe(json, "unusedShare", () => 0.5);
        Maybe(json, "times", () => new JsonObject { ["register"] = "ampere", ["unit"] = "A" });
    }

    private void MinimumCharge(JsonObject json)
    {
        json["amount"] = Number(0, 500, 2);
        json["per"] = Pick("BILL", "MONTH", "DAY", "YEAR");
        Maybe(json, "times", () => new JsonObject());
    }

    private void BasicCharge(JsonObject json)
    {
        json["capacity"] = new JsonObject { ["price"] = Number(0, 40, 2), ["sealedShare"] = 0.5 };
        json["demand"] = new JsonObject
        {
            ["price"] = Number(0, 60, 2), ["limit"] = 1.05, ["excessTimes"] = 2, ["leastShareOfCapacity"] = 0.4,
            ["highUse"] = new JsonObject { ["kwhPerKva"] = 260, ["factor"] = 0.9 },
            ["base"] = Pick("CONTRACT", "LIMIT"), ["excessOver"] = Pick("CONTRACT", "LIMIT"),
        };
        Maybe(json, "partMonth", PartMonth);
    }

    private void PowerFactor(JsonObject json)
    {
        json["standard"] = Pick(0.90m, 0.85m, 0.80m);
        json["below"] = new JsonArray(
            new JsonObject { ["points"] = 20, ["rate"] = 0.005 }, new JsonObject { ["rate"] = 0.02 });
        json["above"] = new JsonArray(new JsonObject { ["points"] = 5, ["rate"] = 0.0015 });
    }

    private void Losses(JsonObject json)
    {
        json["price"] = Number(0, 2, 4);
        json["share"] = Number(0, 0.1, 4);
        Maybe(json, "perMonth", () => new JsonObject());
    }

    private void Discount(JsonObject json)
    {
        json["rate"] = Number(0, 0.1, 3);
        json["paid"] = new JsonObject { ["from"] = "10-11", ["to"] = "10-31" };
    }

    private void Subsidy(JsonObject json)
    {
        json["share"] = Number(0, 1, 2);
        json["payer"] = "government";
        json["onlyFor"] = new JsonArray("low-income");
        Maybe(json, "upToM2", () => 60);
    }

    private void TwoPart(JsonObject json)
    {
        json["area"] = Area();
        json["basic"] = Pick(new JsonObject { ["share"] = 0.3 }, new JsonObject { ["price"] = 12 });
        json["metered"] = new JsonObject
        {
            ["price"] = Number(0, 1, 4), ["unit"] = Pick("KWH", "GJ"), ["correctionFactor"] = _random.Next(2) == 0,
        };
        json["cap"] = Pick<JsonNode>("NONE", "CAP_100", "CAP_110", 1.05);
    }

    private static void Temperature(JsonObject json)
    {
        json["standard"] = 18;
        json["bands"] = new JsonArray(
            new JsonObject { ["downTo"] = 16, ["share"] = 0.2 }, new JsonObject { ["share"] = 1 });
        json["affectedArea"] = true;
    }

    private JsonObject Area()
    {
        var area = new JsonObject
        {
            ["price"] = Number(0, 60, 2), ["per"] = Pick("SEASON", "MONTH", "DAY"), ["basis"] = "BUILDING",
            ["proration"] = Pick("BY_DAY", "NONE"), ["stoppedShare"] = 0.2,
        };
        Maybe(area, "height", () => new JsonObject
        {
            ["method"] = "STEP", ["above"] = 3.2, ["step"] = 0.1, ["rate"] = 0.03, ["legalDocument"] = "x",
            ["stepMode"] = Pick("FLOOR", "CEIL", "PROPORTIONAL"), ["exemptUses"] = new JsonArray("school"),
        });
        return area;
    }

    private JsonObject Interruptions(DateOnly first, DateOnly last)
    {
        var json = new JsonObject();
        var days = new JsonObject { ["from"] = Day(first.AddDays(3)), ["to"] = Day(last.AddDays(5)) };
        Maybe(json, "suspended", () => true);
        Maybe(json, "stopped", () => new JsonArray(days.DeepClone()));
        Maybe(json, "outages", () => new JsonArray(days.DeepClone()));
        Maybe(json, "cold", () =>
        {
            var cold = days.DeepClone().AsObject();
            (cold["celsius"], cold["affectedM2"]) = (Number(10, 20, 1), Number(0, 60, 1));
            return new JsonArray(cold);
        });
        return json;
    }

    private JsonObject Rounding() => new()
    {
        ["to"] = Pick(0.01m, 0.1m, 1m), ["mode"] = Pick("HALF_UP", "HALF_EVEN", "DOWN", "UP"),
    };

    private JsonNode PartMonth() => Pick("WHOLE", "CALENDAR_DAYS", "THIRTIETHS");

    private static JsonObject Label() => new() { ["zh"] = "文", ["en"] = "text" };

    private decimal Number(double from, double to, int decimals) =>
        decimal.Round((decimal)(from + _random.NextDouble() * (to - from)), decimals);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd");

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private void Maybe(JsonObject json, string name, Func<JsonNode> value)
    {
        if (_random.Next(3) == 0)
            json[name] = value();
    }
}
