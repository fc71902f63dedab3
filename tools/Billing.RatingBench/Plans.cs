using System.Text.Json;
using Billing.Rating;

namespace Billing.RatingBench;

internal static class Plans
{
    public static PlanDocument Shipped(string code)
    {
        using var json = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plans", code + ".json")));
        return PlanDocument.Parse(json.RootElement);
    }

    /// <summary>The two-part bill of rules.md 2.2 and 2.3 with all of its parts.</summary>
    public static PlanDocument Industry()
    {
        using var json = JsonDocument.Parse("""
            {
              "code": "bench", "version": 1, "name": {"zh": "大工业", "en": "Industry"}, "region": "x",
              "utility": "Electricity", "customerClasses": ["Industrial"], "legalDocument": "x", "source": "rules.md",
              "validFrom": "2020-01-01", "vat": [{"from": "2020-01-01", "treatment": "TAXED", "rate": 0.13}],
              "rounding": "LINE",
              "components": [
                {"type": "basic-charge", "id": "basic", "label": {"zh": "基本电费", "en": "Basic charge"},
                 "partMonth": "CALENDAR_DAYS", "capacity": {"price": 25.60, "sealedShare": 0},
                 "demand": {"price": 38.40, "limit": 1.05, "excessTimes": 2, "leastShareOfCapacity": 0.4,
                   "highUse": {"kwhPerKva": 260, "factor": 0.9}}},
                {"type": "time-of-use", "id": "energy", "label": {"zh": "电度电费", "en": "Energy"},
                 "periods": [{"period": "PEAK", "price": 0.912}, {"period": "FLAT", "price": 0.608},
                   {"period": "VALLEY", "price": 0.304}], "remainder": "FLAT"},
                {"type": "unit-price", "id": "rural", "label": {"zh": "农网", "en": "Rural"}, "price": 0.02},
                {"type": "unit-price", "id": "renewable", "label": {"zh": "可再生", "en": "Renewable"}, "price": 0.019},
                {"type": "unit-price", "id": "water", "label": {"zh": "水利", "en": "Water"}, "price": 0.0011375},
                {"type": "unit-price", "id": "resettle", "label": {"zh": "移民", "en": "Resettlement"},
                 "price": 0.0026},
                {"type": "power-factor", "id": "pf", "label": {"zh": "力调", "en": "Power factor"}, "standard": 0.90,
                 "of": ["basic", "energy"],
                 "below": [{"points": 20, "rate": 0.005}, {"points": 5, "rate": 0.01}, {"rate": 0.02}],
                 "above": [{"points": 5, "rate": 0.0015}]}
              ]
            }
            """);
        return PlanDocument.Parse(json.RootElement);
    }
}
