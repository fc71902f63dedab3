using Billing.Contracts.Tariff;
using Billing.Platform;
using Dapper;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>Keeps every published plan version; it never changes again.</summary>
public sealed class OnPlanPublished(NpgsqlDataSource source) : Consumer<PlanPublished>(source)
{
    protected override async Task<int> Apply(
        PlanPublished message, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await connection.ExecuteAsync(new CommandDefinition("""
            insert into plan_version as known (plan, version, document) values (@plan, @version, @document::jsonb)
            on conflict (plan, version) do update set document = excluded.document where known.document is null
            """,
            new { plan = message.Plan.Value, message.Version, document = message.Document.GetRawText() },
            cancellationToken: cancellation));
        return 1;
    }
}

/// <summary>Remembers withdrawals, also of versions whose publication has not come in yet.</summary>
public sealed class OnPlanWithdrawn(NpgsqlDataSource source) : Consumer<PlanWithdrawn>(source)
{
    protected override async Task<int> Apply(
        PlanWithdrawn message, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await connection.ExecuteAsync(new CommandDefinition("""
            insert into plan_version as known (plan, version, withdrawn) values (@plan, @version, true)
            on conflict (plan, version) do update set withdrawn = true where not known.withdrawn
            """, new { plan = message.Plan.Value, message.Version }, cancellationToken: cancellation));
        return 1;
    }
}
