using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>Mistakes in the components of electricity plans; see <see cref="PlanMistakes"/>.</summary>
public static class ComponentMistakes
{
    private const string Tiers = "beijing-residential-electricity";
    private const string Tou = "commercial-electricity-tou";

    /// <summary>Mistakes that the schema sees too.</summary>
    public static TheoryData<string, string, string, string> Seen
    {
        get
        {
            var rows = new TheoryData<string, string, string, string>
            {
                { Tiers, "components[0].period", "\"WEEK\"", "$.components[0].period" },
                { Tiers, "components[0].method", "\"SUM\"", "$.components[0].method" },
                { Tiers, "components[0].extras[0].perMonth", "-1", "$.components[0].extras[0].perMonth" },
                { Tiers, "components[0].tiers", "[]", "$.components[0].tiers" },
                { Tiers, "components[0].tiers[1].price", "-1000000.1", "$.components[0].tiers[1].price" },
                { Tiers, "components[0].tiers[1].price", "1000000.1", "$.components[0].tiers[1].price" },
                { Tiers, "components[0].tiers[1].price", "1e400", "$.components[0].tiers[1].price" },
                { Tiers, "components[0].tiers[1].price", "\"0.5\"", "$.components[0].tiers[1].price" },
                { Tiers, "components[0].tiers[1].colour", "1", "$.components[0].tiers[1].colour" },
                { Tou, "components[0].periods[2].period", "\"noon\"", "$.components[0].periods[2].period" },
                { Tou, "components[0].price", "1", "$.components[0].price" },
                { "all-electricity", "components[6].per", "\"DAY\"", "$.components[6].partMonth" },
            };
            UnitPriceAndTiers((component, place, json, inside) => Add(rows, component, place, json, inside));
            TimeOfUseAndFixed((component, place, json, inside) => Add(rows, component, place, json, inside));
            Industry((component, place, json, inside) => Add(rows, component, place, json, inside));
            return rows;
        }
    }

    /// <summary>Mistakes that only the reader sees: between members.</summary>
    public static TheoryData<string, string, string, string> Unseen
    {
        get
        {
            var rows = new TheoryData<string, string, string, string>
            {
                { Tiers, "components[0].method", "\"INCREMENT\"", "$.components[0].tiers[0].price" },
                { Tiers, "components[0].tiers[0].upTo", "0", "$.components[0].tiers[0].upTo" },
                { Tiers, "components[0].tiers[0].upTo", "", "$.components[0].tiers[0].upTo" },
                { Tiers, "components[0].tiers[1].upTo", "240", "$.components[0].tiers[1].upTo" },
                { Tiers, "components[0].tiers[2].upTo", "900", "$.components[0].tiers[2].upTo" },
                { Tiers, "components[0].tiers[1].price", "0.12345678901", "$.components[0].tiers[1].price" },
                { Tou, "components[0].periods[2].period", "\"PEAK\"", "$.components[0].periods[2].period" },
                { Tou, "components[0].remainder", "\"NOON\"", "$.components[0].remainder" },
                { Tou, "components[0].periods", "[{\"period\":\"PEAK\",\"price\":1}]", "$.components[0].remainder" },
                { Tou, "components[0].periods[0].register", "\"valley\"", "$.components[0].periods[2].register" },
            };
            Add(rows, 0, "netOf", "\"total\"", "");
            Add(rows, 5, "periods[1].register", "\"peak\"", "");
            Add(rows, 7, "of", "[\"tou\",\"nothing\"]", "[1]");
            Add(rows, 7, "of", "[\"tou\",\"tou.peak\"]", "[1]");
            Add(rows, 7, "of", "[\"aid\"]", "[0]");
            Add(rows, 8, "of", "[\"city\"]", "[0]");
            Add(rows, 10, "standard", "0.905", "");
            Add(rows, 10, "below[0].points", "", "");
            Add(rows, 10, "of", "[\"pf\"]", "[0]");
            Add(rows, 12, "of", "[\"early\"]", "[0]");
            Add(rows, 13, "of", "[\"aid\"]", "[0]");
            rows.Add("percentage-only", "region", "\"x\"", "$.components[0].of");
            return rows;
        }
    }

