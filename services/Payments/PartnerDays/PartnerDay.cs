using System.Diagnostics;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>One business day of a partner, as reported in the partner's file.</summary>
/// <param name="FileHash">The hash of the file taken last, or null while there is none.</param>
public sealed record PartnerDay(string? FileHash)
{
    private static readonly Table<BankFileTaken> Rows = new Table<BankFileTaken>("partner_day")
        .Key("partner", e => e.Partner.Value)
        .Key("bank_date", e => e.BankDate)
        .Column("file_hash", e => e.FileHash)
        .JsonColumn("lines", e => JsonSerializer.Serialize(e.Lines, Wire.Stored));

    public static readonly StreamType<PartnerDay, PartnerDayEvent> Streams = new(
        "partnerday", new(FileHash: null), Evolve,
        (rows, recorded, _, _) => rows.Upsert(Rows, (BankFileTaken)recorded.Event),
        Rows);

    /// <summary>The stream of one day of one partner.</summary>
    public static StreamName<PartnerDay, PartnerDayEvent> Stream(PartnerCode partner, DateOnly bankDate) =>
        Streams.Named($"{partner}-{PaymentKey.Text(bankDate)}");

    private static PartnerDay Evolve(PartnerDay state, PartnerDayEvent @event) => @event switch
    {
        BankFileTaken e => new(e.FileHash),
        _ => throw new UnreachableException($"{@event.GetType().Name} is no event of a partner's day."),
    };
}

/// <summary>The events of a partner's day.</summary>
public abstract record PartnerDayEvent
{
    private protected PartnerDayEvent()
    {
    }
}

/// <summary>The partner's file was read completely; it replaces the previous file.</summary>
[StoredAs("bank-file-taken.v1")]
public sealed record BankFileTaken(
    PartnerCode Partner, DateOnly BankDate, string FileHash, int Count, Money Amount, IReadOnlyList<BankLine> Lines)
    : PartnerDayEvent;
