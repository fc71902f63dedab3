using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>How far a billing run is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
public enum RunState
{
    /// <summary>Its accounts are being drafted.</summary>
    [JsonStringEnumMemberName("drafting")]
    Drafting,

    /// <summary>Every account is drafted or held back; a person looks at it before it is posted.</summary>
    [JsonStringEnumMemberName("drafted")]
    Drafted,

    /// <summary>Its invoices are being issued.</summary>
    [JsonStringEnumMemberName("posting")]
    Posting,

    /// <summary>All its invoices are issued.</summary>
    [JsonStringEnumMemberName("posted")]
    Posted,

    /// <summary>A person gave it up before it was posted; nobody was billed by it.</summary>
    [JsonStringEnumMemberName("abandoned")]
    Abandoned,

    /// <summary>What is left to draft or to post failed too often and waits for a person.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>What became of an account that a run held back.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunExceptionState>))]
public enum RunExceptionState
{
    /// <summary>A person has to decide; it is not posted until then.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>A person let its draft be posted.</summary>
    [JsonStringEnumMemberName("released")]
    Released,

    /// <summary>A person took it out of the run.</summary>
    [JsonStringEnumMemberName("excluded")]
    Excluded,
}