    private static void UnitPriceAndTiers(Action<int, string, string, string> add)
    {
        add(0, "price", "", "");
        add(0, "price", "1000001", "");
        add(0, "register", "\"Total\"", "");
        add(0, "register", "\"\"", "");
        add(0, "unit", "\"MWh\"", "");
        add(0, "netOf", "1", "");
        add(0, "atLeast", "-1", "");
        add(0, "atMostPerMonth", "\"many\"", "");
        add(0, "optional", "0", "");
        add(0, "ratchet", "0.8", "");
        add(0, "ratchet.register", "", "");
        add(0, "ratchet.share", "1.1", "");
        add(0, "ratchet.months", "12", "");
        add(0, "partMonth", "\"THIRTIETHS\"", "");
        add(0, "per", "\"MONTH\"", "");
        add(1, "partMonth", "\"HALVES\"", "");
        add(2, "period", "", "");
        add(2, "method", "", "");
        add(2, "tiers[1]", "200", "");
        add(2, "tiers[1].upTo", "\"200\"", "");
        add(2, "tiers[1].upTo", "1000000001", "");
        add(2, "tiers[0].fixed", "-1", "");
        add(2, "extras", "[]", "");
        add(2, "extras[0]", "100", "");
        add(2, "extras[0].for", "", "");
        add(2, "extras[0].perYear", "1200", "");
        add(2, "perUnitOf", "\"kW of demand\"", "");
        add(2, "shareOf", "7", "");
        add(2, "midYear", "\"WHOLE\"", "");
        add(2, "partMonth", "1", "");
        add(2, "register", "null", "");
        add(3, "midYear", "\"HALF\"", "");
        add(3, "unit", "\"kW\"", "");
        add(3, "window", "{\"from\":\"06-01\",\"to\":\"08-31\"}", "");
    }

    private static void TimeOfUseAndFixed(Action<int, string, string, string> add)
    {
        add(4, "periods", "[]", "");
        add(4, "periods[0]", "\"SHARP\"", "");
        add(4, "periods[0].period", "", "");
        add(4, "periods[0].price", "", "");
        add(4, "periods[0].register", "\"peak 2\"", "");
        add(4, "periods[0].label.zh", "1", "");
        add(4, "periods[0].hours", "\"8-11\"", "");
        add(4, "mismatch", "\"SPREAD\"", "");
        add(4, "remainder", "", "");
        add(4, "remainder", "1", "");
        add(4, "total", "\"\"", "");
        add(5, "mismatch", "\"IGNORE\"", "");
        add(6, "price", "\"31.175\"", "");
        add(6, "per", "\"YEAR\"", "");
        add(6, "partMonth", "\"HALVES\"", "");
        add(6, "unusedShare", "1.5", "");
        add(6, "times", "1", "");
        add(6, "times.register", "", "");
        add(6, "times.unit", "\"ampere\"", "");
        add(6, "times.each", "10", "");
        add(7, "amount", "", "");
        add(7, "amount", "-1", "");
        add(7, "per", "\"QUARTER\"", "");
        add(7, "times", "\"capacity\"", "");
        add(7, "times.register", "\"K V A\"", "");
        add(7, "of", "\"tou\"", "");
        add(8, "rate", "11", "");
        add(8, "rate", "", "");
        add(8, "of[0]", "1", "");
    }

    private static void Industry(Action<int, string, string, string> add)
    {
        add(9, "capacity", "25.6", "");
        add(9, "capacity.price", "-1", "");
        add(9, "capacity.sealedShare", "2", "");
        add(9, "capacity.method", "1", "");
        add(9, "demand", "38.4", "");
        add(9, "demand.price", "", "");
        add(9, "demand.limit", "0.95", "");
        add(9, "demand.floor", "1.05", "");
        add(9, "demand.base", "\"MEASURED\"", "");
        add(9, "demand.excessOver", "\"BASE\"", "");
        add(9, "demand.excessTimes", "11", "");
        add(9, "demand.leastShareOfCapacity", "40", "");
        add(9, "demand.highUse", "260", "");
        add(9, "demand.highUse.kwhPerKva", "", "");
        add(9, "demand.highUse.factor", "1.1", "");
        add(9, "demand.register", "\"Demand\"", "");
        add(9, "demand.contract", "400", "");
        add(9, "partMonth", "\"DAYS\"", "");
        add(9, "capacityRegister", "\"\"", "");
        add(10, "standard", "90", "");
        add(10, "standard", "", "");
        add(10, "below", "", "");
        add(10, "below[0].points", "0", "");
        add(10, "below[0].rate", "", "");
        add(10, "above", "[]", "");
        add(10, "above[0]", "0.0015", "");
        add(10, "active", "\"total\"", "");
        add(10, "active.register", "\"Total\"", "");
        add(10, "reactive.unit", "\"var\"", "");
        add(11, "price", "-0.5", "");
        add(11, "perMonth", "304", "");
        add(11, "perMonth.register", "\"\"", "");
        add(11, "share", "1.02", "");
        add(11, "decimals", "7", "");
        add(11, "partMonth", "\"DAYS\"", "");
        add(12, "rate", "1.5", "");
        add(12, "paid", "", "");
        add(12, "paid.to", "", "");
        add(12, "channels", "[\"\"]", "[0]");
        add(12, "classes", "[\"Private\"]", "[0]");
        add(12, "fullPayment", "\"yes\"", "");
        add(12, "noArrears", "null", "");
        add(13, "share", "", "");
        add(13, "upToM2", "-1", "");
        add(13, "payer", "", "");
        add(13, "onlyFor", "", "");
    }

    /// <summary>
    /// A component of the electricity plan, a place in it, and where in that place the mistake is named.
    /// </summary>
    private static void Add(
        TheoryData<string, string, string, string> rows, int component, string place, string json, string inside) =>
        rows.Add(
            "all-electricity", $"components[{component}].{place}", json, $"$.components[{component}].{place}{inside}");
}
