namespace Billing.Contracts.Api;

/// <summary>The result of importing a file of accounts.</summary>
/// <param name="Import">The identifier of the import, derived from its idempotency key; the refused lines are asked for
/// by it. They are those of its last attempt.</param>
/// <param name="Lines">Lines after the header: opened + unchanged + refused.</param>
/// <param name="Opened">Accounts that were newly opened.</param>
/// <param name="Unchanged">Lines whose account was already open with the same facts.</param>
/// <param name="RefusedTotal">How many lines were refused.</param>
/// <param name="Refused">The first thousand of them.</param>
public sealed record ImportedAccounts(
    Guid Import, long Lines, long Opened, long Unchanged, long RefusedTotal,
    IReadOnlyList<RefusedAccountLine> Refused);

/// <summary>A line of a file of accounts that was refused, and why.</summary>
/// <param name="Line">Its number in the file; the header is line 1.</param>
/// <param name="Account">The account number in the line; empty when there is none of this form.</param>
/// <param name="Field">The column in which the error is.</param>
/// <param name="Code">Stable code of the reason.</param>
/// <param name="Message">The reason, for people.</param>
public sealed record RefusedAccountLine(long Line, string Account, string Field, string Code, string Message);
