using System.Collections.Concurrent;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Payments;

/// <summary>A bank or another collecting channel, and its terms.</summary>
/// <param name="Code">Its code in paths.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Channel">The channel of its payments.</param>
/// <param name="AmountRule">Which amounts it may collect.</param>
/// <param name="DayCut">The time of day, China time, at which its next business day begins (the 日切): see
/// <see cref="BankDays"/>.</param>
/// <param name="Encoding">The encoding of its files.</param>
/// <param name="LateDays">How many days after their bank day its payments are still accepted; those in its file of the
/// day are accepted as long as files of that day are.</param>
public sealed record Partner(
    PartnerCode Code, string Name, Channel Channel, AmountRule AmountRule, TimeOnly DayCut, BankEncoding Encoding,
    int LateDays)
{
    /// <summary>The state of a payment's bank day at a moment.</summary>
    /// <param name="bankDate">The bank day.</param>
    /// <param name="now">The moment.</param>
    /// <param name="isInFile">Whether the file of the day reports the payment; then it may be as late as files may
    /// be.</param>
    public BankDayState StateOf(DateOnly bankDate, DateTimeOffset now, bool isInFile = false) =>
        BankDays.StateOf(bankDate, DayCut, isInFile ? BankDays.MostFileDays : LateDays, now);

    internal PartnerTerms ToTerms() => new(Code, Name, Channel, AmountRule, DayCut, Encoding, LateDays);
}

/// <summary>
/// The partners, cached briefly: every query and every payment needs one, and they rarely change. An instance learns of
/// a change made through another one within <see cref="Fresh"/>.
/// </summary>
public sealed class Partners(NpgsqlDataSource source, TimeProvider clock)
{
    private const string Columns = """
        select partner as Code, name, channel, amount_rule as Rule, day_cut as Cut, encoding, late_days as LateDays
        from partner where partner = @code
        """;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<PartnerCode, (Partner Partner, long At)> _known = new();

    public static readonly Rejection Unknown = Rejection.NotFound("partner-unknown", "No partner has this code.");

    /// <summary>The partner with a code given in a path, or null.</summary>
    public ValueTask<Partner?> Find(string code, CancellationToken cancellation) =>
        PartnerCode.TryParse(code, null, out var partner) ? Find(partner, cancellation) : new((Partner?)null);

    /// <summary>The partner with a code, or null.</summary>
    public async ValueTask<Partner?> Find(PartnerCode code, CancellationToken cancellation)
    {
        if (_known.TryGetValue(code, out var known) && clock.GetElapsedTime(known.At) < Fresh)
            return known.Partner;
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            Columns, new { code = code.Value }, cancellationToken: cancellation));
        return row is null ? null : Remember(row.ToPartner());
    }

    /// <summary>
    /// The terms as they are, locked to the end of a transaction; null when there is no such partner yet.
    /// </summary>
    internal static async Task<Partner?> Hold(
        NpgsqlConnection connection, PartnerCode code, CancellationToken cancellation)
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"{Columns} for update", new { code = code.Value }, cancellationToken: cancellation));
        return row?.ToPartner();
    }

    /// <summary>Adds a partner or changes its terms, in a transaction.</summary>
    internal static Task Save(NpgsqlConnection connection, Partner partner, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition("""
            insert into partner (partner, name, channel, amount_rule, day_cut, encoding, late_days)
            values (@Code, @Name, @Channel, @Rule, @Cut, @Encoding, @LateDays)
            on conflict (partner) do update set name = excluded.name, channel = excluded.channel,
              amount_rule = excluded.amount_rule, day_cut = excluded.day_cut, encoding = excluded.encoding,
              late_days = excluded.late_days
            """, Row.Of(partner), cancellationToken: cancellation));

    /// <summary>Forgets what was read of a partner, because it changed.</summary>
    internal void Forget(PartnerCode code) => _known.TryRemove(code, out _);

    private Partner Remember(Partner partner)
    {
        _known[partner.Code] = (partner, clock.GetTimestamp());
        return partner;
    }

    private sealed record Row(
        string Code, string Name, string Channel, string Rule, TimeOnly Cut, string Encoding, int LateDays)
    {
        public static Row Of(Partner partner) => new(
            partner.Code.Value, partner.Name, partner.Channel.ToString(), partner.AmountRule.ToString(),
            partner.DayCut, partner.Encoding.ToString(), partner.LateDays);

        public Partner ToPartner() => new(
            PartnerCode.Wrap(Code), Name, Enum.Parse<Channel>(Channel), Enum.Parse<AmountRule>(Rule), Cut,
            Enum.Parse<BankEncoding>(Encoding), LateDays);
    }
}

public static class PartnersEndpoint
{
    public static void MapPartners(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/partners/{partner}", Get).WithName("Partner").RequireRight(Right.ReadPartners)
            .WithSummary("Returns a partner and its terms.")
            .Refuses(Partners.Unknown);

    private static async Task<Results<Ok<PartnerTerms>, ProblemHttpResult>> Get(
        string partner, Partners partners, CancellationToken cancellation) =>
        await partners.Find(partner, cancellation) is { } found
            ? TypedResults.Ok(found.ToTerms())
            : Partners.Unknown.ToProblem();
}
