using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Billing.Identity.Tests;

/// <summary>An authenticator app (RFC 6238).</summary>
internal static class Totp
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The present step, of 30 seconds.</summary>
    public static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30;

    /// <summary>The secret that a page shows as a key.</summary>
    public static byte[] Secret(string key)
    {
        var bits = string.Concat(key.Where(c => c != ' ').Select(c =>
            Convert.ToString(Base32.IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }

    /// <summary>The code of a step.</summary>
    public static string Code(byte[] secret, long step)
    {
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // As authenticator apps have it.
        var hash = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        var offset = hash[^1] & 15;
        var number = (BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(offset)) & int.MaxValue) % 1_000_000;
        return number.ToString("D6", CultureInfo.InvariantCulture);
    }
}
