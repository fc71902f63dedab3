using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Billing.WebConsole;

/// <summary>
/// The sessions, a file for each, encrypted: tokens never leave the server, a session outlives a restart, and one that
/// has ended is gone whatever cookie somebody kept. A browser has its name only, inside the cookie, which is encrypted.
/// </summary>
internal sealed class SessionFiles : ITicketStore
{
    private const string Name = "session";
    private const int Stripes = 256;

    private readonly string _folder;
    private readonly IDataProtector _protector;
    private readonly SemaphoreSlim[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1, 1))];

    public SessionFiles(IOptions<ConsoleOptions> options, IDataProtectionProvider protection)
    {
        _folder = Directory.CreateDirectory(Path.Combine(options.Value.Keys, "sessions")).FullName;
        _protector = protection.CreateProtector("billing console sessions");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The name of a session that was stored.</summary>
    public static string NameOf(AuthenticationProperties properties) => properties.Items[Name]!;

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var name = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await RenewAsync(name, ticket);
        return name;
    }

    public async Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        ticket.Properties.Items[Name] = key;
        var file = FileOf(key);
        var written = $"{file}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(6))}.new";
        await File.WriteAllBytesAsync(written, _protector.Protect(TicketSerializer.Default.Serialize(ticket)));
        File.Move(written, file, overwrite: true);
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        try
        {
            return TicketSerializer.Default.Deserialize(
                _protector.Unprotect(await File.ReadAllBytesAsync(FileOf(key))));
        }
        catch (Exception e) when (e is FileNotFoundException or CryptographicException)
        {
            return null;
        }
    }

    public Task RemoveAsync(string key)
    {
        File.Delete(FileOf(key));
        return Task.CompletedTask;
    }

    /// <summary>Does something while nobody else renews or ends the session.</summary>
    public async Task<T> Alone<T>(string key, Func<Task<T>> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var stripe = _stripes[unchecked((uint)key.GetHashCode(StringComparison.Ordinal)) % Stripes];
        await stripe.WaitAsync();
        try
        {
            return await action();
        }
        finally
        {
            stripe.Release();
        }
    }

    /// <summary>Deletes the sessions that began, or were last renewed, before a moment; returns how many.</summary>
    public int Prune(DateTimeOffset before)
    {
        var old = Directory.EnumerateFiles(_folder).Where(file => File.GetLastWriteTimeUtc(file) < before).ToList();
        old.ForEach(File.Delete);
        return old.Count;
    }

    private string FileOf(string key) =>
        Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
}
