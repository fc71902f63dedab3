using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>
/// Mistakes in plan documents: a document, a place in it, what to put there (nothing removes it), and where the mistake
/// is named, and nowhere else.
/// </summary>
public static class PlanMistakes
{
    private const string Tiers = "beijing-residential-electricity";
    private const string Tou = "commercial-electricity-tou";
    private const string Area = "beijing-residential-heat";
    private const string TwoPart = "beijing-residential-heat-metered";
    private const string Power = "all-electricity";

    /// <summary>Mistakes in the head of a plan that its schema sees too.</summary>
    public static TheoryData<string, string, string, string> InHead => new()
    {
        { Tiers, "code", "", "$.code" },
        { Tiers, "code", "\"Beijing\"", "$.code" },
        { Tiers, "version", "0", "$.version" },
        { Tiers, "version", "1.5", "$.version" },
        { Tiers, "version", "\"1\"", "$.version" },
        { Tiers, "name", "\"x\"", "$.name" },
        { Tiers, "name.zh", "", "$.name.zh" },
        { Tiers, "name.en", "\" \"", "$.name.en" },
        { Tiers, "name.fr", "\"x\"", "$.name.fr" },
        { Tiers, "region", "\"\"", "$.region" },
        { Tiers, "utility", "\"Water\"", "$.utility" },
        { Tiers, "customerClasses", "[]", "$.customerClasses" },
        { Tiers, "customerClasses", "[\"Residential\",\"Nobody\"]", "$.customerClasses[1]" },
        { Tiers, "customerClasses", "[\"Residential\",\"Residential\"]", "$.customerClasses[1]" },
        { Tiers, "customerClasses", "[7]", "$.customerClasses[0]" },
        { Tiers, "legalDocument", "", "$.legalDocument" },
        { Tiers, "source", "null", "$.source" },
        { Tiers, "validFrom", "\"1899-12-31\"", "$.validFrom" },
        { Tiers, "validTo", "\"soon\"", "$.validTo" },
        { Power, "currency", "\"yuan\"", "$.currency" },
        { Power, "currency", "\"cny\"", "$.currency" },
        { Power, "currency", "null", "$.currency" },
        { Power, "tax", "\"NONE\"", "$.tax" },
        { Area, "vat[0].to", "\"soon\"", "$.vat[0].to" },
        { Area, "vat[1].from", "", "$.vat[1].from" },
        { Tiers, "vat", "[]", "$.vat" },
        { Tiers, "vat", "[1]", "$.vat[0]" },
        { Tiers, "vat[0].rate", "", "$.vat[0].rate" },
        { Tiers, "vat[0].rate", "1.01", "$.vat[0].rate" },
        { Tiers, "vat[0].treatment", "\"FREE\"", "$.vat[0].treatment" },
        { Area, "vat[0].rate", "0", "$.vat[0].rate" },
        { Area, "vat[0].treatment", "\"FREE\"", "$.vat[0].treatment" },
        { Tiers, "rounding", "\"NEVER\"", "$.rounding" },
        { Tiers, "rounding", "1", "$.rounding" },
        { Power, "rounding", "{}", "$.rounding.line" },
        { Power, "rounding.line", "1", "$.rounding.line" },
        { Power, "rounding.line.to", "", "$.rounding.line.to" },
        { Power, "rounding.line.to", "0", "$.rounding.line.to" },
        { Power, "rounding.total.mode", "\"SIDEWAYS\"", "$.rounding.total.mode" },
        { Power, "rounding.tax", "{}", "$.rounding.tax" },
        { Power, "split.method", "\"GUESS\"", "$.split.method" },
        { Power, "split.method", "", "$.split.method" },
        { Power, "split.decimals", "7", "$.split.decimals" },
        { Power, "split.by", "1", "$.split.by" },
        { Area, "season.months", "13", "$.season.months" },
        { Area, "season.weeks", "13", "$.season.weeks" },
        { Area, "season.to", "", "$.season.to" },
        { Area, "season", "3", "$.season" },
        { Tiers, "surprise", "1", "$.surprise" },
        { Tiers, "components", "{}", "$.components" },
        { Tiers, "components", "[]", "$.components" },
        { Tiers, "components[0]", "3", "$.components[0]" },
        { Tiers, "components[0].type", "", "$.components[0].type" },
        { Tiers, "components[0].type", "\"magic\"", "$.components[0].type" },
        { Tiers, "components[0].id", "\"a.b\"", "$.components[0].id" },
        { Tiers, "components[0].id", "\"rounding\"", "$.components[0].id" },
        { Tiers, "components[0].id", "\"tax\"", "$.components[0].id" },
        { Tiers, "components[0].id", "\"0123456789012345678901234567890123\"", "$.components[0].id" },
        { Tiers, "components[0].label.en", "", "$.components[0].label.en" },
        { Power, "components[0].onlyFor", "\"farm\"", "$.components[0].onlyFor" },
        { Power, "components[0].onlyFor", "[]", "$.components[0].onlyFor" },
        { Power, "components[0].notFor[0]", "\" \"", "$.components[0].notFor[0]" },
        { Power, "components[0].taxable", "\"no\"", "$.components[0].taxable" },
        { Power, "components[0].rounding", "\"LINE\"", "$.components[0].rounding" },
        { Power, "components[0].rounding.mode", "", "$.components[0].rounding.mode" },
        { Power, "components[0].window", "{\"from\":\"01-01\"}", "$.components[0].window.to" },
        { Power, "components[0].window", "1", "$.components[0].window" },
        { Power, "components[0].window.from", "\"01-01\"", "$.components[0].window.from" },
        { Power, "components[2].window.to", "\"10-1\"", "$.components[2].window.to" },
        { Power, "components[8].window", "{\"from\":\"01-01\",\"to\":\"06-30\"}", "$.components[8].window" },
    };

