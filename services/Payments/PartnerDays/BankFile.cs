using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>What a line of a bank's file tells.</summary>
public enum BankLineType
{
    /// <summary>The bank took money.</summary>
    [JsonStringEnumMemberName("PAY")]
    Pay,

    /// <summary>The bank gave it back on the same day; the line carries the payment's own serial.</summary>
    [JsonStringEnumMemberName("REV")]
    Reversal,
}

/// <summary>One line of a bank's file.</summary>
public sealed record BankLine(string Serial, AccountNo Account, Money Amount, string SubChannel, BankLineType Type);

/// <summary>A line that cannot be read, and why.</summary>
/// <param name="Line">Its number in the file; the header is line 1.</param>
/// <param name="Reason">What is wrong with it, for people.</param>
public sealed record BadLine(int Line, string Reason);

/// <summary>
/// The file a bank sends after its day cut (rules.md B-1): <c>count|amount</c>, then one
/// <c>yyyyMMdd|serial|account|amount|sub-channel|type</c> per line. Amounts are yuan with two decimals; count and
/// amount are those of the PAY lines less those of the REV lines. A file is read completely or refused with every
/// reason.
/// </summary>
/// <param name="Hash">SHA-256 of the text: the same file again is recognised by it.</param>
/// <param name="Count">Payments less reversals.</param>
/// <param name="Amount">Payments less reversals.</param>
/// <param name="Lines">The lines in the order of the file.</param>
public sealed record BankFile(string Hash, int Count, Money Amount, IReadOnlyList<BankLine> Lines)
{
    public const int MostLines = 500_000;

    public static readonly Rejection Malformed = Rejection.Invalid(
        "bank-file-malformed", "Lines of the file cannot be read; nothing was taken from it.");

    public static readonly Rejection Truncated = Rejection.Invalid(
        "bank-file-truncated", "The file does not hold what its first line says; nothing was taken from it.");

    /// <summary>Reads a file of one bank day, or refuses it and names every bad line.</summary>
    public static (BankFile? File, Rejection? Refusal, IReadOnlyList<BadLine> Bad) Parse(string text, DateOnly bankDate)
    {
        var lines = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        var last = lines.Length;
        while (last > 0 && lines[last - 1].Length == 0)
            last--;
        if (last == 0)
            return (null, Truncated.With("The file is empty."), []);
        if (last > MostLines)
            return (null, Malformed.With($"A file has at most {MostLines} lines."), []);
        if (!TryParseHeader(lines[0], out var count, out var amount))
            return (null, Malformed, [new(1, "The first line is not count|amount.")]);

        var reading = new Reading(bankDate);
        for (var i = 1; i < last; i++)
            reading.Read(i + 1, lines[i]);
        var file = new BankFile(HashOf(text), reading.Count, reading.Amount, reading.Lines);
        var cut = last == lines.Length && reading.Bad is [{ } only] && only.Line == last;
        return (reading.Bad, file.Count == count && file.Amount == amount) switch
        {
            ({ Count: 0 }, true) => (file, null, []),
            ({ Count: 0 }, false) => (null, Truncated.With(
                $"The first line says {count}|{amount}, the file holds {file.Count}|{file.Amount}."), []),
            (var bad, _) => (null, cut ? Truncated : Malformed, bad),
        };
    }

    private static bool TryParseHeader(string line, out int count, out Money amount)
    {
        var parts = line.Split('|');
        count = 0;
        amount = default;
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out count)
            && TryParseYuan(parts[1], NumberStyles.AllowLeadingSign, out amount);
    }

    private static bool TryParseYuan(string text, NumberStyles sign, out Money amount)
    {
        var valid = decimal.TryParse(
            text, NumberStyles.AllowDecimalPoint | sign, CultureInfo.InvariantCulture, out var yuan)
            && yuan.Scale == 2 && Math.Abs(yuan) < 1_000_000_000_000m;
        amount = valid ? Money.FromYuan(yuan) : default;
        return valid;
    }

    private static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The lines read so far.</summary>
    private sealed class Reading(DateOnly bankDate)
    {
        private readonly Dictionary<(string Serial, BankLineType Type), BankLine> _known = [];

        public int Count { get; private set; }

        public Money Amount { get; private set; }

        public List<BankLine> Lines { get; } = [];

        public List<BadLine> Bad { get; } = [];

        public void Read(int number, string text)
        {
            if (Explain(text.Split('|'), out var line) is { } reason)
            {
                Bad.Add(new(number, reason));
                return;
            }
            Lines.Add(line!);
            _known.Add((line!.Serial, line.Type), line);
            Count += line.Type == BankLineType.Pay ? 1 : -1;
            Amount += line.Type == BankLineType.Pay ? line.Amount : -line.Amount;
        }

        private string? Explain(string[] parts, out BankLine? line)
        {
            line = null;
            if (parts.Length != 6)
                return $"There are {parts.Length} fields instead of 6.";
            if (!PaymentKey.TryParseDate(parts[0], out var date))
                return $"'{parts[0]}' is not a date like 20261031.";
            if (date != bankDate)
                return $"{parts[0]} is not the bank day of this file.";
            if (!PaymentKey.IsSerial(parts[1]))
                return $"'{parts[1]}' is not a serial: 1 to 64 letters, digits, dashes, dots or underscores.";
            if (!AccountNo.TryParse(parts[2], null, out var account))
                return $"'{parts[2]}' is not an account: {AccountNo.Form}.";
            if (!TryParseYuan(parts[3], NumberStyles.None, out var amount) || amount.IsZero)
                return $"'{parts[3]}' is not an amount of yuan with two decimals and more than zero.";
            if (parts[5] is not ("PAY" or "REV"))
                return $"'{parts[5]}' is neither PAY nor REV.";
            var type = parts[5] == "PAY" ? BankLineType.Pay : BankLineType.Reversal;
            line = new(parts[1], account, amount, parts[4], type);
            return Contradiction(line);
        }

        private string? Contradiction(BankLine line)
        {
            if (_known.ContainsKey((line.Serial, line.Type)))
                return $"The serial {line.Serial} is in the file already.";
            var other = line.Type == BankLineType.Pay ? BankLineType.Reversal : BankLineType.Pay;
            return _known.TryGetValue((line.Serial, other), out var pair)
                && (pair.Account, pair.Amount) != (line.Account, line.Amount)
                ? $"The reversal of {line.Serial} has another account or amount than the payment."
                : null;
        }
    }
}
