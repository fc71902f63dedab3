using Billing.Contracts;

namespace Billing.Payments;

/// <summary>A line of one of the partner's files.</summary>
/// <param name="File">The bank day of the file.</param>
/// <param name="Line">The line.</param>
public sealed record FiledLine(DateOnly File, BankLine Line);

/// <summary>A payment as recorded here.</summary>
/// <param name="BankDate">Its bank day.</param>
/// <param name="Serial">The partner's serial, unique within the bank day.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The amount; zero when it was reversed before it arrived.</param>
/// <param name="Status">Its status.</param>
/// <param name="ReversedOn">The bank day on which it was reversed.</param>
public sealed record HeldPayment(
    DateOnly BankDate, string Serial, AccountNo Account, Money Amount, PaymentStatus Status, DateOnly? ReversedOn);
