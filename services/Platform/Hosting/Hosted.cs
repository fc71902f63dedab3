using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Billing.Platform;

/// <summary>How a process of this system starts and exits.</summary>
public static class Hosted
{
    private const int BadConfiguration = 78;

    /// <summary>Settings are read from the program's directory, whatever the working directory is.</summary>
    public static WebApplicationOptions Options(string[] arguments) =>
        new() { Args = arguments, ContentRootPath = AppContext.BaseDirectory };

    /// <summary>Reads settings from files, too, when a folder of them is named.</summary>
    /// <exception cref="OptionsValidationException">There is no such folder.</exception>
    public static void AddSecretFiles(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        const string setting = $"{BillingOptions.Section}:{nameof(BillingOptions.SecretsFolder)}";
        if (builder.Configuration[setting] is not { Length: > 0 } folder)
            return;
        if (!Directory.Exists(folder))
            throw new OptionsValidationException(
                BillingOptions.Section, typeof(BillingOptions), [$"{setting}: there is no folder {folder}."]);
        builder.Configuration.AddKeyPerFile(Path.GetFullPath(folder), optional: false);
    }

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
