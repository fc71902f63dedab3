using System.Collections.Concurrent;
using System.Text.Json;
using Billing.Contracts;
using Billing.Rating;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Published plan versions, parsed once per process: a version never changes, so the cached result stays valid.
/// </summary>
public sealed class Plans
{
    // On which days each is in force is decided by PlanSchedule.
    private const string InForceSql = """
        select plan, version, document, valid_to
        from plan_version where document is not null and not withdrawn order by plan, valid_from, version
        """;

    private readonly ConcurrentDictionary<(PlanCode, int), PlanDocument> _parsed = new();

    /// <summary>One version, parsed.</summary>
    /// <exception cref="InvalidDataException">The version is not in the replica.</exception>
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

    /// <summary>A schedule of versions that follow each other.</summary>
    /// <exception cref="InvalidDataException">One of them is not in the replica.</exception>
    public async Task<PlanSchedule> Get(
        NpgsqlConnection connection, PlanCode plan, PinnedVersions versions, CancellationToken cancellation)
    {
        var documents = new List<PlanDocument>();
        foreach (var version in versions.Numbers)
            documents.Add(await Get(connection, plan, version, cancellation));
        return PlanSchedule.Of(documents);
    }

    /// <summary>
    /// The versions of each plan that a run for a period uses: those published and not withdrawn that cover its days
    /// one after the other, without a gap. A plan without such versions is left out, and its accounts become
    /// exceptions.
    /// </summary>
    public async Task<Dictionary<PlanCode, PinnedVersions>> VersionsFor(
        NpgsqlConnection connection, Utility utility, BillingPeriod period, CancellationToken cancellation)
    {
        var known = new List<(PlanDocument Plan, DateOnly? Last)>();
        await using var command = new NpgsqlCommand(InForceSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var document = Parse(PlanCode.Wrap(reader.GetString(0)), reader.GetInt32(1), reader.GetString(2));
            if (document.Utility != utility || (period.IsSeason && document.Season is null))
                continue;
            known.Add((document, reader.IsDBNull(3) ? null : reader.GetFieldValue<DateOnly>(3)));
        }
        var pinned = new Dictionary<PlanCode, PinnedVersions>();
        foreach (var plan in known.GroupBy(version => version.Plan.Code))
        {
            if (new PlanSchedule([.. plan]).Covering(period) is { Count: > 0 } versions)
                pinned.Add(plan.Key, PinnedVersions.Of([.. versions.Select(version => version.Version)]));
        }
        return pinned;
    }

    private PlanDocument Parse(PlanCode plan, int version, string document) =>
        _parsed.GetOrAdd((plan, version), _ =>
        {
            using var json = JsonDocument.Parse(document);
            return PlanDocument.Parse(json.RootElement);
        });
}
