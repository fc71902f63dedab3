namespace Billing.Contracts.Api;

/// <summary>A partner's day as its file tells it, compared with ours.</summary>
/// <param name="Partner">The partner.</param>
/// <param name="BankDate">Its business date.</param>
/// <param name="FileHash">SHA-256 of the file that was taken, as it was sent.</param>
/// <param name="Bank">What the bank's file tells of the day.</param>
/// <param name="Ours">What counts on the day on our side.</param>
/// <param name="Classes">How many payments there are of each class.</param>
/// <param name="Differences">Everything that is no match.</param>
public sealed record ReconciledDay(
    PartnerCode Partner, DateOnly BankDate, string FileHash, ReconciledSide Bank, ReconciledSide Ours,
    IReadOnlyDictionary<LineClass, int> Classes,
    IReadOnlyList<ComparedPayment> Differences);

/// <summary>One side of a day.</summary>
/// <param name="Count">Payments less reversals; negative when more went back than came.</param>
/// <param name="Amount">Payments less reversals, fen.</param>
/// <param name="Payments">What came on the day, also what went back afterwards.</param>
/// <param name="Reversals">What went back on the day, whenever it had come.</param>
public sealed record ReconciledSide(int Count, Money Amount, ReconciledTotal Payments, ReconciledTotal Reversals);

/// <summary>The payments or the reversals of one side.</summary>
/// <param name="Count">How many.</param>
/// <param name="Amount">Their sum, fen.</param>
public sealed record ReconciledTotal(int Count, Money Amount);

/// <summary>One side's word on a payment.</summary>
/// <param name="Serial">The partner's serial.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The money, fen; zero when we refused it before it came.</param>
/// <param name="IsActive">Whether the money stayed.</param>
public sealed record ReportedPayment(string Serial, AccountNo Account, Money Amount, bool IsActive);

/// <summary>A payment on both sides.</summary>
/// <param name="Serial">The partner's serial.</param>
/// <param name="Class">What the comparison says.</param>
/// <param name="Bank">The bank's word, or null when it has none.</param>
/// <param name="Ours">Our word, or null when we have none.</param>
/// <param name="Difference">The bank's amount less ours, fen, where both have it and the amounts differ; otherwise
/// zero.</param>
/// <param name="OtherDay">The bank day on which the other side has the payment, when it is not the day that is
/// compared.</param>
public sealed record ComparedPayment(
    string Serial, LineClass Class, ReportedPayment? Bank, ReportedPayment? Ours, Money Difference, DateOnly? OtherDay);
