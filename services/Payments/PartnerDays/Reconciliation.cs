using System.Text.Json.Serialization;
using Billing.Contracts;

namespace Billing.Payments;

/// <summary>What the comparison of a bank's line with our payment says (rules.md B-4).</summary>
public enum LineClass
{
    /// <summary>Both say the same.</summary>
    [JsonStringEnumMemberName("match")]
    Match,

    /// <summary>The bank has money that we never heard of: it posts late, or refunds.</summary>
    [JsonStringEnumMemberName("bank-only")]
    BankOnly,

    /// <summary>We took a payment that the bank does not have.</summary>
    [JsonStringEnumMemberName("utility-only")]
    UtilityOnly,

    /// <summary>The same payment with another amount.</summary>
    [JsonStringEnumMemberName("amount-differs")]
    AmountDiffers,

    /// <summary>The same serial for another account.</summary>
    [JsonStringEnumMemberName("account-differs")]
    AccountDiffers,

    /// <summary>Taken back on one side only.</summary>
    [JsonStringEnumMemberName("status-differs")]
    StatusDiffers,

    /// <summary>The same payment on two neighbouring days, as happens around midnight.</summary>
    [JsonStringEnumMemberName("cut-off-shift")]
    CutOffShift,
}

/// <summary>One side's word on a payment.</summary>
/// <param name="Serial">The partner's serial.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The money; zero when we refused it before it came.</param>
/// <param name="Stands">Whether the money stayed.</param>
public sealed record Told(string Serial, AccountNo Account, Money Amount, bool Stands);

/// <summary>A payment compared.</summary>
/// <param name="Serial">The partner's serial.</param>
/// <param name="Class">What the comparison says.</param>
/// <param name="Bank">The bank's word, or null when it has none.</param>
/// <param name="Ours">Our word, or null when we have none.</param>
/// <param name="Difference">The bank's amount less ours, where both stand and the amounts differ; otherwise
/// zero.</param>
/// <param name="OtherDay">The neighbouring day on which the other side has it, for a cut-off shift.</param>
public sealed record Compared(
    string Serial, LineClass Class, Told? Bank, Told? Ours, Money Difference, DateOnly? OtherDay);

/// <summary>
/// Compares a bank's day with ours, line by line. Pure; what a line is depends on what both sides say now, so a payment
/// that is posted late, or the next day's file, turns a difference into a match by itself.
/// </summary>
public static class Reconciliation
{
    /// <summary>What the lines of a bank's file say of each payment: a reversal line undoes the payment.</summary>
    public static IReadOnlyList<Told> TellingOf(IEnumerable<BankLine> lines) =>
        [.. lines.GroupBy(line => line.Serial, StringComparer.Ordinal).Select(payment => new Told(
            payment.Key, payment.First().Account, payment.First().Amount,
            payment.All(line => line.Type == BankLineType.Pay)))];

    /// <summary>Compares.</summary>
    /// <param name="bank">The bank's word on the day.</param>
    /// <param name="ours">Our word on the day.</param>
    /// <param name="bankNextDoor">What stands on the bank's side of the neighbouring days and not on ours.</param>
    /// <param name="oursNextDoor">What stands on our side of the neighbouring days and not on the bank's.</param>
    public static IReadOnlyList<Compared> Compare(
        IReadOnlyList<Told> bank, IReadOnlyList<Told> ours,
        ILookup<Told, DateOnly> bankNextDoor, ILookup<Told, DateOnly> oursNextDoor)
    {
        var (banks, own) = (BySerial(bank), BySerial(ours));
        return [.. banks.Keys.Union(own.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(serial => Compare(
                serial, banks.GetValueOrDefault(serial), own.GetValueOrDefault(serial), bankNextDoor, oursNextDoor))];
    }

    private static Compared Compare(
        string serial, Told? bank, Told? ours,
        ILookup<Told, DateOnly> bankNextDoor, ILookup<Told, DateOnly> oursNextDoor)
    {
        return (bank, ours) switch
        {
            // Money that nobody has any more, or that never moved, is nothing to argue about.
            ({ Stands: false } or null, { Stands: false } or null) => Say(LineClass.Match),
            ({ Stands: true }, null) => Alone(LineClass.BankOnly, bank, oursNextDoor),
            (null, { Stands: true }) => Alone(LineClass.UtilityOnly, ours, bankNextDoor),
            (_, _) when bank!.Stands != ours!.Stands => Say(LineClass.StatusDiffers),
            (_, _) when bank.Account != ours.Account => Say(LineClass.AccountDiffers),
            (_, _) when bank.Amount != ours.Amount =>
                Say(LineClass.AmountDiffers) with { Difference = bank.Amount - ours.Amount },
            _ => Say(LineClass.Match),
        };

        Compared Say(LineClass verdict) => new(serial, verdict, bank, ours, Money.Zero, null);

        Compared Alone(LineClass verdict, Told told, ILookup<Told, DateOnly> nextDoor) => nextDoor.Contains(told)
            ? Say(LineClass.CutOffShift) with { OtherDay = nextDoor[told].Min() }
            : Say(verdict);
    }

    private static Dictionary<string, Told> BySerial(IEnumerable<Told> told) =>
        told.ToDictionary(payment => payment.Serial, StringComparer.Ordinal);
}
