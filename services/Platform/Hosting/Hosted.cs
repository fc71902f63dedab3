using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace Billing.Platform;

/// <summary>How a process of ours begins and ends.</summary>
public static class Hosted
{
    private const int BadConfiguration = 78;

    /// <summary>Settings lie beside the program, from wherever it is started.</summary>
    public static WebApplicationOptions Options(string[] arguments) =>
        new() { Args = arguments, ContentRootPath = AppContext.BaseDirectory };

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
        catch (OptionsValidationException e)
        {
            foreach (var failure in e.Failures)
                await Console.Error.WriteLineAsync(failure);
            return BadConfiguration;
        }
    }
}
