using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>The type of a line of a bank's file.</summary>
public enum BankLineType
{
    /// <summary>The bank collected money.</summary>
    [JsonStringEnumMemberName("PAY")]
    Pay,

    /// <summary>The bank reversed it, on the same day or later; the line has the payment's own serial.</summary>
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
/// amount are those of the PAY lines less those of the REV lines. A file is read completely, or refused with all
/// errors.
/// </summary>
/// <param name="Hash">SHA-256 of the bytes as sent; identifies a repeated file.</param>
/// <param name="Count">Number of payments less reversals.</param>
/// <param name="Amount">Amount of payments less reversals.</param>
/// <param name="Lines">The lines in the order of the file.</param>
public sealed record BankFile(string Hash, int Count, Money Amount, IReadOnlyList<BankLine> Lines)
{
    public const int MostLines = 500_000;

    public static readonly Rejection Malformed = Rejection.Invalid(
        "bank-file-malformed", "Lines of the file cannot be read; nothing was taken from it.");

    public static readonly Rejection Truncated = Rejection.Invalid(
        "bank-file-truncated", "The file does not hold what its first line says; nothing was taken from it.");

    public static readonly Rejection OutOfRange = Rejection.Invalid(
        "bank-file-amount-out-of-range",
        "A file holds less than 1,000,000,000,000 yuan of payments, and less of reversals.");

    private const long YuanLimit = 1_000_000_000_000;
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>Parses a file of one bank day, or refuses it and lists every bad line.</summary>
    /// <param name="bytes">The file as it was sent.</param>
    /// <param name="encoding">The partner's encoding.</param>
    /// <param name="bankDate">The bank day that every line must have.</param>
    public static (BankFile? File, Rejection? Refusal, IReadOnlyList<BadLine> Bad) Parse(
        ReadOnlySpan<byte> bytes, BankEncoding encoding, DateOnly bankDate)
    {
        var marked = encoding == BankEncoding.Utf8 && bytes.StartsWith(ByteOrderMark);
        var body = marked ? bytes[ByteOrderMark.Length..] : bytes;
        var (reading, number) = (new Reading(bankDate), 0);
        // In none of the encodings does a byte of another character equal the end of a line.
        var content = body.TrimEnd("\r\n"u8);
        var complete = content.Length < body.Length;
        if (content.IsEmpty)
            return (null, Truncated.With("The file is empty."), []);
        foreach (var range in content.Split((byte)'\n'))
        {
            if (++number > MostLines)
                return (null, Malformed.With($"A file has at most {MostLines} lines."), []);
            var line = content[range];
            reading.Read(number, encoding, line.EndsWith("\r"u8) ? line[..^1] : line);
        }
        var cut = !complete && reading.Bad is [{ } only] && only.Line == number && number > 1;
        if (reading.Bad.Count > 0)
            return (null, cut ? Truncated : Malformed, reading.Bad);
        return reading.Total(Convert.ToHexStringLower(SHA256.HashData(bytes))) switch
        {
            (var file, null) => (file, null, []),
            (_, var refusal) => (null, refusal, []),
        };
    }

    internal static bool TryParseYuan(string text, NumberStyles sign, out Money amount)
    {
        var valid = decimal.TryParse(
            text, NumberStyles.AllowDecimalPoint | sign, CultureInfo.InvariantCulture, out var yuan)
            && yuan.Scale == 2 && Math.Abs(yuan) < YuanLimit;
        amount = valid ? Money.FromYuan(yuan) : default;
        return valid;
    }

    /// <summary>The lines read so far.</summary>
    private sealed class Reading(DateOnly bankDate)
    {
        private readonly BankLineReader _reader = new(bankDate);
        private readonly List<BankLine> _lines = [];
        private (int Count, Money Amount) _header;

        public List<BadLine> Bad { get; } = [];

        public void Read(int number, BankEncoding encoding, ReadOnlySpan<byte> bytes)
        {
            if (Explain(number, encoding.Decode(bytes)) is { } reason)
                Bad.Add(new(number, reason));

            string? Explain(int line, string? text) => text switch
            {
                null => $"The line is not written in {NameOf(encoding)}.",
                _ when text.Any(char.IsControl) => "The line holds a control character.",
                _ when line == 1 => TryParseHeader(text, out _header) ? null : "The first line is not count|amount.",
                _ => Add(text),
            };
        }

        /// <summary>
        /// The file with its sums, or the refusal when they differ from those in its first line. The sums are decimals,
        /// because the lines of a large file can add up to more than the largest amount of money.
        /// </summary>
        public (BankFile? File, Rejection? Refusal) Total(string hash)
        {
            var (payments, paid) = Sum(BankLineType.Pay);
            var (reversals, reversed) = Sum(BankLineType.Reversal);
            if (Math.Max(paid, reversed) >= YuanLimit)
                return (null, OutOfRange);
            var (count, amount) = (payments - reversals, Money.FromYuan(paid - reversed));
            var wrong = (_header.Count == count, _header.Amount == amount) switch
            {
                (true, true) => null,
                (false, true) => "the count differs",
                (true, false) => "the amount differs",
                _ => "count and amount differ",
            };
            return wrong is null
                ? (new(hash, count, amount, _lines), null)
                : (null, Truncated.With(string.Create(CultureInfo.InvariantCulture,
                    $"The first line says {_header.Count}|{_header.Amount}, the file holds {count}|{amount}: "
                    + $"{payments}|{paid:0.00} PAY less {reversals}|{reversed:0.00} REV; {wrong}.")));
        }

        private (int Count, decimal Yuan) Sum(BankLineType type) => _lines.Where(line => line.Type == type)
            .Aggregate((Count: 0, Yuan: 0m), (sum, line) => (sum.Count + 1, sum.Yuan + line.Amount.Yuan));

        private string? Add(string text)
        {
            var reason = _reader.Explain(text, out var line);
            if (line is not null)
                _lines.Add(line);
            return reason;
        }

        private static bool TryParseHeader(string line, out (int Count, Money Amount) header)
        {
            header = default;
            if (line.Split('|') is not [var counted, var summed]
                || !int.TryParse(
                    counted, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count)
                || !TryParseYuan(summed, NumberStyles.AllowLeadingSign, out var amount))
                return false;
            header = (count, amount);
            return true;
        }

        private static string NameOf(BankEncoding encoding) => encoding switch
        {
            BankEncoding.Gbk => "GBK",
            BankEncoding.Gb18030 => "GB18030",
            _ => "UTF-8",
        };
    }
}
