using System.Net;
using System.Net.Sockets;

namespace Billing.Testing;

/// <summary>Ports for services whose address must be known before they start.</summary>
public static class FreePort
{
    private const int First = 20_000, Last = 32_000;

    /// <summary>
    /// A port that nobody listens on, below those that the system gives to outgoing connections: it is still free when
    /// the service starts.
    /// </summary>
    public static int Next()
    {
        while (true)
        {
            var port = System.Security.Cryptography.RandomNumberGenerator.GetInt32(First, Last);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody listens there; the next one.
            }
        }
    }
}
