using System.Globalization;
using System.Text.Json.Nodes;
using Billing.Contracts;
using Billing.Rating;

namespace Billing.Tariffs.Tests;

/// <summary>Plan documents for tests, and the questions asked of them.</summary>
internal static class Plans
{
    public static readonly DateRange October = new(new(2025, 10, 1), new(2025, 10, 31));
    public static readonly DateRange WholeSeason = new(new(2025, 11, 15), new(2026, 3, 15));
    public static readonly SupplyFacts Home = new(CustomerClass.Residential);

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "plans");

    /// <summary>A shipped plan, or a document for tests.</summary>
    public static string Text(string code)
    {
        var shipped = Path.Combine(Folder, code + ".json");
        return File.ReadAllText(File.Exists(shipped)
            ? shipped
            : Path.Combine(AppContext.BaseDirectory, "documents", code + ".json"));
    }

    public static JsonObject Json(string code) => JsonNode.Parse(Text(code))!.AsObject();

    public static PlanDocument Shipped(string code) => Parse(Text(code));

    public static PlanDocument Parse(string text)
    {
        if (!PlanDocument.TryParse(text, out var plan, out var errors))
            throw new InvalidOperationException(string.Join(Environment.NewLine, errors));
        return plan;
    }

    public const string NormalSeason = """ "season": {"from":"11-15","to":"03-15"}, """;

    public static PlanDocument Electricity(string components, string rounding = "LINE", string vatRate = "0.13") =>
        Parse(Document("Electricity", components, rounding, vatRate, ""));

    public static PlanDocument Heat(
        string component, string season = """{"from":"11-15","to":"03-15"}""", string rounding = "LINE",
        string vatRate = "0.09") =>
        Parse(Document("Heat", component, rounding, vatRate, $"\"season\": {season},"));

    public static string Document(
        string utility, string components, string rounding, string vatRate, string season) => $$"""
        {
          "code": "test", "version": 1, "name": {"zh": "测试", "en": "Test"}, "region": "北京市",
          "utility": "{{utility}}", "customerClasses": ["Residential"], "legalDocument": "none", "source": "test",
          "validFrom": "1990-01-01",
          "vat": [{"from": "1990-01-01", "treatment": "TAXED", "rate": {{vatRate}}}],
          "rounding": "{{rounding}}", {{season}} "components": [{{components}}]
        }
        """;

    /// <summary>What came before in the year, in a case.</summary>
    public static JsonObject Year(decimal charges, decimal net, decimal first) => new()
    {
        ["kwh"] = decimal.Truncate(charges), ["charges"] = charges, ["net"] = net,
        ["lines"] = new JsonObject { ["c0"] = first, ["c1"] = first },
    };

    public static string EnergyPrice(decimal price, string id = "energy") => $$"""
        {"type": "unit-price", "id": "{{id}}", "label": {"zh": "电费", "en": "Energy"}, "price": {{N(price)}}}
        """;

    /// <summary>Tiers at 0, limits[0], limits[1] … with one price more than limits.</summary>
    public static string Tiers(
        decimal[] limits, decimal[] prices, string method = "SPLIT", string id = "energy", decimal extra = 100m,
        string period = "MONTH")
    {
        var tiers = prices.Select((price, i) => i < limits.Length
            ? $$"""{"upTo": {{N(limits[i])}}, "price": {{N(price)}} }"""
            : $$"""{"price": {{N(price)}} }""");
        return $$"""
            {"type": "tiers", "id": "{{id}}", "label": {"zh": "阶梯", "en": "Tiers"}, "period": "{{period}}",
             "method": "{{method}}", "extras": [{"for": "large-household", "perMonth": {{N(extra)}} }],
             "tiers": [{{string.Join(", ", tiers)}}]}
            """;
    }

    public static string Fixed(decimal price, string per = "BILL") => $$"""
        {"type": "fixed-charge", "id": "fixed", "label": {"zh": "固定", "en": "Fixed"}, "price": {{N(price)}},
         "per": "{{per}}"}
        """;

    public static string DemandCharge(decimal price, string terms = "") => $$"""
        {"type": "basic-charge", "id": "basic", "label": {"zh": "基本电费", "en": "Basic charge"},
         "demand": {"price": {{N(price)}} {{(terms.Length > 0 ? ", " : "")}} {{terms}} } }
        """;

    /// <summary>The adjustment of the three standards in force since 1983 (rules.md E-16).</summary>
    public static string PowerFactor(decimal standard, params string[] of)
    {
        var above = standard switch
        {
            0.90m => """{"points": 5, "rate": 0.0015}""",
            0.85m => """{"points": 5, "rate": 0.001}, {"points": 4, "rate": 0.0015}""",
            _ => """{"points": 10, "rate": 0.001}, {"points": 2, "rate": 0.0015}""",
        };
        return $$"""
            {"type": "power-factor", "id": "pf", "label": {"zh": "力调电费", "en": "Power factor"},
             "standard": {{N(standard)}}, "of": [{{string.Join(", ", of.Select(name => $"\"{name}\""))}}],
             "below": [{"points": 20, "rate": 0.005}, {"points": 5, "rate": 0.01}, {"rate": 0.02}],
             "above": [{{above}}]}
            """;
    }

    public static string TimeOfUse(string remainder, params (string Period, decimal Price)[] periods)
    {
        var priced = periods.Select(p => $$"""{"period": "{{p.Period}}", "price": {{N(p.Price)}} }""");
        return $$"""
            {"type": "time-of-use", "id": "tou", "label": {"zh": "峰谷", "en": "Time of use"},
             "periods": [{{string.Join(", ", priced)}}], "remainder": "{{remainder}}"}
            """;
    }

    public static string Area(
        decimal price, string per = "SEASON", string proration = "BY_DAY", string basis = "\"BUILDING\"") =>
        $$"""{"per": "{{per}}", "basis": {{basis}}, "proration": "{{proration}}", "price": {{N(price)}} }""";

    public static string HeatArea(string area) => $$"""
        {"type": "heat-area", "id": "heat", "label": {"zh": "热费", "en": "Heat"}, "area": {{area}}}
        """;

    public static string TwoPart(
        string area, string basic, decimal metered, string cap = "NONE", string unit = "KWH", bool corrected = false) =>
        $$"""
        {"type": "heat-two-part", "id": "heat", "label": {"zh": "热费", "en": "Heat"}, "area": {{area}},
         "metered": {"price": {{N(metered)}}, "unit": "{{unit}}",
           "correctionFactor": {{(corrected ? "true" : "false")}} },
         "basic": {{basic}}, "cap": "{{cap}}"}
        """;

    public static Bill Bill(this PlanDocument plan, SupplyFacts supply, Usage usage)
    {
        var rated = plan.Rate(supply, usage);
        return rated.IsBill ? rated.Bill : throw new InvalidOperationException(rated.Refusal.Code);
    }

    public static Bill Bill(this PlanDocument plan, decimal kwh) =>
        plan.Bill(Home, new Usage(October) { TotalKwh = kwh });

    public static Bill Bill(this PlanDocument plan, decimal areaM2, DateRange heated) =>
        plan.Bill(Home with { AreaM2 = areaM2 }, new Usage(heated));

    public static decimal Quantity(this Bill bill, string line) =>
        Array.Find(bill.Lines, found => found.Id == line).Quantity;

    public static Money Yuan(string yuan) => Money.FromYuan(decimal.Parse(yuan, CultureInfo.InvariantCulture));

    public static string N(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
