using Billing.Contracts.Customer;
using Billing.Platform;
using Npgsql;
using NpgsqlTypes;

namespace Billing.Payments;

/// <summary>Keeps the accounts that partners may ask about. Of two states of an account the newer one wins.</summary>
public sealed class OnAccountsChanged(NpgsqlDataSource source) : Consumer<AccountsChanged>(source)
{
    private const string Sql = """
        insert into account as a (account_no, masked_name, region, project, class, version)
        select distinct on (account_no) * from unnest($1, $2, $3, $4, $5, $6)
          as i(account_no, masked_name, region, project, class, version)
        order by account_no, version desc
        on conflict (account_no) do update set masked_name = excluded.masked_name, region = excluded.region,
          project = excluded.project, class = excluded.class, version = excluded.version
        where a.version < excluded.version
        """;

    protected override async Task<int> Apply(
        AccountsChanged message, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        Text(item => item.Account.Value);
        Text(item => item.MaskedName);
        Text(item => item.Region.Value);
        Text(item => item.Project.Value);
        Text(item => item.Class.ToString());
        command.Parameters.Add(new NpgsqlParameter<long[]>
        {
            TypedValue = [.. message.Items.Select(item => item.Origin.Order)],
        });
        await command.ExecuteNonQueryAsync(cancellation);
        return message.Items.Count;

        void Text(Func<AccountChanged, string> value) => command.Parameters.Add(new NpgsqlParameter<string[]>
        {
            TypedValue = [.. message.Items.Select(value)],
            NpgsqlDbType = NpgsqlDbType.Text | NpgsqlDbType.Array,
        });
    }
}
