using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>What was agreed with a partner, and the keys by which it signs.</summary>
/// <param name="Terms">Its terms; null before the first agreement.</param>
/// <param name="Keys">All keys it ever had, by name: a name is never given twice.</param>
public sealed record PartnerContract(Partner? Terms, ImmutableSortedDictionary<string, PartnerKey> Keys)
{
    private static readonly Table<Partner> Partners = new Table<Partner>("partner")
        .Key("partner", row => row.Code.Value)
        .Column("name", row => row.Name)
        .Column("channel", row => row.Channel.ToString())
        .Column("amount_rule", row => row.AmountRule.ToString())
        .Column("day_cut", row => row.DayCut)
        .Column("encoding", row => row.Encoding.ToString())
        .Column("late_days", row => row.LateDays)
        .JsonColumn("projects", row => JsonSerializer.Serialize(row.Projects, Wire.Stored))
        .JsonColumn("limits", row => row.Limits is { } limits ? JsonSerializer.Serialize(limits, Wire.Stored) : null);

    private static readonly Table<PartnerKey> PartnerKeys = new Table<PartnerKey>("partner_key")
        .Key("partner", row => row.Partner.Value)
        .Key("key", row => row.Name)
        .Column("master", row => row.Master)
        .Column("issued_on", row => row.IssuedOn)
        .Column("good_until", row => row.GoodUntil)
        .Column("told", row => row.Told)
        .Column("ended", row => row.Ended);

    public static readonly StreamType<PartnerContract, PartnerEvent> Streams = new(
        "partner", new(null, ImmutableSortedDictionary.Create<string, PartnerKey>(StringComparer.Ordinal)), Evolve,
        Project, Partners, PartnerKeys);

    /// <summary>The stream of one partner.</summary>
    public static StreamName<PartnerContract, PartnerEvent> Stream(PartnerCode partner) =>
        Streams.Named(partner.Value);

    private static PartnerContract Evolve(PartnerContract state, PartnerEvent @event) => @event switch
    {
        PartnerSaved e => state with { Terms = e.Terms },
        PartnerKeyIssued e => state with
        {
            Keys = state.Keys.Add(e.Key, new(e.Partner, e.Key, e.Master, e.IssuedOn, e.GoodUntil)),
        },
        PartnerKeyTold e => With(state, e.Key, key => key with { Told = true }),
        PartnerKeyEnded e => With(state, e.Key, key => key with { Ended = true }),
        _ => throw new UnreachableException($"{@event.GetType().Name} is no event of a partner."),
    };

    private static PartnerContract With(PartnerContract state, string key, Func<PartnerKey, PartnerKey> change) =>
        state with { Keys = state.Keys.SetItem(key, change(state.Keys[key])) };

    private static void Project(
        Rows rows, Recorded<PartnerEvent> recorded, PartnerContract before, PartnerContract after)
    {
        switch (recorded.Event)
        {
            case PartnerSaved e:
                rows.Upsert(Partners, e.Terms);
                break;
            case PartnerKeyEvent e:
                rows.Upsert(PartnerKeys, after.Keys[e.Key]);
                break;
        }
    }
}
