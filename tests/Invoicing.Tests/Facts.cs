using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Contracts.Customer;
using Billing.Contracts.Tariff;
using Billing.Rating;

namespace Billing.Invoicing.Tests;

/// <summary>
/// The accounts, plans and readings of the tests. Dates lie in the past, for readings cannot be of tomorrow.
/// </summary>
internal static class Facts
{
    public const string Beijing = "beijing-residential-electricity";
    public const string Commercial = "commercial-electricity-tou";
    public const string BeijingHeat = "beijing-residential-heat";

    public static readonly BillingPeriod October = BillingPeriod.Parse("2025-10");
    public static readonly BillingPeriod November = BillingPeriod.Parse("2025-11");
    public static readonly BillingPeriod Winter = BillingPeriod.Parse("2025-2026");

    private static readonly DateTimeOffset Recorded = new(2025, 9, 1, 0, 0, 0, TimeSpan.Zero);

    private static Origin PlanEvent(long sequence) => new(
        Guid.Parse($"00000000-0000-0000-0001-{sequence:x12}"), sequence, sequence, Recorded.AddMinutes(sequence));

    public static DateOnly Day(string text) => DateOnly.Parse(text);

    public static AccountNo No(int number) => AccountNo.Parse($"{1_000_000_000 + number}");

    public static Meter Single(string no = "M1", decimal multiplier = 1m, int digits = 6) =>
        new(MeterNo.Parse(no), multiplier, digits, false);

    public static Meter TimeOfUse(string no = "M1", decimal multiplier = 1m) =>
        new(MeterNo.Parse(no), multiplier, 6, true);

    /// <summary>Meters that are in place, or were.</summary>
    public static MeterStay Stay(Meter? meter = null, string? from = null, string? to = null)
    {
        var known = meter ?? Single();
        return new(
            known.MeterNo, known.Multiplier, known.Digits, known.TimeOfUse, from is null ? null : Day(from),
            to is null ? null : Day(to));
    }

    public static AccountChanged Account(
        int number, string? plan = Beijing, string? heatPlan = null, decimal area = 98.76m, int version = 1,
        CustomerClass @class = CustomerClass.Residential, string opened = "2019-01-01", Meter[]? meters = null,
        string? since = null) => new(
        No(number), CustomerNo.Parse($"C{1_000_000 + number}"), "张*", Region.Parse("海淀区"),
        Project.Parse($"小区{number % 7}"), @class,
        plan is null ? null : new(PlanCode.Parse(plan), "<1kV", meters ?? [Single($"M{number}")]),
        heatPlan is null ? null : new(PlanCode.Parse(heatPlan), area, null, "住宅", false),
        Day(opened),
        new(Guid.Parse($"00000000-0000-0000-{version:x4}-{number:x12}"), number, version, Recorded),
        since is null ? null : Day(since));

    public static PlanPublished Plan(string code)
    {
        using var document = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plans", $"{code}.json")));
        var plan = PlanDocument.Parse(document.RootElement);
        return new(plan.Code, plan.Version, plan.ValidFrom, plan.ValidTo, document.RootElement.Clone(),
            new(Guid.Parse("00000000-0000-0000-0000-000000000001"), 1, 1, Recorded));
    }

    /// <summary>A version of a plan with chosen days, otherwise like Beijing's.</summary>
    public static PlanPublished Version(
        string code, int version, string from, string? to = null, long sequence = 1)
    {
        var json = JsonNode.Parse(Plan(Beijing).Document.GetRawText())!;
        (json["code"], json["version"], json["validFrom"]) = (code, version, from);
        if (to is not null)
            json["validTo"] = to;
        return new(
            PlanCode.Parse(code), version, Day(from), to is null ? null : Day(to),
            JsonElement.Parse(json.ToJsonString()), PlanEvent(sequence));
    }

    /// <summary>A version with one price for every kWh, divided by days or as read, and more components.</summary>
    public static PlanPublished Flat(
        string code, int version, string from, decimal price, bool asRead = false, params string[] more)
    {
        var known = Version(code, version, from, sequence: 20 + version);
        var json = JsonNode.Parse(known.Document.GetRawText())!;
        json["legalDocument"] = $"价格〔{version}〕号";
        json["components"] = JsonNode.Parse($$"""
            [{"type": "unit-price", "id": "energy", "label": {"zh": "电费", "en": "Energy"}, "price": {{price}}}
             {{string.Concat(more.Select(component => $", {component}"))}}]
            """);
        if (asRead)
            json["split"] = JsonNode.Parse("""{"method": "READ"}""");
        return known with { Document = JsonElement.Parse(json.ToJsonString()) };
    }

    /// <summary>What the bills of a year come to at least, yuan.</summary>
    public static string YearlyMinimum(int yuan) => $$"""
        {"type": "minimum-charge", "id": "minimum", "label": {"zh": "年最低", "en": "Minimum"}, "amount": {{yuan}},
         "per": "YEAR"}
        """;

    public static PlanDocument Parsed(PlanPublished plan) => PlanDocument.Parse(plan.Document);

    public static PlanSuperseded Superseded(PlanPublished version, int by, string last, long sequence) => new(
        version.Plan, version.Version, by, Day(last), version.Document, PlanEvent(sequence));

    public static PlanWithdrawn Withdrawn(PlanPublished version, long sequence) => new(
        version.Plan, version.Version, "错误", PlanEvent(sequence), version.Document);

    public static PlanDocument Document(string code) => PlanDocument.Parse(Plan(code).Document);
}
