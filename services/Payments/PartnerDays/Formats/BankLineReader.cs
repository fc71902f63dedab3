using System.Globalization;
using Billing.Contracts;

namespace Billing.Payments;

/// <summary>
/// Reads the lines of one bank day's file, and checks for repetitions: a serial may be paid once in a file, and
/// reversed once per account. A bank that restarts its serials every day may reverse a payment of an earlier day next
/// to a payment of today with the same serial and another account.
/// </summary>
internal sealed class BankLineReader(DateOnly bankDate)
{
    private const int SubChannelLength = 64;
    private const int QuotedLength = 40;
    private readonly Dictionary<string, BankLine> _payments = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Serial, AccountNo Account), BankLine> _reversals = [];

    /// <summary>Reads a line; returns why it is invalid, or null.</summary>
    public string? Explain(string text, out BankLine? line)
    {
        line = null;
        var parts = text.Split('|');
        if (parts.Length != 6)
            return $"There are {parts.Length} fields instead of 6.";
        if (!PaymentKey.TryParseDate(parts[0], out var date))
            return $"{Quote(parts[0])} is not a date like 20261031.";
        if (date != bankDate)
            return $"{parts[0]} is not the bank day of this file.";
        if (!PaymentKey.IsSerial(parts[1]))
            return $"{Quote(parts[1])} is not a serial: 1 to 64 letters, digits, dashes, dots or underscores.";
        if (!AccountNo.TryParse(parts[2], null, out var account))
            return $"{Quote(parts[2])} is not an account: {AccountNo.Form}.";
        if (!BankFile.TryParseYuan(parts[3], NumberStyles.None, out var amount) || amount.IsZero)
            return $"{Quote(parts[3])} is not an amount of yuan with two decimals and more than zero.";
        if (parts[4].Length > SubChannelLength)
            return $"The sub-channel has more than {SubChannelLength} characters.";
        if (parts[5] is not ("PAY" or "REV"))
            return $"{Quote(parts[5])} is neither PAY nor REV.";
        var type = parts[5] == "PAY" ? BankLineType.Pay : BankLineType.Reversal;
        var read = new BankLine(parts[1], account, amount, parts[4], type);
        if (Contradiction(read) is { } reason)
            return reason;
        if (type == BankLineType.Pay)
            _payments.Add(read.Serial, read);
        else
            _reversals.Add((read.Serial, read.Account), read);
        line = read;
        return null;
    }

    private string? Contradiction(BankLine line)
    {
        var paid = _payments.GetValueOrDefault(line.Serial);
        var reversed = _reversals.GetValueOrDefault((line.Serial, line.Account));
        var (same, other) = line.Type == BankLineType.Pay ? (paid, reversed) : (reversed, paid);
        if (same is not null)
            return $"The serial {line.Serial} is in the file already.";
        return other is not null && other.Account == line.Account && other.Amount != line.Amount
            ? $"The reversal of {line.Serial} has another amount than the payment."
            : null;
    }

    private static string Quote(string field) =>
        field.Length > QuotedLength ? $"'{field[..QuotedLength]}…'" : $"'{field}'";
}
