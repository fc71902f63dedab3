using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>What an entry of the audit trail records.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuditKind>))]
public enum AuditKind
{
    /// <summary>Something was done, or was found to be done already.</summary>
    Command,

    /// <summary>Something was refused, or failed.</summary>
    Refusal,

    /// <summary>Personal data or the audit trail itself was read.</summary>
    Read,
}
