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
    // Of two versions that share days the later has superseded the earlier, also while that has not come in yet.
    private const string InForceSql = """
        select plan, version, document, valid_from,
          least(valid_to, lead(valid_from) over (partition by plan order by valid_from, version) - 1)
        from plan_version where document is not null and not withdrawn
        """;

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
    /// The version of each plan that a run for a period uses: the published and not withdrawn one that is in force in
    /// the whole period. A plan without such a version has none, and its accounts become exceptions.
    /// </summary>
    public async Task<Dictionary<PlanCode, int>> VersionsFor(
        NpgsqlConnection connection, Utility utility, BillingPeriod period, CancellationToken cancellation)
    {
        var versions = new Dictionary<PlanCode, int>();
        await using var command = new NpgsqlCommand(InForceSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var (plan, version) = (PlanCode.Wrap(reader.GetString(0)), reader.GetInt32(1));
            var document = Parse(plan, version, reader.GetString(2));
            if (document.Utility != utility || (period.IsSeason && document.Season is null))
                continue;
            var days = document.DaysOf(period);
            var last = reader.IsDBNull(4) ? DateOnly.MaxValue : reader.GetFieldValue<DateOnly>(4);
            if (reader.GetFieldValue<DateOnly>(3) <= days.First && days.Last <= last)
                versions.Add(plan, version);
        }
        return versions;
    }

    private PlanDocument Parse(PlanCode plan, int version, string document) =>
        _parsed.GetOrAdd((plan, version), _ =>
        {
            using var json = JsonDocument.Parse(document);
            return PlanDocument.Parse(json.RootElement);
        });
}
