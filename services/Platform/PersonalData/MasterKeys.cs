using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Billing.Platform;

/// <summary>
/// The master keys, which lie in files outside of every database and wrap the data keys in it: the last one wraps, all
/// of them unwrap. A key is named by a hash of it, so that the order may change.
/// </summary>
public sealed class MasterKeys
{
    private const int Nonce = 12, Tag = 16;

    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    private MasterKeys(IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            var key = Load(file);
            Current = Convert.ToHexStringLower(HMACSHA256.HashData(key, "billing master key"u8))[..16];
            _keys[Current] = key;
        }
    }

    /// <summary>The name of the key that wraps.</summary>
    public string Current { get; } = "";

    /// <summary>Reads keys from files of 64 hexadecimal digits each, the newest last.</summary>
    /// <exception cref="CryptographicException">There is no file, or one is not such a key.</exception>
    public static MasterKeys Read(IReadOnlyList<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.Count > 0 ? new(files) : throw new CryptographicException(PersonalDataOptionsCheck.NotSet);
    }

    /// <summary>Wraps a data key with the current master key.</summary>
    /// <param name="key">The data key.</param>
    /// <param name="owner">Whose it is; no other owner's row can hold it.</param>
    public byte[] Wrap(ReadOnlySpan<byte> key, string owner)
    {
        var wrapped = new byte[Nonce + key.Length + Tag];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, Nonce));
        using var cipher = new AesGcm(_keys[Current], Tag);
        cipher.Encrypt(
            wrapped.AsSpan(0, Nonce), key, wrapped.AsSpan(Nonce, key.Length), wrapped.AsSpan(Nonce + key.Length),
            Encoding.UTF8.GetBytes(owner));
        return wrapped;
    }

    /// <summary>The data key that was wrapped.</summary>
    /// <param name="wrapped">What <see cref="Wrap"/> returned.</param>
    /// <param name="master">The name of the master key that wrapped it.</param>
    /// <param name="owner">Whose it is.</param>
    /// <exception cref="CryptographicException">That master key is not configured, or it is not the owner's
    /// key.</exception>
    public byte[] Unwrap(byte[] wrapped, string master, string owner)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        if (!_keys.TryGetValue(master, out var key))
            throw new CryptographicException(
                $"A key is wrapped by the master key {master}, which {PersonalDataOptions.Section}:" +
                $"{nameof(PersonalDataOptions.MasterKeys)} does not name.");
        var clear = new byte[wrapped.Length - Nonce - Tag];
        using var cipher = new AesGcm(key, Tag);
        cipher.Decrypt(
            wrapped.AsSpan(0, Nonce), wrapped.AsSpan(Nonce, clear.Length), wrapped.AsSpan(Nonce + clear.Length), clear,
            Encoding.UTF8.GetBytes(owner));
        return clear;
    }

    /// <summary>
    /// A secret that follows from a master key: the same one each time, and of no use for anything else.
    /// </summary>
    /// <param name="master">The name of the master key.</param>
    /// <param name="use">What the secret is for.</param>
    /// <exception cref="CryptographicException">That master key is not configured.</exception>
    public byte[] Derive(string master, string use) => _keys.TryGetValue(master, out var key)
        ? HKDF.DeriveKey(HashAlgorithmName.SHA256, key, CustomerKey.Length, info: Encoding.UTF8.GetBytes(use))
        : throw new CryptographicException(
            $"The secret of {use} follows from the master key {master}, which is not configured.");

    private static byte[] Load(string file)
    {
        try
        {
            var key = Convert.FromHexString(File.ReadAllText(file).Trim());
            return key.Length == CustomerKey.Length
                ? key
                : throw new CryptographicException($"{file} holds {key.Length} bytes, not {CustomerKey.Length}");
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CryptographicException(
                $"{file} is not a file of {2 * CustomerKey.Length} hexadecimal digits: {e.Message}", e);
        }
    }
}

/// <summary>How personal data is locked, from the section <c>Billing:PersonalData</c>.</summary>
public sealed class PersonalDataOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Billing:PersonalData";

    /// <summary>The files of the master keys, the newest last.</summary>
    public IReadOnlyList<string> MasterKeys { get; set; } = [];
}

/// <summary>Checks that the master keys can be read; a service with personal data does not start without one.</summary>
public sealed class PersonalDataOptionsCheck : IValidateOptions<PersonalDataOptions>
{
    private const string Setting = $"{PersonalDataOptions.Section}:{nameof(PersonalDataOptions.MasterKeys)}";

    internal const string NotSet =
        $"{Setting} is not set (environment variable Billing__PersonalData__MasterKeys__0, for ./billing migrate " +
        "BILLING_MASTER_KEYS). It names the files of the keys that lock personal data, the newest last; " +
        "'openssl rand -hex 32' makes one.";

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PersonalDataOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.MasterKeys.Count == 0)
            return ValidateOptionsResult.Fail(NotSet);
        try
        {
            MasterKeys.Read(options.MasterKeys);
            return ValidateOptionsResult.Success;
        }
        catch (CryptographicException e)
        {
            return ValidateOptionsResult.Fail($"{Setting}: {e.Message}.");
        }
    }
}