    /// <summary>
    /// Mistakes in the head of a plan that only its reader sees: between members, or in the calendar.
    /// </summary>
    public static TheoryData<string, string, string, string> InHeadUnseen => new()
    {
        { Tiers, "validFrom", "\"2026-02-30\"", "$.validFrom" },
        { Tiers, "validTo", "\"2019-03-31\"", "$.validTo" },
        { Tiers, "vat[0].from", "\"2019-04-02\"", "$.vat[0].from" },
        { Tiers, "vat[0].to", "\"2019-03-31\"", "$.vat[0].to" },
        { Tiers, "vat[0].to", "\"2030-12-31\"", "$.vat[0].to" },
        { Area, "vat[1].from", "\"2028-03-17\"", "$.vat[1].from" },
        { Area, "vat[1].from", "\"2028-03-15\"", "$.vat[1].from" },
        { Area, "vat[0].to", "", "$.vat[1].from" },
        { Power, "rounding.line.to", "0.015", "$.rounding.line.to" },
        { Power, "components[0].rounding.to", "0.015", "$.components[0].rounding.to" },
        { Tou, "utility", "\"Heat\"", "$.components[0].type" },
        { "beijing-commercial-heat", "utility", "\"Electricity\"", "$.components[0].type" },
        { Power, "components[0].id", "\"demand\"", "$.components[1].id" },
        { Area, "season", "", "$.season" },
        { Area, "season.from", "\"02-30\"", "$.season.from" },
        { Power, "components[0].window.toDate", "\"2025-06-30\"", "$.components[0].window.toDate" },
        { Power, "components[2].window.to", "\"02-30\"", "$.components[2].window.to" },
        { Power, "suspension", "{\"share\":0}", "$.suspension" },
    };

