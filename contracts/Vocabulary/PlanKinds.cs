using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>What became of a version of a price plan in Tariff, which writes it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlanVersionStatus>))]
public enum PlanVersionStatus
{
    /// <summary>Still being written; bills nobody.</summary>
    Drafted,

    /// <summary>In force in its days, and its document never changed again.</summary>
    Published,

    /// <summary>Not to be used for new invoices; what it billed keeps its explanation.</summary>
    Withdrawn,
}

/// <summary>What a service that was told of a version of a price plan knows of it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KnownPlanState>))]
public enum KnownPlanState
{
    /// <summary>In force in its days.</summary>
    [JsonStringEnumMemberName("published")]
    Published,

    /// <summary>In force until its successor begins.</summary>
    [JsonStringEnumMemberName("superseded")]
    Superseded,

    /// <summary>Not to be used for new invoices.</summary>
    [JsonStringEnumMemberName("withdrawn")]
    Withdrawn,
}
