using System.Text.Json.Serialization;

namespace Billing.Contracts.Api;

/// <summary>What a person can decide about an account that a run held back.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReviewAction>))]
public enum ReviewAction
{
    /// <summary>Take the account out of the run.</summary>
    Exclude,

    /// <summary>Let the draft be posted.</summary>
    Release,
}

/// <summary>A person decides about an account of a run.</summary>
/// <param name="Action">What is to become of it.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record ReviewAccountRequest(ReviewAction Action, string Reason);

/// <summary>An account of a run that needs a person.</summary>
/// <param name="Account">The account.</param>
/// <param name="Code">The stable reason code.</param>
/// <param name="Message">The reason, for people.</param>
/// <param name="State">What became of it.</param>
/// <param name="Amount">The drafted amount, fen; null when there is no draft, and it cannot be released.</param>
public sealed record RunException(
    AccountNo Account, string Code, string Message, RunExceptionState State, Money? Amount);

/// <summary>A page of them, in order of account.</summary>
/// <param name="Items">The exceptions.</param>
/// <param name="Next">Ask for the page after this account; null at the end.</param>
public sealed record RunExceptionPage(IReadOnlyList<RunException> Items, AccountNo? Next);