    /// <summary>Mistakes in the terms of penalty and suspension.</summary>
    public static TheoryData<string, string, string, string> InTerms => new()
    {
        { Power, "penalty", "[]", "$.penalty" },
        { Power, "penalty.rates", "[]", "$.penalty.rates" },
        { Power, "penalty.rates[0]", "1", "$.penalty.rates[0]" },
        { Power, "penalty.rates[0].classes", "[\"Nobody\"]", "$.penalty.rates[0].classes[0]" },
        { Power, "penalty.rates[0].rate", "", "$.penalty.rates[0].rate" },
        { Power, "penalty.rates[1].rate", "0.2", "$.penalty.rates[1].rate" },
        { Power, "penalty.rates[1].crossYearRate", "-1", "$.penalty.rates[1].crossYearRate" },
        { Power, "penalty.crossYear", "\"NEVER\"", "$.penalty.crossYear" },
        { Power, "penalty.base", "\"ALL\"", "$.penalty.base" },
        { Power, "penalty.partial", "\"BOTH\"", "$.penalty.partial" },
        { Power, "penalty.frozenWhileStopped", "1", "$.penalty.frozenWhileStopped" },
        { Power, "penalty.minimum", "[]", "$.penalty.minimum" },
        { Power, "penalty.minimum[0].amount", "", "$.penalty.minimum[0].amount" },
        { Power, "penalty.minimum[0].amount", "1001", "$.penalty.minimum[0].amount" },
        { Power, "penalty.minimum[1].to", "\"soon\"", "$.penalty.minimum[1].to" },
        { Power, "penalty.minimum[1].from", "1", "$.penalty.minimum[1].from" },
        { Power, "penalty.cap", "11", "$.penalty.cap" },
        { Power, "penalty.grace", "5", "$.penalty.grace" },
        { "all-heat", "suspension.share", "", "$.suspension.share" },
        { "all-heat", "suspension.share", "1.5", "$.suspension.share" },
        { "all-heat", "suspension.applyBy", "\"30 September\"", "$.suspension.applyBy" },
        { "all-heat", "suspension.daysBefore", "15", "$.suspension.daysBefore" },
        { "all-heat", "suspension.minimumSeasons", "0", "$.suspension.minimumSeasons" },
        { "all-heat", "suspension.noAction", "\"HOPE\"", "$.suspension.noAction" },
        { "all-heat", "suspension.fee", "1", "$.suspension.fee" },
    };

    /// <summary>Mistakes in the terms of a penalty that only the reader sees.</summary>
    public static TheoryData<string, string, string, string> InTermsUnseen => new()
    {
        { Power, "penalty.rates[1].classes", "[\"Industrial\",\"Residential\"]", "$.penalty.rates[1].classes" },
        { Power, "penalty.minimum[0].to", "", "$.penalty.minimum[0].to" },
        { Power, "penalty.minimum[1].to", "\"2026-05-31\"", "$.penalty.minimum[0].to" },
        { Power, "penalty.minimum[0].amount", "1.005", "$.penalty.minimum[0].amount" },
    };

