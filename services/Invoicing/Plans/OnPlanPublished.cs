using Billing.Contracts.Tariff;
using Billing.Platform;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>Stores every published plan version; its document never changes again.</summary>
public sealed class OnPlanPublished(NpgsqlDataSource source) : Consumer<PlanPublished>(source)
{
    protected override Task<int> Apply(
        PlanPublished message, NpgsqlConnection connection, CancellationToken cancellation) => PlanReplica.Keep(
        connection, new(message.Plan, message.Version, message.Document, message.Origin), cancellation);
}

/// <summary>Stores that versions ended early, also of versions whose publication has not been received yet.</summary>
public sealed class OnPlanSuperseded(NpgsqlDataSource source) : Consumer<PlanSuperseded>(source)
{
    protected override Task<int> Apply(
        PlanSuperseded message, NpgsqlConnection connection, CancellationToken cancellation) => PlanReplica.Keep(
        connection,
        new(message.Plan, message.Version, message.Document, message.Origin)
        {
            Superseded = (message.BySuccessor, message.LastDay),
        },
        cancellation);
}

/// <summary>Stores withdrawals, also of versions whose publication has not been received yet.</summary>
public sealed class OnPlanWithdrawn(NpgsqlDataSource source) : Consumer<PlanWithdrawn>(source)
{
    protected override Task<int> Apply(
        PlanWithdrawn message, NpgsqlConnection connection, CancellationToken cancellation) => PlanReplica.Keep(
        connection,
        new(message.Plan, message.Version, message.Document, message.Origin) { Withdrawn = true },
        cancellation);
}
