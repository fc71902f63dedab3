using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Payments;

/// <summary>
/// Compares a bank's day with ours: every PAY and REV line of its file, and every payment and reversal of ours that
/// counts on the day. Pure; a class follows from what both sides say now, so a payment that is posted late, a reversal
/// that is approved, or the next day's file turns a difference into a match by itself.
/// <para>
/// A REV line concerns the payment of its serial and account on whatever day we hold it, and matches only when we hold
/// its reversal. A line that concerns nothing we hold is never a match.
/// </para>
/// </summary>
public sealed class Reconciliation
{
    private readonly DateOnly _day;
    private readonly ReversalPairs _pairs;
    private readonly List<Finding> _findings = [];

    private Reconciliation(DateOnly day, ReversalPairs pairs) => (_day, _pairs) = (day, pairs);

    /// <summary>Compares.</summary>
    /// <param name="day">The bank day.</param>
    /// <param name="filed">The lines of the day's file and of its neighbours', and of other files those that tell of
    /// the same serials and accounts.</param>
    /// <param name="held">Our payments of the day and its neighbours, and of other days those with the same serials and
    /// accounts.</param>
    /// <returns>One verdict for each payment that either side speaks of on the day, by serial.</returns>
    public static IReadOnlyList<ComparedPayment> Compare(
        DateOnly day, IReadOnlyList<FiledLine> filed, IReadOnlyList<HeldPayment> held)
    {
        var comparison = new Reconciliation(day, new(filed, held));
        foreach (var line in filed.Where(line => line.File == day))
            comparison.Judge(line);
        foreach (var payment in held.Where(payment => payment.BankDate == day))
            comparison.JudgePayment(payment);
        foreach (var payment in held.Where(payment => payment.ReversedOn == day))
            comparison.JudgeReversal(payment);
        return [.. comparison._findings.GroupBy(finding => finding.Key)
            .OrderBy(payment => payment.Key.Serial, StringComparer.Ordinal).ThenBy(payment => payment.Key.Day)
            .ThenBy(payment => payment.Key.Account.Value, StringComparer.Ordinal).Select(comparison.Summarize)];
    }

    private void Judge(FiledLine told)
    {
        if (told.Line.Type == BankLineType.Pay)
            JudgePay(told);
        else
            JudgeRev(told);
    }

    private void JudgePay(FiledLine told)
    {
        var held = _pairs.Held(_day, told.Line.Serial) ?? _pairs.ShiftOf(told);
        Find(told, held, held switch
        {
            null => LineClass.BankOnly,
            _ when held.BankDate != _day => LineClass.CutOffShift,
            _ when held.Account != told.Line.Account => LineClass.AccountDiffers,
            { Status: PaymentStatus.Blocked } =>
                _pairs.TellsReversalOf(held) ? LineClass.Match : LineClass.StatusDiffers,
            _ => AmountsOf(told, held),
        });
    }

    private void JudgeRev(FiledLine told)
    {
        var held = _pairs.PaymentOf(told);
        if (held is null && _pairs.Held(_day, told.Line.Serial) is { } other && !_pairs.TellsPay(_day, other.Serial))
            Find(told, other, LineClass.AccountDiffers);
        else
            Find(told, held, held switch
            {
                null => LineClass.BankOnly,
                { Status: PaymentStatus.Received } => LineClass.StatusDiffers,
                { Status: PaymentStatus.Blocked } =>
                    _pairs.TellsPaymentOf(held) ? LineClass.Match : LineClass.StatusDiffers,
                _ => AmountsOf(told, held),
            });
    }

    private void JudgePayment(HeldPayment held)
    {
        if (_pairs.TellsPay(_day, held.Serial))
            return;
        var shifted = _pairs.ShiftOf(held);
        // Money that never came, or went back without a word from the bank, is nothing to argue about.
        var gone = held.Status == PaymentStatus.Blocked
            || held.Status == PaymentStatus.Reversed && !_pairs.TellsReversalOf(held);
        Find(null, held, shifted is not null ? LineClass.CutOffShift : gone ? LineClass.Match : LineClass.UtilityOnly,
            shifted?.File);
    }

    private void JudgeReversal(HeldPayment held)
    {
        var told = _pairs.ReversalOf(held);
        if (told?.File == _day)
            return;
        Find(null, held, (told, _pairs.TellsPaymentOf(held)) switch
        {
            ({ } line, _) => AmountsOf(line, held),
            (null, true) => LineClass.StatusDiffers,
            _ => LineClass.Match,
        }, told?.File);
    }

    private static LineClass AmountsOf(FiledLine told, HeldPayment held) =>
        told.Line.Amount == held.Amount ? LineClass.Match : LineClass.AmountDiffers;

    private void Find(FiledLine? told, HeldPayment? held, LineClass verdict, DateOnly? otherDay = null) =>
        _findings.Add(new(
            told, held, verdict, otherDay ?? (held is not null && held.BankDate != _day ? held.BankDate : null)));

    /// <summary>What is found about one payment is one verdict: the most serious.</summary>
    private ComparedPayment Summarize(IGrouping<PaymentName, Finding> payment)
    {
        var worst = payment.MaxBy(finding => finding.Class)!;
        var told = payment.Select(finding => finding.Told?.Line).OfType<BankLine>().ToList();
        var held = payment.Select(finding => finding.Held).FirstOrDefault(held => held is not null);
        // A payment of another day whose reversal counts today: its file has told of the money.
        var line = told.FirstOrDefault() ?? (held is null ? null : _pairs.PayOf(held)?.Line);
        var bank = line is null
            ? null
            : new ReportedPayment(
                line.Serial, line.Account, line.Amount, told.TrueForAll(one => one.Type == BankLineType.Pay));
        var ours = held is null
            ? null
            : new ReportedPayment(held.Serial, held.Account, held.Amount, held.Status == PaymentStatus.Received);
        var difference = worst.Class == LineClass.AmountDiffers && bank is not null && ours is not null
            ? bank.Amount - ours.Amount
            : Money.Zero;
        return new(payment.Key.Serial, worst.Class, bank, ours, difference, worst.OtherDay);
    }

    /// <summary>What is said of a payment on the day, on one side or both.</summary>
    private sealed record Finding(FiledLine? Told, HeldPayment? Held, LineClass Class, DateOnly? OtherDay)
    {
        public PaymentName Key => new(
            Told?.Line.Serial ?? Held!.Serial, Told?.Line.Account ?? Held!.Account, Held?.BankDate ?? Told!.File);
    }

    private readonly record struct PaymentName(string Serial, AccountNo Account, DateOnly Day);
}
