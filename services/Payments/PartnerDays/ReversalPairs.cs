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
    private readonly Dictionary<HeldPayment, FiledLine> _told = [];
    private readonly Dictionary<FiledLine, HeldPayment> _concerned = [];

    public ReversalPairs(IReadOnlyList<FiledLine> filed, IReadOnlyList<HeldPayment> held)
    {
        _pays = filed.Where(told => told.Line.Type == BankLineType.Pay)
            .ToDictionary(told => (told.File, told.Line.Serial));
        _held = held.ToDictionary(payment => (payment.BankDate, payment.Serial));
        var named = held.ToLookup(payment => (payment.Serial, payment.Account));
        foreach (var told in filed.Where(told => told.Line.Type == BankLineType.Reversal).OrderBy(told => told.File))
            Pair(told, named[(told.Line.Serial, told.Line.Account)]);
    }

    /// <summary>The payment recorded under a bank day and serial.</summary>
    public HeldPayment? Held(DateOnly day, string serial) => _held.GetValueOrDefault((day, serial));

    /// <summary>Whether the file of a day has a PAY line with this serial.</summary>
    public bool ReportsPayment(DateOnly day, string serial) => _pays.ContainsKey((day, serial));

    /// <summary>The PAY line of a payment, on its day or, around midnight, on an adjacent one.</summary>
    public FiledLine? PayOf(HeldPayment held) =>
        _pays.GetValueOrDefault((held.BankDate, held.Serial)) is { } told
            ? told.Line.Account == held.Account ? told : null
            : ShiftOf(held);

    /// <summary>Whether the bank reports that it collected a payment.</summary>
    public bool ReportsPaymentOf(HeldPayment held) => PayOf(held) is not null;

    /// <summary>The REV line of a payment, in whichever file.</summary>
    public FiledLine? ReversalOf(HeldPayment held) => _told.GetValueOrDefault(held);

    /// <summary>Whether the bank reports that it reversed a payment.</summary>
    public bool ReportsReversalOf(HeldPayment held) => _told.ContainsKey(held);

    /// <summary>The payment that a REV line reverses.</summary>
    public HeldPayment? PaymentOf(FiledLine reversal) => _concerned.GetValueOrDefault(reversal);

    /// <summary>The same payment recorded on an adjacent day, whose own file does not report it.</summary>
    public HeldPayment? ShiftOf(FiledLine told) => _held.ContainsKey((told.File, told.Line.Serial))
        ? null
        : Neighbours(told.File).Select(day => Held(day, told.Line.Serial))
            .FirstOrDefault(held => held is not null && IsShift(told, held));

    /// <summary>The same payment in the file of an adjacent day, on which it is not recorded.</summary>
    public FiledLine? ShiftOf(HeldPayment held) => Neighbours(held.BankDate)
        .Select(day => _pays.GetValueOrDefault((day, held.Serial)))
        .FirstOrDefault(told => told is not null && !_held.ContainsKey((told.File, held.Serial))
            && IsShift(told, held));

    private bool IsShift(FiledLine told, HeldPayment held) =>
        (held.Account, held.Amount) == (told.Line.Account, told.Line.Amount)
        && !_pays.ContainsKey((held.BankDate, held.Serial));

    /// <summary>
    /// Pairs a REV line with a payment. Next to its own PAY line it reverses the payment of that day. Alone it reverses
    /// the last payment before, preferring one with the same amount.
    /// </summary>
    private void Pair(FiledLine told, IEnumerable<HeldPayment> candidates)
    {
        var paid = _pays.GetValueOrDefault((told.File, told.Line.Serial)) is { } pay
            && pay.Line.Account == told.Line.Account;
        var concerned = candidates.Where(held => !_told.ContainsKey(held)
                && (paid
                    ? held.BankDate == told.File || held == ShiftOf(told)
                    : held.BankDate <= told.File))
            .OrderBy(held => held.Status != PaymentStatus.Blocked && held.Amount != told.Line.Amount)
            .ThenByDescending(held => held.BankDate).FirstOrDefault();
        if (concerned is null)
            return;
        _told.Add(concerned, told);
        _concerned.Add(told, concerned);
    }

    private static DateOnly[] Neighbours(DateOnly day) => [day.AddDays(-1), day.AddDays(1)];
}
