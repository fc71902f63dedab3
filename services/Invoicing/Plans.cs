using System.Collections.Concurrent;
using System.Text.Json;
using Billing.Contracts;
using Billing.Rating;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Published plan versions, parsed once per process: a version never changes, so what was parsed stays good for ever.
/// </summary>
public sealed class Plans
{
    private readonly ConcurrentDictionary<(PlanCode, int), PlanDocument> _parsed = new();

    /// <summary>One version.</summary>
    /// <exception cref="InvalidDataException">The version is not known here.</exception>
    public async Task<PlanDocument> Get(
        NpgsqlConnection connection, PlanCode plan, int version, CancellationToken cancellation)
    {
        if (_parsed.TryGetValue((plan, version), out var parsed))
            return parsed;
        await using var command = new NpgsqlCommand(
            "select document from plan_version where plan = $1 and version = $2", connection)
        {
            Parameters = { new() { Value = plan.Value }, new() { Value = version } },
        };
        return await command.ExecuteScalarAsync(cancellation) is string document
            ? Parse(plan, version, document)
            : throw new InvalidDataException($"Plan {plan} version {version} is not known here.");
    }

    /// <summary>
    /// The version of each plan that a run for a period uses: the highest published and not withdrawn one whose
    /// validity covers the whole period. A plan without such a version has none, and its accounts become exceptions.
    /// </summary>
    public async Task<Dictionary<PlanCode, int>> VersionsFor(
        NpgsqlConnection connection, Utility utility, BillingPeriod period, CancellationToken cancellation)
    {
        var versions = new Dictionary<PlanCode, int>();
        await using var command = new NpgsqlCommand("""
            select plan, version, document from plan_version where document is not null and not withdrawn
            order by plan, version
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var (plan, version) = (PlanCode.Wrap(reader.GetString(0)), reader.GetInt32(1));
            if (Covers(Parse(plan, version, reader.GetString(2)), utility, period))
                versions[plan] = version;
        }
        return versions;
    }

    private PlanDocument Parse(PlanCode plan, int version, string document) =>
        _parsed.GetOrAdd((plan, version), _ =>
        {
            using var json = JsonDocument.Parse(document);
            return PlanDocument.Parse(json.RootElement);
        });

    private static bool Covers(PlanDocument plan, Utility utility, BillingPeriod period)
    {
        if (plan.Utility != utility || (period.IsSeason && plan.Season is null))
            return false;
        var days = plan.DaysOf(period);
        return plan.ValidFrom <= days.First && (plan.ValidTo is null || plan.ValidTo >= days.Last);
    }
}
