using System.Diagnostics;

namespace Billing.Testing;

/// <summary>
/// Waits by polling until a deadline, which fails with a message; tests never sleep (style.md rule 22).
/// </summary>
public static class Eventually
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>Polls until the condition holds.</summary>
    public static async Task Holds(Func<Task<bool>> condition, string message, TimeSpan? within = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (within ?? Timeout))
                throw new TimeoutException(
                    $"After {watch.Elapsed.TotalSeconds:0} s it is still not so that {message}.");
            await Task.Delay(25);
        }
    }

    /// <summary>Polls until the value is the expected one.</summary>
    public static async Task Is<T>(T expected, Func<Task<T>> actual, string what, TimeSpan? within = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var now = await actual();
            if (EqualityComparer<T>.Default.Equals(now, expected))
                return;
            if (watch.Elapsed > (within ?? Timeout))
                throw new TimeoutException($"After {watch.Elapsed.TotalSeconds:0} s {what} is {now}, not {expected}.");
            await Task.Delay(25);
        }
    }
}
