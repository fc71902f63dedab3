using Microsoft.AspNetCore.Builder;

namespace Billing.Platform;

/// <summary>How a process of ours begins and ends.</summary>
public static class Hosted
{
    private const int BadConfiguration = 78;

    /// <summary>
    /// Runs an application to its end; answers the exit code: 78 (EX_CONFIG), with the reason on standard error, when
    /// it cannot even be built because a setting is missing or wrong.
    /// </summary>
    public static async Task<int> Run(Func<string[], WebApplication> build, string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(build);
        try
        {
            await build(arguments).RunAsync();
            return 0;
        }
        catch (InvalidConfigurationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return BadConfiguration;
        }
    }
}
