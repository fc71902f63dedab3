using Billing.Contracts;

namespace Billing.Payments;

/// <summary>
/// Which line of a bank's files speaks of which payment of ours. A payment is taken back once: each REV line belongs to
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

    /// <summary>The payment that we hold under a bank day and serial.</summary>
    public HeldPayment? Held(DateOnly day, string serial) => _held.GetValueOrDefault((day, serial));

    /// <summary>Whether the file of a day tells that this serial was paid.</summary>
    public bool TellsPay(DateOnly day, string serial) => _pays.ContainsKey((day, serial));

    /// <summary>The PAY line of a payment, on its day or, around midnight, on a neighbouring one.</summary>
    public FiledLine? PayOf(HeldPayment held) =>
        _pays.GetValueOrDefault((held.BankDate, held.Serial)) is { } told
            ? told.Line.Account == held.Account ? told : null
            : ShiftOf(held);

    /// <summary>Whether the bank tells that it took a payment.</summary>
    public bool TellsPaymentOf(HeldPayment held) => PayOf(held) is not null;

    /// <summary>The REV line that takes a payment back, whichever file it stands in.</summary>
    public FiledLine? ReversalOf(HeldPayment held) => _told.GetValueOrDefault(held);

    /// <summary>Whether the bank tells that it took a payment back.</summary>
    public bool TellsReversalOf(HeldPayment held) => _told.ContainsKey(held);

    /// <summary>The payment that a REV line takes back.</summary>
    public HeldPayment? PaymentOf(FiledLine reversal) => _concerned.GetValueOrDefault(reversal);

    /// <summary>The same payment on a neighbouring day of ours, which its own file does not tell.</summary>
    public HeldPayment? ShiftOf(FiledLine told) => _held.ContainsKey((told.File, told.Line.Serial))
        ? null
        : Neighbours(told.File).Select(day => Held(day, told.Line.Serial))
            .FirstOrDefault(held => held is not null && IsShift(told, held));

    /// <summary>The same payment in the file of a neighbouring day, on which we do not hold it.</summary>
    public FiledLine? ShiftOf(HeldPayment held) => Neighbours(held.BankDate)
        .Select(day => _pays.GetValueOrDefault((day, held.Serial)))
        .FirstOrDefault(told => told is not null && !_held.ContainsKey((told.File, held.Serial))
            && IsShift(told, held));

    private bool IsShift(FiledLine told, HeldPayment held) =>
        (held.Account, held.Amount) == (told.Line.Account, told.Line.Amount)
        && !_pays.ContainsKey((held.BankDate, held.Serial));

    /// <summary>
    /// A REV line beside its own PAY line means the payment of that day. Alone it means the last payment before: with
    /// the same amount if there is one.
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
