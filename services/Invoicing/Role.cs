using Billing.Platform;
using Microsoft.Extensions.Options;

namespace Billing.Invoicing;

/// <summary>
/// What a process does, by <c>Billing:Role</c>: everything, or only the chunks of billing runs, so that more machines
/// can help.
/// </summary>
internal enum Role
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>The chunks of billing runs.</summary>
    Worker,
}

internal static class Roles
{
    private const string Setting = "Billing:Role";

    /// <summary>This process's role. What it hosts depends on it, so it is read before anything is built.</summary>
    /// <exception cref="OptionsValidationException">It is none.</exception>
    public static Role From(IConfiguration configuration) => configuration[Setting] switch
    {
        null or "" or "all" => Role.All,
        "worker" => Role.Worker,
        var other => throw new OptionsValidationException(Setting, typeof(Role), [
            $"{Setting} is '{other}'. It is all or worker (environment variable " +
            $"{CheckedOptions.VariableOf(Setting)})."]),
    };
}
