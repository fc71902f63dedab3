using System.Text.Json;
using Billing.Contracts.Customer;
using Billing.Platform;
using Dapper;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Keeps the newest state of every account: its attributes, its supplies and their plans. Its meters are kept from all
/// states, because what a meter measured until it was taken down has still to be billed.
/// </summary>
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

    private const string PicturesSql = """
        insert into meter_picture (account_no, version, since, meters)
        select * from unnest(@account::text[], @version::bigint[], @since::date[], @meters::jsonb[])
        on conflict do nothing;
        select account_no, since, meters::text from meter_picture
        where account_no in (
          select account_no from meter_picture where account_no = any(@account::text[])
          group by account_no having count(*) > 1)
        order by account_no, version
        """;

    private const string StaysSql = """
        update account_supply a set meters = s.meters
        from unnest(@account::text[], @meters::jsonb[]) as s(account_no, meters)
        where a.account_no = s.account_no and a.electricity_plan is not null
        """;

    protected override async Task<int> Apply(
        AccountsChanged message, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await PostingGate.Share(connection, cancellation);
        // One row per account in one statement, in the order in which all writers lock accounts.
        var newest = message.Items.GroupBy(item => item.Account)
            .Select(pictures => pictures.MaxBy(picture => picture.Origin.Order)!)
            .OrderBy(picture => picture.Account).ToList();
        await connection.ExecuteAsync(new CommandDefinition(Sql, new
        {
            account = newest.ConvertAll(a => a.Account.Value),
            version = newest.ConvertAll(a => a.Origin.Order),
            @class = newest.ConvertAll(a => a.Class.ToString()),
            region = newest.ConvertAll(a => a.Region.Value),
            project = newest.ConvertAll(a => a.Project.Value),
            opened = newest.ConvertAll(a => a.OpenedOn.ToDateTime(default)),
            electricity = newest.ConvertAll(a => a.Electricity?.Plan.Value),
            meters = newest.ConvertAll(a => a.Electricity is { } supply
                ? JsonSerializer.Serialize(MeterStay.Of([(Since(a), supply.Meters)]), Wire.Stored) : null),
            heat = newest.ConvertAll(a => a.Heat?.Plan.Value),
            area = newest.ConvertAll(a => a.Heat?.BillingAreaM2),
            metered = newest.ConvertAll(a => a.Heat?.Metered),
            height = newest.ConvertAll(a => a.Heat?.StoreyHeightM),
            use = newest.ConvertAll(a => a.Heat?.UseClass),
        }, cancellationToken: cancellation));
        await KeepMeters([.. message.Items.Where(a => a.Electricity is not null)], connection, cancellation);
        return message.Items.Count;
    }

    /// <summary>
    /// Computes the meter stays of an account from all of its states, because they arrive in any order. The account's
    /// row is locked by now.
    /// </summary>
    private static async Task KeepMeters(
        List<AccountChanged> items, NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (items.Count == 0)
            return;
        var pictures = await connection.QueryAsync<(string Account, DateOnly Since, string Meters)>(new(
            PicturesSql,
            new
            {
                account = items.ConvertAll(a => a.Account.Value),
                version = items.ConvertAll(a => a.Origin.Order),
                since = items.ConvertAll(a => Since(a).ToDateTime(default)),
                meters = items.ConvertAll(a => JsonSerializer.Serialize(a.Electricity!.Meters, Wire.Stored)),
            },
            cancellationToken: cancellation));
        var stays = pictures.GroupBy(picture => picture.Account, StringComparer.Ordinal)
            .Select(account => (Account: account.Key, Meters: JsonSerializer.Serialize(
                MeterStay.Of(account.Select(picture => (picture.Since, MetersOf(picture.Meters)))), Wire.Stored)))
            .ToList();
        if (stays.Count > 0)
            await connection.ExecuteAsync(new(
                StaysSql,
                new { account = stays.ConvertAll(s => s.Account), meters = stays.ConvertAll(s => s.Meters) },
                cancellationToken: cancellation));
    }

    private static IReadOnlyList<Meter> MetersOf(string json) =>
        JsonSerializer.Deserialize<Meter[]>(json, Wire.Stored)!;

    /// <summary>
    /// The day of a state; for messages from before this member existed, the day on which it was recorded.
    /// </summary>
    private static DateOnly Since(AccountChanged picture) => picture.Since
        ?? (picture.Origin.Version == 1 ? picture.OpenedOn : picture.Origin.RecordedAt.BusinessDate());
}
