using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Contracts;
using Billing.Rating;
using Billing.Testing;

namespace Billing.Tariffs.Tests.Service;

/// <summary>Versions of one plan with chosen days.</summary>
internal static class Given
{
    public static readonly PlanCode Code = PlanCode.Parse("beijing-residential-electricity");
    public static readonly Spec<PricePlan, PricePlanEvent> Spec = new(PricePlan.Streams);
    public static readonly DateOnly From = new(2026, 1, 1);
    public static readonly DateOnly To = new(2026, 12, 31);

    public static JsonElement Document(
        int version = 1, DateOnly? from = null, DateOnly? to = null, string zh = "居民电价", string? code = null)
    {
        var json = Plans.Json(Code.Value);
        json["code"] = code ?? Code.Value;
        json["version"] = version;
        json["name"]!["zh"] = zh;
        json["validFrom"] = (from ?? From).ToString("yyyy-MM-dd", null);
        if (to is { } last)
            json["validTo"] = last.ToString("yyyy-MM-dd", null);
        return Element(json);
    }

    public static JsonElement InYen(int version = 1)
    {
        var json = JsonNode.Parse(Document(version).GetRawText())!;
        json["currency"] = "JPY";
        return Element(json);
    }

    public static JsonElement Element(JsonNode json) => JsonElement.Parse(json.ToJsonString());

    public static DraftPlan Draft(JsonElement document, int version = 1) =>
        new(Code, version, document, PlanDocument.Parse(document), "wang");

    public static PlanDrafted Drafted(int version = 1, DateOnly? from = null, DateOnly? to = null) =>
        new(Code, version, from ?? From, to, Document(version, from, to), "wang");

    public static PlanPublished Published(int version = 1, DateOnly? from = null, DateOnly? to = null) =>
        new(Code, version, from ?? From, to, Document(version, from, to), "zhang");

    public static PlanWithdrawn Withdrawn(int version = 1) =>
        new(Code, version, "wrong price", "li", Document(version));

    public static PlanSuperseded Superseded(
        DateOnly last, int by = 2, int version = 1, DateOnly? from = null, DateOnly? to = null) =>
        new(Code, version, by, last, Document(version, from, to));
}
