using Billing.Contracts;
using Npgsql;

namespace Billing.Payments;

/// <summary>Which accounts a partner may know of: all, or those of the projects that were delegated to it.</summary>
public sealed class Delegations(NpgsqlDataSource source)
{
    /// <summary>Whether an account is one of the partner's; one that nobody knows is nobody's.</summary>
    public async ValueTask<bool> Has(Partner partner, AccountNo account, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(partner);
        if (partner.Projects.Count == 0)
            return true;
        await using var command = source.CreateCommand(
            "select exists (select from account where account_no = $1 and project = any($2))");
        command.Parameters.Add(new() { Value = account.Value });
        command.Parameters.Add(new() { Value = partner.Projects.Select(project => project.Value).ToArray() });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
