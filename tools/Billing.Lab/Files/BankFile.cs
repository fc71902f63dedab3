using System.Globalization;
using System.Text;
using Billing.Contracts;

namespace Billing.Tools;

/// <summary>One line of a partner's day: a payment, or a reversal under the serial of its payment.</summary>
internal sealed record BankLine(
    DateOnly Date, string Serial, string Account, Money Amount, string SubChannel, bool IsReversal)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Date:yyyyMMdd}|{Serial}|{Account}|{Amount}|{SubChannel}|{(IsReversal ? "REV" : "PAY")}");
}

/// <summary>
/// A partner's file for its day (rules.md B-1). Count and amount are those of payments less reversals.
/// </summary>
internal sealed record BankFile(string Partner, DateOnly Date, IReadOnlyList<BankLine> Lines)
{
    private const decimal YuanLimit = 1_000_000_000_000;

    public int Count => Lines.Sum(line => line.IsReversal ? -1 : 1);

    public Money Amount => Money.Sum(Lines.Select(line => line.IsReversal ? -line.Amount : line.Amount));

    public string FileName => string.Create(CultureInfo.InvariantCulture, $"bank-{Partner}-{Date:yyyyMMdd}.txt");

    public string Text
    {
        get
        {
            var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Count}|{Amount}\n");
            foreach (var line in Lines)
                text.Append(line).Append('\n');
            return text.ToString();
        }
    }

    /// <summary>
    /// Reads a file in UTF-8. Its sums are not checked here, because reconciliation must find wrong ones.
    /// </summary>
    /// <exception cref="Failure">The name or a line does not have the form, or the file is not UTF-8.</exception>
    public static BankFile Read(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path).Split('-');
        if (name.Length < 3 || name[0] != "bank" || !TryDay(name[^1], out var day))
            throw new Failure($"{path}: a bank file is called bank-PARTNER-yyyyMMdd.txt.");
        var lines = LinesOf(path).Select((text, index) => (Text: text.TrimStart('\ufeff'), Number: index + 1))
            .Skip(1).Where(line => line.Text.Length > 0)
            .Select(line => Parse(line.Text) ?? throw new Failure(
                $"{path}, line {line.Number}: '{line.Text}' is not of the form."));
        return new(string.Join('-', name[1..^1]), day, [.. lines]);
    }

    private static string[] LinesOf(string path)
    {
        try
        {
            return File.ReadAllLines(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (DecoderFallbackException e)
        {
            throw new Failure($"{path} is not written in UTF-8: {e.Message}");
        }
    }

    private static BankLine? Parse(string text) =>
        text.Split('|') is [var date, var serial, var account, var amount, var channel, ("PAY" or "REV") and var type]
        && TryDay(date, out var day)
        && decimal.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var yuan)
        && yuan.Scale <= 2 && yuan < YuanLimit && !text.Any(char.IsControl)
            ? new(day, serial, account, Money.FromYuan(yuan), channel, type == "REV")
            : null;

    private static bool TryDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
