using Billing.Contracts.Audit;
using MassTransit;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Billing.Platform;

/// <summary>The name under which a service's audit trail is known to the others.</summary>
/// <param name="Service">The service, such as <c>payments</c>.</param>
public sealed record AuditedService(string Service);

/// <summary>
/// The digests of the own chain: one at the end of each business day, kept here and published to all services. Those of
/// the last days are published again each time, so that nobody misses one for having been away; no other outbox is
/// needed.
/// </summary>
internal sealed class AuditDigests(NpgsqlDataSource source, TimeProvider clock, AuditedService own)
{
    private const int DaysAgain = 7;

    private DateOnly? _published;

    /// <summary>
    /// Makes and publishes yesterday's digest, once; returns the number of messages published, 0 when it was done.
    /// </summary>
    public async Task<int> Publish(IBus bus, CancellationToken cancellation)
    {
        var yesterday = clock.Today().AddDays(-1);
        if (_published == yesterday)
            return 0;
        await Make(yesterday, cancellation);
        var digests = (await AuditVerification.Held(source, cancellation))
            .Where(digest => digest.Service == own.Service && digest.Day > yesterday.AddDays(-DaysAgain)).ToList();
        foreach (var digest in digests)
            await bus.Publish(digest, cancellation);
        _published = yesterday;
        return digests.Count;
    }

    /// <summary>Keeps the digest of a day that is over; nothing when it is kept already or there is no block.</summary>
    public async Task Make(DateOnly day, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var make = new NpgsqlCommand("""
            insert into audit_digest (service, day, last_block, total_rows, hash)
            select $1, $2, number, total_rows, encode(hash, 'hex') from audit_block
            where sealed_at < $3 order by number desc limit 1
            on conflict do nothing
            """, connection);
        make.Parameters.Add(new NpgsqlParameter<string> { TypedValue = own.Service });
        make.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = day });
        make.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = day.AddDays(1).Begin() });
        await make.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>Keeps the digests of the other services. The first one of a day holds; another one is an alarm.</summary>
internal sealed class OnAuditDigest(
    NpgsqlDataSource source, AuditedService own, ILogger<OnAuditDigest> logger) : Consumer<AuditDigest>(source)
{
    protected override async Task<int> Apply(
        AuditDigest message, NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (message.Service == own.Service)
            return 0;
        await using var keep = new NpgsqlCommand("""
            with kept as (
              insert into audit_digest (service, day, last_block, total_rows, hash) values ($1, $2, $3, $4, $5)
              on conflict do nothing returning hash)
            select hash from kept union all select hash from audit_digest where service = $1 and day = $2
            """, connection)
        {
            Parameters =
            {
                new() { Value = message.Service }, new() { Value = message.Day },
                new() { Value = message.LastBlock }, new() { Value = message.TotalRows },
                new() { Value = message.Hash },
            },
        };
        var known = (string)(await keep.ExecuteScalarAsync(cancellation))!;
        if (known == message.Hash)
            return 1;
        Telemetry.DigestsDiffer.Add(1, new KeyValuePair<string, object?>("service", message.Service));
        logger.DigestsDiffer(message.Service, message.Day, known, message.Hash);
        return 1;
    }
}
