namespace Billing.Contracts.Api;

/// <summary>A partner's bank day as reported in its file, compared with the payments recorded here.</summary>
/// <param name="Partner">The partner.</param>
/// <param name="BankDate">Its business date.</param>
/// <param name="FileHash">SHA-256 of the accepted file, over its bytes as sent.</param>
/// <param name="Bank">The totals of the day in the partner's file.</param>
/// <param name="Ours">The totals of the day in this system.</param>
/// <param name="Classes">How many payments are in each class.</param>
/// <param name="Differences">Every payment that is not a match.</param>
public sealed record ReconciledDay(
    PartnerCode Partner, DateOnly BankDate, string FileHash, ReconciledSide Bank, ReconciledSide Ours,
    IReadOnlyDictionary<LineClass, int> Classes,
    IReadOnlyList<ComparedPayment> Differences);

/// <summary>The totals of one side of a bank day.</summary>
/// <param name="Count">Payments less reversals; negative when there were more reversals than payments.</param>
/// <param name="Amount">Payments less reversals, fen.</param>
/// <param name="Payments">What was received on the day, including payments reversed later.</param>
/// <param name="Reversals">What was reversed on the day, whichever day it had been received.</param>
public sealed record ReconciledSide(int Count, Money Amount, ReconciledTotal Payments, ReconciledTotal Reversals);

/// <summary>The payments or the reversals of one side.</summary>
/// <param name="Count">How many.</param>
/// <param name="Amount">Their sum, fen.</param>
public sealed record ReconciledTotal(int Count, Money Amount);

/// <summary>A payment as one side reports it.</summary>
/// <param name="Serial">The partner's serial.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The amount, fen; zero when it was blocked here before it arrived.</param>
/// <param name="IsActive">Whether the money was kept, that is, not reversed.</param>
public sealed record ReportedPayment(string Serial, AccountNo Account, Money Amount, bool IsActive);

/// <summary>A payment compared between the two sides.</summary>
/// <param name="Serial">The partner's serial.</param>
/// <param name="Class">The class of the result.</param>
/// <param name="Bank">The payment as the bank reports it, or null when it does not.</param>
/// <param name="Ours">The payment as recorded here, or null when it is not.</param>
/// <param name="Difference">The bank's amount less ours, fen, where both sides have the payment and the amounts differ;
/// otherwise zero.</param>
/// <param name="OtherDay">The bank day on which the other side has the payment, when that is not the day
/// compared.</param>
public sealed record ComparedPayment(
    string Serial, LineClass Class, ReportedPayment? Bank, ReportedPayment? Ours, Money Difference, DateOnly? OtherDay);
