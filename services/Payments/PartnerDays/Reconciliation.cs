using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Payments;

/// <summary>
/// Compares a bank's day with the recorded one: every PAY and REV line of its file, and every payment and reversal
/// recorded for the day. Pure; classes are computed from the present state of both sides, so a payment that is posted
/// late, a reversal that is approved, or the next day's file turns a difference into a match.
/// <para>
/// A REV line refers to the payment with its serial and account, on whatever day that is recorded, and matches only
/// when its reversal is recorded, too. A line that refers to no recorded payment is never a match.
/// </para>
/// </summary>
public sealed class Reconciliation
{
    private readonly DateOnly _day;
    private readonly ReversalPairs _pairs;
    private readonly List<Finding> _findings = [];

    private Reconciliation(DateOnly day, ReversalPairs pairs) => (_day, _pairs) = (day, pairs);

    /// <summary>Compares the two sides of a day.</summary>
    /// <param name="day">The bank day.</param>
    /// <param name="filed">The lines of the day's file and of the adjacent days' files, and from other files those with
    /// the same serials and accounts.</param>
    /// <param name="held">The recorded payments of the day and of the adjacent days, and from other days those with the
    /// same serials and accounts.</param>
    /// <returns>One result for each payment that either side has on the day, by serial.</returns>
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
                _pairs.ReportsReversalOf(held) ? LineClass.Match : LineClass.StatusDiffers,
            _ => AmountsOf(told, held),
        });
    }

    private void JudgeRev(FiledLine told)
    {
        var held = _pairs.PaymentOf(told);
        if (held is null && _pairs.Held(_day, told.Line.Serial) is { } other
            && !_pairs.ReportsPayment(_day, other.Serial))
            Find(told, other, LineClass.AccountDiffers);
        else
            Find(told, held, held switch
            {
                null => LineClass.BankOnly,
                { Status: PaymentStatus.Received } => LineClass.StatusDiffers,
                { Status: PaymentStatus.Blocked } =>
                    _pairs.ReportsPaymentOf(held) ? LineClass.Match : LineClass.StatusDiffers,
                _ => AmountsOf(told, held),
            });
    }

    private void JudgePayment(HeldPayment held)
    {
        if (_pairs.ReportsPayment(_day, held.Serial))
            return;
        var shifted = _pairs.ShiftOf(held);
        // A blocked payment, or one reversed here that the bank does not report, is no difference.
        var gone = held.Status == PaymentStatus.Blocked
            || held.Status == PaymentStatus.Reversed && !_pairs.ReportsReversalOf(held);
        Find(null, held, shifted is not null ? LineClass.CutOffShift : gone ? LineClass.Match : LineClass.UtilityOnly,
            shifted?.File);
    }

    private void JudgeReversal(HeldPayment held)
    {
        var told = _pairs.ReversalOf(held);
        if (told?.File == _day)
            return;
        Find(null, held, (told, _pairs.ReportsPaymentOf(held)) switch
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

    /// <summary>Combines the findings about one payment into one result with the most serious class.</summary>
    private ComparedPayment Summarize(IGrouping<PaymentName, Finding> payment)
    {
        var worst = payment.MaxBy(finding => finding.Class)!;
        var told = payment.Select(finding => finding.Told?.Line).OfType<BankLine>().ToList();
        var held = payment.Select(finding => finding.Held).FirstOrDefault(held => held is not null);
        // For a payment of another day whose reversal counts today the amount is that in the file of its own day.
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

    /// <summary>One finding about a payment of the day, on one side or both.</summary>
    private sealed record Finding(FiledLine? Told, HeldPayment? Held, LineClass Class, DateOnly? OtherDay)
    {
        public PaymentName Key => new(
            Told?.Line.Serial ?? Held!.Serial, Told?.Line.Account ?? Held!.Account, Held?.BankDate ?? Told!.File);
    }

    private readonly record struct PaymentName(string Serial, AccountNo Account, DateOnly Day);
}
