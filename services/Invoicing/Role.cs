using Billing.Platform;
using Microsoft.Extensions.Options;

namespace Billing.Invoicing;

/// <summary>
/// The role of a process, set by <c>Billing:Role</c>: everything, or only the chunks of billing runs, so that more
/// machines can share the work.
/// </summary>
internal enum Role
{
    /// <summary>API, consumers, and chunks of billing runs.</summary>
    All,

    /// <summary>Only chunks of billing runs.</summary>
    Worker,
}

internal static class Roles
{
    private const string Setting = "Billing:Role";

    /// <summary>
    /// Reads this process's role. What it hosts depends on it, so it is read before anything is built.
    /// </summary>
    /// <exception cref="OptionsValidationException">The setting is not a role.</exception>
    public static Role From(IConfiguration configuration) => configuration[Setting] switch
    {
        null or "" or "all" => Role.All,
        "worker" => Role.Worker,
        var other => throw new OptionsValidationException(Setting, typeof(Role), [
            $"{Setting} is '{other}'. It is all or worker (environment variable " +
            $"{CheckedOptions.VariableOf(Setting)})."]),
    };
}
