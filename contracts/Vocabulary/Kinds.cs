using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>What is supplied and billed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Utility>))]
public enum Utility
{
    /// <summary>电.</summary>
    Electricity,

    /// <summary>热.</summary>
    Heat,
}

/// <summary>The class of a customer, which drives price, penalty and service (mission C3).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CustomerClass>))]
public enum CustomerClass
{
    /// <summary>居民.</summary>
    Residential,

    /// <summary>商业.</summary>
    Commercial,

    /// <summary>工业.</summary>
    Industrial,

    /// <summary>公共机构.</summary>
    Public,

    /// <summary>农业.</summary>
    Agriculture,
}

/// <summary>The channel through which money was received.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Channel>))]
public enum Channel
{
    /// <summary>银行代收.</summary>
    Bank,

    /// <summary>营业厅柜台.</summary>
    Counter,

    /// <summary>微信.</summary>
    WeChat,

    /// <summary>支付宝.</summary>
    Alipay,

    /// <summary>物业代收.</summary>
    PropertyManager,
}

/// <summary>Whether a customer is a person or a company.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HolderKind>))]
public enum HolderKind
{
    /// <summary>个人.</summary>
    Person,

    /// <summary>单位.</summary>
    Company,
}

/// <summary>The kind of a reading.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReadingKind>))]
public enum ReadingKind
{
    /// <summary>The register when a meter is put in place: consumption counts from here.</summary>
    Initial,

    /// <summary>The ordinary reading that closes a period.</summary>
    Regular,

    /// <summary>The register when a meter is taken down: consumption counts up to here.</summary>
    Final,
}

/// <summary>Why a person should check an accepted reading before it is billed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReadingFlag>))]
public enum ReadingFlag
{
    /// <summary>A register rolled over (rules.md E-22).</summary>
    RolledOver,

    /// <summary>The consumption is zero.</summary>
    Zero,

    /// <summary>
    /// The consumption per day is far above this meter's own average, or above what is usual while it has none.
    /// </summary>
    High,

    /// <summary>The consumption per day is far below this meter's own average.</summary>
    Low,
}

/// <summary>
/// The event from which a public fact originates. Consumers use <see cref="EventId"/> to recognise a fact they have
/// already consumed and <see cref="Order"/> to prefer the newer of two facts about one stream.
/// </summary>
/// <param name="EventId">The id of the stored event; the same in every redelivery, and for a fact about money also when
/// its service was restored and recorded it again.</param>
/// <param name="Sequence">The position of the event in the publisher's global order; at least 1.</param>
/// <param name="Version">The position of the event in its stream; at least 1.</param>
/// <param name="RecordedAt">When the publisher stored the event, UTC.</param>
/// <param name="Epoch">When the publisher's database was last restored to an earlier time before it stored the event:
/// greater after every such restore; 0 before the first.</param>
public sealed record Origin(Guid EventId, long Sequence, long Version, DateTimeOffset RecordedAt, int Epoch = 0)
{
    private const int BitsForVersions = 32;

    /// <summary>
    /// Increases with every fact about one stream, also after a restore assigned its versions again. Without a restore
    /// it is the version.
    /// </summary>
    [JsonIgnore]
    public long Order => ((long)Epoch << BitsForVersions) + Version;
}
