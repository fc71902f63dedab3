using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Billing.Platform;

/// <summary>
/// Settings are options that are bound to a section and checked when the process starts, never when one of them is
/// first needed. Their defaults stand in <c>services/appsettings.json</c>.
/// </summary>
public static class CheckedOptions
{
    /// <summary>Binds options to a section; a value of another kind is refused like one that is wrong.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section, such as <c>Billing:Readings</c>.</param>
    /// <param name="alone">Whether the section is theirs alone, so that a member they do not have is a mistake.</param>
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

    /// <summary>Of faults around each other, the one that says which value cannot be read.</summary>
    private static string Why(InvalidOperationException fault) =>
        fault.InnerException is InvalidOperationException inner ? Why(inner) : fault.Message;

    /// <summary>The name of an environment variable that sets what a key names.</summary>
    public static string VariableOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Replace(":", "__", StringComparison.Ordinal);
    }
}
