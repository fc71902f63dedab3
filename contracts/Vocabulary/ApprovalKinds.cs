using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>The status of a proposal (提议) that a second person decides (复核).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProposalStatus>))]
public enum ProposalStatus
{
    /// <summary>Waiting for the decision of another person.</summary>
    Open,

    /// <summary>Approved and carried out, which is one act.</summary>
    Approved,

    /// <summary>Rejected by another person.</summary>
    Rejected,

    /// <summary>Withdrawn by whoever made it.</summary>
    Withdrawn,

    /// <summary>Nobody decided it in time.</summary>
    Expired,

    /// <summary>What it would do had changed when it was approved, so nothing was done.</summary>
    Failed,
}

/// <summary>One thing that a proposal changes, for the person who decides.</summary>
/// <param name="What">What changes, in a word of the glossary.</param>
/// <param name="Before">What it is now, or null when there is nothing yet; money in yuan with two decimals.</param>
/// <param name="After">What it becomes, or null when nothing is left.</param>
public sealed record ProposedChange(string What, string? Before, string? After);