    /// <summary>Mistakes in heat components that the schema sees too.</summary>
    public static TheoryData<string, string, string, string> InHeat
    {
        get
        {
            var rows = new TheoryData<string, string, string, string>
            {
                { Area, "components[0].area", "", "$.components[0].area" },
                { Area, "components[0].area", "24", "$.components[0].area" },
                { Area, "components[0].area.per", "\"WEEK\"", "$.components[0].area.per" },
                { Area, "components[0].area.basis", "\"RENTED\"", "$.components[0].area.basisFactor" },
                { Area, "components[0].area.basisFactor", "1.3", "$.components[0].area.basisFactor" },
                { Area, "components[0].area.proration", "\"HOUR\"", "$.components[0].area.proration" },
                { TwoPart, "components[0].basic", "{}", "$.components[0].basic.price" },
                { TwoPart, "components[0].basic", "12", "$.components[0].basic" },
                { TwoPart, "components[0].basic.share", "0.3", "$.components[0].basic.share" },
                { TwoPart, "components[0].basic", "{\"share\":1.1}", "$.components[0].basic.share" },
                { TwoPart, "components[0].metered", "", "$.components[0].metered" },
                { TwoPart, "components[0].metered.price", "-1", "$.components[0].metered.price" },
                { TwoPart, "components[0].metered.unit", "\"BTU\"", "$.components[0].metered.unit" },
                { TwoPart, "components[0].metered.correctionFactor", "1",
                    "$.components[0].metered.correctionFactor" },
                { TwoPart, "components[0].metered.correctionFactor", "",
                    "$.components[0].metered.correctionFactor" },
                { TwoPart, "components[0].cap", "\"CAP_120\"", "$.components[0].cap" },
                { TwoPart, "components[0].cap", "", "$.components[0].cap" },
                { TwoPart, "components[0].cap", "0", "$.components[0].cap" },
            };
            Add(rows, 0, "area.price", "10001", "");
            Add(rows, 0, "area.basis", "\"FLAT\"", "");
            Add(rows, 0, "area.basisFactor", "11", "");
            Add(rows, 0, "area.height", "3", "");
            Add(rows, 0, "area.height.method", "\"GUESS\"", "");
            Add(rows, 0, "area.height.method", "", "");
            Add(rows, 0, "area.height.above", "0.9", "");
            Add(rows, 0, "area.height.step", "", "");
            Add(rows, 0, "area.height.step", "0", "");
            Add(rows, 0, "area.height.rate", "2", "");
            Add(rows, 0, "area.height.stepMode", "\"NEAREST\"", "");
            Add(rows, 0, "area.height.exemptUses", "[3]", "[0]");
            Add(rows, 0, "area.height.legalDocument", "", "");
            Add(rows, 1, "area.height.step", "0.1", "");
            Add(rows, 0, "area.useFactors", "[]", "");
            Add(rows, 0, "area.useFactors[0].factor", "11", "");
            Add(rows, 0, "area.useFactors[0].use", "\"\"", "");
            Add(rows, 0, "area.useFactors[0]", "\"商铺\"", "");
            Add(rows, 0, "area.stoppedShare", "1.01", "");
            Add(rows, 2, "area.proration", "\"BY_MONTH\"", "");
            Add(rows, 3, "hours", "-1", "");
            Add(rows, 3, "cumulatedDays", "7.5", "");
            Add(rows, 3, "of", "[]", "");
            Add(rows, 3, "days", "1", "");
            Add(rows, 4, "standard", "", "");
            Add(rows, 4, "standard", "51", "");
            Add(rows, 4, "bands", "", "");
            Add(rows, 4, "bands[1]", "16", "");
            Add(rows, 4, "bands[0].downTo", "\"16\"", "");
            Add(rows, 4, "bands[0].share", "1.1", "");
            Add(rows, 4, "boundary", "\"LOWER\"", "");
            Add(rows, 4, "baseShare", "1.1", "");
            Add(rows, 4, "affectedArea", "60", "");
            Add(rows, 4, "hours", "10000", "");
            return rows;
        }
    }

    /// <summary>Mistakes in heat components that only the reader sees.</summary>
    public static TheoryData<string, string, string, string> InHeatUnseen
    {
        get
        {
            var rows = new TheoryData<string, string, string, string>
            {
                { Area, "components[0].area.per", "\"MONTH\"", "$.season.months" },
                { Area, "components[0].area.proration", "\"BY_HALF_MONTH\"", "$.season.months" },
                { "all-heat", "components[0].area.useFactors",
                    "[{\"use\":\"商铺\",\"factor\":1.2},{\"use\":\"商铺\",\"factor\":1.3}]",
                    "$.components[0].area.useFactors[1].use" },
                { "refunds-only", "region", "\"x\"", "$.components[1].type" },
            };
            Add(rows, 3, "of[0]", "\"outage\"", "");
            Add(rows, 4, "bands[0].downTo", "", "");
            Add(rows, 4, "bands[0].downTo", "18", "");
            Add(rows, 4, "bands[1].downTo", "16", "");
            Add(rows, 4, "bands[2].downTo", "12", "");
            Add(rows, 4, "bands[1].share", "0.2", "");
            return rows;
        }
    }

    /// <summary>A component of the heat plan, a place in it, and where in that place the mistake is named.</summary>
    private static void Add(
        TheoryData<string, string, string, string> rows, int component, string place, string json, string inside) =>
        rows.Add("all-heat", $"components[{component}].{place}", json, $"$.components[{component}].{place}{inside}");
}
