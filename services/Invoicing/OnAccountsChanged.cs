using System.Text.Json;
using Billing.Contracts.Customer;
using Billing.Platform;
using Dapper;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>Keeps the newest picture of every account: who it is, which supply it has, on which plan.</summary>
public sealed class OnAccountsChanged(NpgsqlDataSource source) : Consumer<AccountsChanged>(source)
{
    private const string Sql = """
        insert into account_supply as known (account_no, version, class, region, project, opened_on, electricity_plan,
          meters, heat_plan, area_m2, heat_metered, storey_height_m, use_class)
        select * from unnest(@account::text[], @version::bigint[], @class::text[], @region::text[], @project::text[],
          @opened::date[], @electricity::text[], @meters::jsonb[], @heat::text[], @area::numeric[], @metered::boolean[],
          @height::numeric[], @use::text[])
        on conflict (account_no) do update set version = excluded.version, class = excluded.class,
          region = excluded.region, project = excluded.project, opened_on = excluded.opened_on,
          electricity_plan = excluded.electricity_plan, meters = excluded.meters, heat_plan = excluded.heat_plan,
          area_m2 = excluded.area_m2, heat_metered = excluded.heat_metered,
          storey_height_m = excluded.storey_height_m, use_class = excluded.use_class
        where known.version < excluded.version
        """;

    protected override async Task<int> Apply(
        AccountsChanged message, NpgsqlConnection connection, CancellationToken cancellation)
    {
        // One row per account in one statement, in the order in which everybody locks accounts.
        var newest = message.Items.GroupBy(item => item.Account)
            .Select(pictures => pictures.MaxBy(picture => picture.Origin.Version)!)
            .OrderBy(picture => picture.Account).ToList();
        await connection.ExecuteAsync(new CommandDefinition(Sql, new
        {
            account = newest.ConvertAll(a => a.Account.Value),
            version = newest.ConvertAll(a => a.Origin.Version),
            @class = newest.ConvertAll(a => a.Class.ToString()),
            region = newest.ConvertAll(a => a.Region),
            project = newest.ConvertAll(a => a.Project),
            opened = newest.ConvertAll(a => a.OpenedOn.ToDateTime(default)),
            electricity = newest.ConvertAll(a => a.Electricity?.Plan.Value),
            meters = newest.ConvertAll(a =>
                a.Electricity is { } supply ? JsonSerializer.Serialize(supply.Meters, Wire.Stored) : null),
            heat = newest.ConvertAll(a => a.Heat?.Plan.Value),
            area = newest.ConvertAll(a => a.Heat?.BillingAreaM2),
            metered = newest.ConvertAll(a => a.Heat?.Metered),
            height = newest.ConvertAll(a => a.Heat?.StoreyHeightM),
            use = newest.ConvertAll(a => a.Heat?.UseClass),
        }, cancellationToken: cancellation));
        return message.Items.Count;
    }
}
