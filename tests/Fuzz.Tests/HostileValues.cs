using Billing.Platform;

namespace Billing.Fuzz.Tests;

/// <summary>What nobody means to send, and what everybody should be ready to get.</summary>
internal static class HostileValues
{
    /// <summary>Raw JSON in the place of a member.</summary>
    public static readonly string[] Json =
    [
        "null", "true", "0", "-1", "0.5", "1e28", "-1e28", "1e400", "99999999999999999999999999", "2147483648",
        "9223372036854775807", "-9223372036854775808", "1000000000000", "100000000000000",
        "0.0000000000000000000000000001", "1.123456789012345", "NaN", "\"\"", "\" \"", "\"\\u0000\"",
        "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"' or 1=1 --\"", "\"../../etc\"", "\"%00\"", "\"{0}\"",
        "\"<b>x</b>\"", "\"\\u202e\\u0001\\n\"", "\"𠮷𠮷\"", "\"0001-01-01\"", "\"9999-12-31\"", "\"1900-01-01\"",
        "\"2199-12-31\"", "\"2026-02-30\"", "\"0001-01\"", "\"9999-12\"", "\"1900-01\"", "\"2199-12\"",
        "\"0000-0001\"", "\"9998-9999\"", "\"1900-1901\"", "[]", "[null]", "[[[[]]]]", "{}", "{\"fen\":1e99}",
        "{\"fen\":100000000000000}", "{\"a\\u0000\":1}", $"\"{new string('x', 100_000)}\"",
        new string('[', 500) + new string(']', 500),
    ];

    /// <summary>Text in the place of a part of an address; escaped, unless it begins with a percent sign.</summary>
    public static readonly string[] Address =
    [
        " ", "a\0b", "%00", "%", "%25", "%ED%A0%80", "%FF%FE", "..", "%2e%2e", "%252e%252e", "..%2f..", "-1", "0",
        "2147483648", "99999999999999999999", "NaN", "null", "true", "0001-01-01", "9999-12-31", "1900-01-01",
        "2199-12-31", "2026-02-30", "2026-1-1", "0001-01", "9999-12", "1900-01", "2199-12", "0000-0001", "9998-9999",
        "00010101", "99991231", "19000101", "21991231", "' or 1=1 --", "{0}", "<b>", "𠮷", "a\nb", "invoice", "draft",
        EventTables.Events, new string('9', 2_000), "00000000-0000-0000-0000-000000000000",
    ];

    /// <summary>Headers as they may be sent.</summary>
    public static readonly string[] Headers =
        ["", " ", "'", "\u00ff", "{0}", new string('k', 129), new string('k', 8_000)];

    /// <summary>Encodings that a sender may declare for its body, right or wrong.</summary>
    public static readonly string[] Charsets =
    [
        "utf-8", "UTF8", "\"utf-8\"", "'utf-8'", "", "\"\"", "gbk", "GB2312", "gb18030", "big5", "utf-16", "utf-32",
        "utf-7", "us-ascii", "iso-8859-1", "windows-1252", "bogus", "0", "{0}", "%00", "\u00e9", "\"",
        "utf-8; charset=gbk", "gbk; charset=utf-8", new string('x', 1_000),
    ];

    /// <summary>Media types in the place of a right one.</summary>
    public static readonly string[] Types =
    [
        "", " ", "json", "/", "*/*", "application/*", "text/plain", "text/csv", "application/xml", "application/jsonp",
        "APPLICATION/JSON", "application/json;", "application/json; charset", "application/json, text/plain",
        "application/json; boundary=\"", "application/problem+json", "application/+json", "application/j\u00e9son",
        "multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=gbk", "application/octet-stream", new string('a', 2_000),
    ];

    /// <summary>Text in the place of a field of a file.</summary>
    public static readonly string[] Fields =
    [
        "", " ", "\0", "a\0b", "\"", "\"\"\"", "=1+1", "-1", "0", "1e28", "99999999999999999999999999999999",
        "999999999999.99", "0001-01-01", "9999-12-31", "2026-02-30", "00010101", "99991231", "\ud800", "𠮷", "|", ";",
        "\t", new string('9', 70_000),
    ];

    /// <summary>Whole bodies in the place of one in JSON.</summary>
    public static readonly byte[][] Bodies =
    [
        [], "null"u8.ToArray(), "[]"u8.ToArray(), "{"u8.ToArray(), "\"x\""u8.ToArray(), "{}"u8.ToArray(), [0],
        [0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'], [0xFF, 0xFE, 0x00], "{\"\\u0000\":1}"u8.ToArray(),
        "{\"a\":1,\"a\":2}"u8.ToArray(), "{\"\xff\":1}"u8.ToArray(), [.. Enumerable.Repeat((byte)'[', 5_000)],
        [.. Enumerable.Repeat((byte)' ', 300_000)],
    ];

    /// <summary>Whole files in the place of a good one.</summary>
    public static readonly byte[][] Files =
    [
        [], [0], "\n\n\n"u8.ToArray(), "\r"u8.ToArray(), [0xEF, 0xBB, 0xBF], [0xFF, 0xFE, 0x31, 0x00],
        [0xD6, 0xD0, 0xB9, 0xFA, 0x0A], "a,b,c\n1,2,3\n"u8.ToArray(), "\"\"\"\n"u8.ToArray(),
        [.. Enumerable.Repeat((byte)',', 200_000)], [.. Enumerable.Repeat((byte)'x', 3_000_000)],
    ];
}
