using System.Text.Json;

namespace Billing.Tools;

/// <summary>What somebody who signed in holds, as it is kept between commands.</summary>
/// <param name="AccessToken">The token that services accept.</param>
/// <param name="Until">When it expires.</param>
/// <param name="RefreshToken">What it is renewed with; null for programs and for tokens that end.</param>
/// <param name="ClientId">The program whose credential renews it; null for people.</param>
/// <param name="ClientSecret">Its secret; null for people.</param>
internal sealed record Session(
    string AccessToken, DateTimeOffset Until, string? RefreshToken = null, string? ClientId = null,
    string? ClientSecret = null)
{
    /// <summary>How much time a token needs before it: the request is on its way, and clocks differ.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(10);

    /// <summary>Whether the access token will still be good when it arrives.</summary>
    public bool IsGood => Until - Ahead > TimeProvider.System.GetUtcNow();

    /// <summary>Never shown, not even by mistake.</summary>
    public override string ToString() => $"{nameof(Session)} until {Until:O}";
}

/// <summary>The sessions of this machine's user, one file each that nobody else can read.</summary>
/// <param name="folder">The folder.</param>
internal sealed class SessionFiles(string folder)
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Whether there is one under a name.</summary>
    public bool Has(string who) => File.Exists(PathOf(who));

    /// <summary>The session under a name; null when there is none that can be read.</summary>
    public Session? Read(string who)
    {
        try
        {
            return JsonSerializer.Deserialize<Session>(File.ReadAllText(PathOf(who)), JsonSerializerOptions.Web);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps a session; a reader sees the former one or this one.</summary>
    public void Write(string who, Session session)
    {
        CreateFolder();
        var next = $"{PathOf(who)}.{Environment.ProcessId}.new";
        using (var stream = new FileStream(next, Secretly(FileMode.Create, FileShare.None)))
            JsonSerializer.Serialize(stream, session, JsonSerializerOptions.Web);
        File.Move(next, PathOf(who), overwrite: true);
    }

    /// <summary>Forgets a session.</summary>
    public void Delete(string who) => File.Delete(PathOf(who));

    /// <summary>
    /// Lets one process at a time renew a session: a refresh token that two use at once looks stolen.
    /// </summary>
    public async Task<IDisposable> Hold(string who, CancellationToken cancellation)
    {
        CreateFolder();
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(PathOf(who) + ".lock", Secretly(FileMode.OpenOrCreate, FileShare.None));
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(50, cancellation);
            }
        }
    }

    private string PathOf(string who) => Path.Combine(folder, who.Replace(':', '-') + ".json");

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, Own | UnixFileMode.UserExecute);
    }

    private static FileStreamOptions Secretly(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Own;
        return options;
    }
}
