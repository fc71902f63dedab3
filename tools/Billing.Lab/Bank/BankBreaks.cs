using Billing.Contracts;

namespace Billing.Tools;

/// <summary>A payment in the bank's books that was never sent here, because the connection broke before.</summary>
internal sealed record LostPayment(string Serial, string Account, Money Amount);

/// <summary>
/// Adds to a bank's books every kind of difference that reconciliation must find (rules.md B-4): in the file of the
/// day, and in the lines that were booked on the day before.
/// </summary>
internal static class BankBreaks
{
    private const int LeastLines = 20;

    public static (BankFile Today, BankFile? Yesterday) Of(BankDay day, LostPayment? lost)
    {
        var lines = day.Books.ToList();
        var plain = lines.Where(line => lines.Count(other => other.Serial == line.Serial) == 1).ToList();
        if (lost is not null)
            lines.Add(day.Line(lost.Serial, lost.Account, lost.Amount));
        if (plain.Count < LeastLines)
            return (new(day.Partner.Code, day.Day, lines), null);
        BankLine At(double share) => plain[(int)(plain.Count * share)];
        var (dropped, changed, undone) = (At(0.3), At(0.5), At(0.7));
        lines.Remove(dropped);
        lines[lines.IndexOf(changed)] = changed with { Amount = changed.Amount + new Money(400) };
        lines.Add(undone with { IsReversal = true });
        var early = plain.TakeLast(2).ToList();
        early.ForEach(line => lines.Remove(line));
        var yesterday = day.Day.AddDays(-1);
        return (
            new(day.Partner.Code, day.Day, lines),
            new(day.Partner.Code, yesterday, [.. early.Select(line => line with { Date = yesterday })]));
    }
}
