using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>
/// Stands between a client and PostgreSQL and, when told to, swallows the server's answer to a statement that has been
/// carried out and cuts the connection: to the client the outcome of its commit is unknown.
/// </summary>
public sealed class ConnectionCutter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly NpgsqlConnectionStringBuilder _target;
    private readonly Task _accepting;
    private byte[]? _wanted;

    public ConnectionCutter(string target)
    {
        _target = new NpgsqlConnectionStringBuilder(target);
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(target)
        {
            Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port, SslMode = SslMode.Disable,
        }.ConnectionString;
        _accepting = Accept();
    }

    public string ConnectionString { get; }

    public int Cuts { get; private set; }

    /// <summary>The next request that holds this text is carried out, but its answer never arrives.</summary>
    public void CutAfterNextAnswerContaining(string text) => _wanted = Encoding.UTF8.GetBytes(text);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
        _listener.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
                _ = Serve(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(_target.Host!, _target.Port);
            var (down, up) = (client.GetStream(), server.GetStream());
            var cut = new TaskCompletionSource();
            await Task.WhenAny(Pump(down, up, Requested), Pump(up, down, Answered));

            bool Requested(ReadOnlySpan<byte> bytes)
            {
                if (_wanted is { } wanted && bytes.IndexOf(wanted) >= 0)
                {
                    _wanted = null;
                    cut.TrySetResult();
                }
                return true;
            }

            bool Answered(ReadOnlySpan<byte> bytes)
            {
                if (!cut.Task.IsCompleted)
                    return true;
                Cuts++;
                return false;
            }
        }
    }

    private delegate bool Inspect(ReadOnlySpan<byte> bytes);

    private static async Task Pump(NetworkStream from, NetworkStream to, Inspect inspect)
    {
        var buffer = new byte[256 * 1024];
        try
        {
            for (int read; (read = await from.ReadAsync(buffer)) > 0;)
            {
                if (!inspect(buffer.AsSpan(0, read)))
                    return;
                await to.WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (IOException)
        {
        }
    }
}
