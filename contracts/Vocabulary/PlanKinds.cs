using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>The status of a version of a price plan in Tariff, which owns it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlanVersionStatus>))]
public enum PlanVersionStatus
{
    /// <summary>A draft; it bills nobody.</summary>
    Drafted,

    /// <summary>In force on its days; its document never changes again.</summary>
    Published,

    /// <summary>Not to be used for new invoices; invoices it billed keep their explanation.</summary>
    Withdrawn,
}

/// <summary>The state of a version of a price plan in a replica.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KnownPlanState>))]
public enum KnownPlanState
{
    /// <summary>In force on its days.</summary>
    [JsonStringEnumMemberName("published")]
    Published,

    /// <summary>In force until its successor's first day.</summary>
    [JsonStringEnumMemberName("superseded")]
    Superseded,

    /// <summary>Not to be used for new invoices.</summary>
    [JsonStringEnumMemberName("withdrawn")]
    Withdrawn,
}
