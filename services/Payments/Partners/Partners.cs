using System.Collections.Concurrent;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Npgsql;

namespace Billing.Payments;

/// <summary>
/// The partners and the secrets by which they sign, cached briefly: every query and every payment needs them, and they
/// rarely change. An instance learns of a change made through another one within <see cref="Fresh"/>.
/// </summary>
public sealed class Partners(NpgsqlDataSource source, MasterKeys masters, TimeProvider clock)
{
    private const string Sql = """
        select partner as Code, name, channel, amount_rule as Rule, day_cut as Cut, encoding, late_days as LateDays,
          projects::text as Projects, limits::text as Limits
        from partner where partner = @code;
        select key as Name, master, good_until as GoodUntil from partner_key where partner = @code and not ended
        """;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<PartnerCode, (KnownPartner Partner, long At)> _known = new();

    public static readonly Rejection Unknown = Rejection.NotFound("partner-unknown", "No partner has this code.");

    /// <summary>The partner with a code given in a path, or null.</summary>
    public ValueTask<Partner?> Find(string code, CancellationToken cancellation) =>
        PartnerCode.TryParse(code, null, out var partner) ? Find(partner, cancellation) : new((Partner?)null);

    /// <summary>The partner with a code, or null.</summary>
    public async ValueTask<Partner?> Find(PartnerCode code, CancellationToken cancellation) =>
        (await Keys(code, cancellation))?.Terms;

    /// <summary>The partner with a code, and its secrets; or null.</summary>
    public async ValueTask<KnownPartner?> Keys(PartnerCode code, CancellationToken cancellation)
    {
        if (_known.TryGetValue(code, out var known) && clock.GetElapsedTime(known.At) < Fresh)
            return known.Partner;
        var asked = clock.GetTimestamp();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var reader = await connection.QueryMultipleAsync(new CommandDefinition(
            Sql, new { code = code.Value }, cancellationToken: cancellation));
        if (await reader.ReadSingleOrDefaultAsync<Row>() is not { } row)
            return null;
        var keys = (await reader.ReadAsync<KeyRow>()).ToDictionary(
            key => key.Name, key => (masters.Derive(key.Master, PartnerKey.UseOf(code, key.Name)), key.GoodUntil),
            StringComparer.Ordinal);
        var partner = new KnownPartner(row.ToPartner(), keys);
        _known[code] = (partner, asked);
        return partner;
    }

    /// <summary>Forgets what was read of a partner, because it changed.</summary>
    internal void Forget(PartnerCode code) => _known.TryRemove(code, out _);

    private sealed record KeyRow(string Name, string Master, DateOnly GoodUntil);

    private sealed record Row(
        string Code, string Name, string Channel, string Rule, TimeOnly Cut, string Encoding, int LateDays,
        string Projects, string? Limits)
    {
        public Partner ToPartner() => new(
            PartnerCode.Wrap(Code), Name, Enum.Parse<Channel>(Channel), Enum.Parse<AmountRule>(Rule), Cut,
            Enum.Parse<BankEncoding>(Encoding), LateDays)
        {
            Projects = JsonSerializer.Deserialize<IReadOnlyList<Project>>(Projects, Wire.Stored)!,
            Limits = Limits is null ? null : JsonSerializer.Deserialize<PartnerLimits>(Limits, Wire.Stored),
        };
    }
}
