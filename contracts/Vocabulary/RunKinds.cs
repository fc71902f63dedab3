using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>The state of a billing run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
public enum RunState
{
    /// <summary>Its accounts are being drafted.</summary>
    [JsonStringEnumMemberName("drafting")]
    Drafting,

    /// <summary>Every account is drafted or held back; waiting for a person's review before posting.</summary>
    [JsonStringEnumMemberName("drafted")]
    Drafted,

    /// <summary>Its invoices are being issued.</summary>
    [JsonStringEnumMemberName("posting")]
    Posting,

    /// <summary>All its invoices are issued.</summary>
    [JsonStringEnumMemberName("posted")]
    Posted,

    /// <summary>A person abandoned it before it was posted; it billed nobody.</summary>
    [JsonStringEnumMemberName("abandoned")]
    Abandoned,

    /// <summary>The remaining chunks failed too often and wait for a person.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>The state of an account that a run held back.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunExceptionState>))]
public enum RunExceptionState
{
    /// <summary>Waiting for a person's decision; not posted until then.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>A person released its draft for posting.</summary>
    [JsonStringEnumMemberName("released")]
    Released,

    /// <summary>A person excluded it from the run.</summary>
    [JsonStringEnumMemberName("excluded")]
    Excluded,
}
