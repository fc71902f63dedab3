using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Billing.Testing;

namespace Billing.Journeys.Tests;

/// <summary>A service as it runs in production: a process of its own, which can be killed.</summary>
public sealed class ServiceProcess : IDisposable
{
    private readonly ProcessStartInfo _start;
    private readonly string _log;
    private Process? _process;

    public ServiceProcess(string name, IReadOnlyList<(string Key, string Value)> settings)
    {
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        Partners = new Uri(settings.Single(setting => setting.Key == "Billing__Partners__Listen").Value);
        Http = new HttpClient(new AsPartner(
            new SignedIn(new SocketsHttpHandler()), Address, Partners, TimeProvider.System))
        {
            BaseAddress = Address, Timeout = TimeSpan.FromSeconds(100),
        };
        Directory.CreateDirectory(Path.Combine(Backend.Root, "artifacts/journeys"));
        _log = Path.Combine(Backend.Root, "artifacts/journeys", $"{name}-{Address.Port}.log");
        _start = new ProcessStartInfo("dotnet", [Assembly($"Billing.{name}")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Backend.Root,
            Environment = { ["ASPNETCORE_URLS"] = Address.ToString() },
        };
        foreach (var (key, value) in settings)
            _start.Environment[key] = value;
    }

    public Uri Address { get; }

    /// <summary>Where partners call, if it is the service that they call.</summary>
    public Uri Partners { get; }

    public HttpClient Http { get; }

    public static string Assembly(string project)
    {
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(Backend.Root, "artifacts/bin", project, configuration, project + ".dll");
    }

    public void Start()
    {
        _process = Process.Start(_start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Task Ready() => Eventually.Holds(
        async () =>
        {
            if (_process!.HasExited)
                throw new InvalidOperationException($"The service ended by itself; see {_log}.");
            try
            {
                return (await Http.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        $"{Address} is ready");

    /// <summary>All that it has said.</summary>
    public string ReadLog()
    {
        lock (_start)
            return File.ReadAllText(_log);
    }

    /// <summary>The process's number.</summary>
    public int Id => _process!.Id;

    /// <summary>SIGSTOP: it does nothing any more and does not know it.</summary>
    public Task Hang() => Signal("STOP");

    /// <summary>SIGCONT: it goes on as if nothing had been.</summary>
    public Task WakeUp() => Signal("CONT");

    /// <summary>SIGKILL: no goodbye, nothing flushed.</summary>
    public async Task Kill()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
            _process.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        Http.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_start)
            File.AppendAllText(_log, line.Data + "\n");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process!.Id}"]);
        await kill.WaitForExitAsync();
    }
}
