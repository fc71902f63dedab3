using System.Text;
using Billing.Contracts;

namespace Billing.Payments;

/// <summary>
/// Decodes bytes strictly: bytes that do not decode, or would not encode to the same bytes again, are refused. So two
/// different files never decode to the same text, and no character is ever replaced.
/// </summary>
public static class BankEncodings
{
    // The code pages would decode this byte as a private-use character; it is part of no character in any of the
    // encodings.
    private const byte NoCharacter = 0xFF;

    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private static readonly Encoding Gbk = CodePage(936);
    private static readonly Encoding Gb18030 = CodePage(54936);

    /// <summary>Decodes bytes; null when they are not valid in the encoding.</summary>
    public static string? Decode(this BankEncoding encoding, ReadOnlySpan<byte> bytes)
    {
        var strict = encoding switch
        {
            BankEncoding.Gbk => Gbk,
            BankEncoding.Gb18030 => Gb18030,
            _ => Utf8,
        };
        try
        {
            var text = strict.GetString(bytes);
            return !bytes.Contains(NoCharacter) && bytes.SequenceEqual(strict.GetBytes(text)) ? text : null;
        }
        catch (ArgumentException)
        {
            // The base of DecoderFallbackException and EncoderFallbackException.
            return null;
        }
    }

    private static Encoding CodePage(int number) => CodePagesEncodingProvider.Instance.GetEncoding(
        number, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
        ?? throw new InvalidOperationException($"The runtime has no code page {number}.");
}
