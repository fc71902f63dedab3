using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Billing.Platform;

/// <summary>
/// Options that are bound to a section and validated when the process starts, not when one of them is first used. Their
/// defaults are in <c>services/appsettings.json</c>.
/// </summary>
public static class CheckedOptions
{
    /// <summary>Binds options to a section; a value of the wrong type is refused like an invalid one.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section, such as <c>Billing:Readings</c>.</param>
    /// <param name="alone">Whether the section belongs to these options alone, so that an unknown member is an
    /// error.</param>
    public static IServiceCollection AddChecked<TOptions, TCheck>(
        this IServiceCollection services, string section, bool alone = true)
        where TOptions : class
        where TCheck : class, IValidateOptions<TOptions>
    {
        services.AddSingleton<IValidateOptions<TOptions>, TCheck>()
            .AddOptions<TOptions>().Configure<IConfiguration>((options, configuration) =>
            {
                try
                {
                    configuration.GetSection(section).Bind(
                        options, binder => binder.ErrorOnUnknownConfiguration = alone);
                }
                catch (InvalidOperationException e)
                {
                    throw new OptionsValidationException(section, typeof(TOptions), [Why(e)]);
                }
            }).ValidateOnStart();
        return services;
    }

    /// <summary>Of nested exceptions, the message that names the value that cannot be read.</summary>
    private static string Why(InvalidOperationException fault) =>
        fault.InnerException is InvalidOperationException inner ? Why(inner) : fault.Message;

    /// <summary>The name of the environment variable that sets a key.</summary>
    public static string VariableOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Replace(":", "__", StringComparison.Ordinal);
    }
}
