namespace Billing.Contracts.Api;

/// <summary>What became of a file of accounts.</summary>
/// <param name="Import">
/// Names the import, follows from its key; ask for its refusals under this. They are those of its last attempt.
/// </param>
/// <param name="Lines">Lines after the header: opened + unchanged + refused.</param>
/// <param name="Opened">Accounts that are new.</param>
/// <param name="Unchanged">Lines whose account was already open with the same facts.</param>
/// <param name="RefusedTotal">How many lines were refused.</param>
/// <param name="Refused">The first thousand of them.</param>
public sealed record ImportedAccounts(
    Guid Import, long Lines, long Opened, long Unchanged, long RefusedTotal,
    IReadOnlyList<RefusedAccountLine> Refused);

/// <summary>A line of a file of accounts that was not taken over, and why.</summary>
/// <param name="Line">Its number in the file; the header is line 1.</param>
/// <param name="Account">The account as it stands there.</param>
/// <param name="Field">The column with the mistake.</param>
/// <param name="Code">Stable code of the reason.</param>
/// <param name="Message">The reason, for people.</param>
public sealed record RefusedAccountLine(long Line, string Account, string Field, string Code, string Message);
