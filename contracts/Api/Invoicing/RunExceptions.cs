using System.Text.Json.Serialization;

namespace Billing.Contracts.Api;

/// <summary>What a person can decide about an account that a run held back as an exception.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReviewAction>))]
public enum ReviewAction
{
    /// <summary>Take the account out of the run.</summary>
    Exclude,

    /// <summary>Let the draft be posted.</summary>
    Release,
}

/// <summary>Decides what happens to an account that a run held back.</summary>
/// <param name="Action">The decision.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record ReviewAccountRequest(ReviewAction Action, string Reason);

/// <summary>An exception: an account that a run held back for a person to review.</summary>
/// <param name="Account">The account.</param>
/// <param name="Code">The stable reason code.</param>
/// <param name="Message">The reason, for people.</param>
/// <param name="State">The state of its review.</param>
/// <param name="Amount">The drafted amount, fen; null when there is no draft, in which case the account cannot be
/// released.</param>
public sealed record RunException(
    AccountNo Account, string Code, string Message, RunExceptionState State, Money? Amount);

/// <summary>A page of exceptions, in order of account.</summary>
/// <param name="Items">The exceptions.</param>
/// <param name="Next">The value of <c>after</c> that asks for the next page; null on the last.</param>
public sealed record RunExceptionPage(IReadOnlyList<RunException> Items, AccountNo? Next);
