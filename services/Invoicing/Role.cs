using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>
/// What a process does: everything, or only the chunks of billing runs, so that more machines can help.
/// </summary>
internal static class Role
{
    /// <summary>Reads <c>Billing:Role</c>: <c>all</c>, the default, or <c>worker</c>.</summary>
    /// <exception cref="InvalidConfigurationException">It is something else.</exception>
    public static bool IsWorker(IConfiguration configuration) => configuration["Billing:Role"] switch
    {
        null or "" or "all" => false,
        "worker" => true,
        var other => throw new InvalidConfigurationException(
            $"Billing:Role is '{other}'. It is all or worker (environment variable Billing__Role)."),
    };
}
