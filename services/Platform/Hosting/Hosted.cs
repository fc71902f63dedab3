using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace Billing.Platform;

/// <summary>How a process of this system starts and exits.</summary>
public static class Hosted
{
    private const int BadConfiguration = 78;

    /// <summary>Settings are read from the program's directory, whatever the working directory is.</summary>
    public static WebApplicationOptions Options(string[] arguments) =>
        new() { Args = arguments, ContentRootPath = AppContext.BaseDirectory };

    /// <summary>
    /// Runs an application to its end; returns the exit code: 78 (EX_CONFIG), with the reason on standard error, when
    /// it cannot be built because a setting is missing or invalid.
    /// </summary>
    public static async Task<int> Run(Func<string[], WebApplication> build, string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(build);
        try
        {
            await build(arguments).RunAsync();
            return 0;
        }
        catch (OptionsValidationException e)
        {
            foreach (var failure in e.Failures)
                await Console.Error.WriteLineAsync(failure);
            return BadConfiguration;
        }
    }
}
