using Billing.Contracts;

namespace Billing.Payments;

/// <summary>
/// Matches the lines of a bank's files with the recorded payments. A payment is reversed once: each REV line belongs to
/// at most one payment and each payment to at most one REV line, the earliest lines first.
/// </summary>
internal sealed class ReversalPairs
{
    private readonly Dictionary<(DateOnly Day, string Serial), FiledLine> _pays;
    private readonly Dictionary<(DateOnly Day, string Serial), HeldPayment> _held;
    private readonly Dictionary<HeldPayment, FiledLine> _reversals = [];
    private readonly Dictionary<FiledLine, HeldPayment> _concerned = [];

    public ReversalPairs(IReadOnlyList<FiledLine> filed, IReadOnlyList<HeldPayment> held)
    {
        _pays = filed.Where(report => report.Line.Type == BankLineType.Pay)
            .ToDictionary(report => (report.File, report.Line.Serial));
        _held = held.ToDictionary(payment => (payment.BankDate, payment.Serial));
        var named = held.ToLookup(payment => (payment.Serial, payment.Account));
        foreach (var report in filed.Where(report => report.Line.Type == BankLineType.Reversal)
            .OrderBy(report => report.File))
            Pair(report, named[(report.Line.Serial, report.Line.Account)]);
    }

    /// <summary>The payment recorded under a bank day and serial.</summary>
    public HeldPayment? Held(DateOnly day, string serial) => _held.GetValueOrDefault((day, serial));

    /// <summary>Whether the file of a day has a PAY line with this serial.</summary>
    public bool ReportsPayment(DateOnly day, string serial) => _pays.ContainsKey((day, serial));

    /// <summary>The PAY line of a payment, on its day or, around midnight, on an adjacent one.</summary>
    public FiledLine? PayOf(HeldPayment held) =>
        _pays.GetValueOrDefault((held.BankDate, held.Serial)) is { } report
            ? report.Line.Account == held.Account ? report : null
            : ShiftOf(held);

    /// <summary>Whether the bank reports that it collected a payment.</summary>
    public bool ReportsPaymentOf(HeldPayment held) => PayOf(held) is not null;

    /// <summary>The REV line of a payment, in whichever file.</summary>
    public FiledLine? ReversalOf(HeldPayment held) => _reversals.GetValueOrDefault(held);

    /// <summary>Whether the bank reports that it reversed a payment.</summary>
    public bool ReportsReversalOf(HeldPayment held) => _reversals.ContainsKey(held);

    /// <summary>The payment that a REV line reverses.</summary>
    public HeldPayment? PaymentOf(FiledLine reversal) => _concerned.GetValueOrDefault(reversal);

    /// <summary>The same payment recorded on an adjacent day, whose own file does not report it.</summary>
    public HeldPayment? ShiftOf(FiledLine report) => _held.ContainsKey((report.File, report.Line.Serial))
        ? null
        : Neighbours(report.File).Select(day => Held(day, report.Line.Serial))
            .FirstOrDefault(held => held is not null && IsShift(report, held));

    /// <summary>The same payment in the file of an adjacent day, on which it is not recorded.</summary>
    public FiledLine? ShiftOf(HeldPayment held) => Neighbours(held.BankDate)
        .Select(day => _pays.GetValueOrDefault((day, held.Serial)))
        .FirstOrDefault(report => report is not null && !_held.ContainsKey((report.File, held.Serial))
            && IsShift(report, held));

    private bool IsShift(FiledLine report, HeldPayment held) =>
        (held.Account, held.Amount) == (report.Line.Account, report.Line.Amount)
        && !_pays.ContainsKey((held.BankDate, held.Serial));

    /// <summary>
    /// Pairs a REV line with a payment. Next to its own PAY line it reverses the payment of that day. Alone it reverses
    /// the last payment before, preferring one with the same amount.
    /// </summary>
    private void Pair(FiledLine report, IEnumerable<HeldPayment> candidates)
    {
        var paid = _pays.GetValueOrDefault((report.File, report.Line.Serial)) is { } pay
            && pay.Line.Account == report.Line.Account;
        var concerned = candidates.Where(held => !_reversals.ContainsKey(held)
                && (paid
                    ? held.BankDate == report.File || held == ShiftOf(report)
                    : held.BankDate <= report.File))
            .OrderBy(held => held.Status != PaymentStatus.Blocked && held.Amount != report.Line.Amount)
            .ThenByDescending(held => held.BankDate).FirstOrDefault();
        if (concerned is null)
            return;
        _reversals.Add(concerned, report);
        _concerned.Add(report, concerned);
    }

    private static DateOnly[] Neighbours(DateOnly day) => [day.AddDays(-1), day.AddDays(1)];
}
