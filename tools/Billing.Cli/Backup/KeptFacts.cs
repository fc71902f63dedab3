using Billing.Payments;
using Billing.Platform;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// Facts of one service that became events of another. Rows that follow from facts can be rebuilt from the publisher's
/// events; events stay, and a publisher that was restored to before the fact could assign its number to another one. So
/// a service is not restored alone while another one holds facts that the restored service would not know.
/// </summary>
/// <param name="Publisher">The service that published the facts.</param>
/// <param name="Receiver">The service that stores them in its own streams.</param>
/// <param name="What">What the facts are, in the plural.</param>
/// <param name="Told">A query for what the publisher knows, number, account and fen, in order: a number alone may have
/// been given to another account meanwhile.</param>
/// <param name="Kept">A query for what the receiver holds, in the same order.</param>
internal sealed record KeptFacts(string Publisher, string Receiver, string What, string Told, string Kept)
{
    /// <summary>All such facts; a test compares them with the consumers whose facts become events.</summary>
    public static readonly IReadOnlyList<KeptFacts> All =
    [
        new("invoicing", "payments", "invoices",
            """select concat_ws(' ', invoice_no, account_no, amount_fen) collate "C" from invoice order by 1""",
            """select concat_ws(' ', invoice_no, account_no, amount_fen) collate "C" from open_charge order by 1"""),
        new("invoicing", "payments", "credits",
            """select concat_ws(' ', note, account_no, amount_fen) collate "C" from credit order by 1""",
            $"""
            select distinct concat_ws(' ', data ->> 'creditNote', data ->> 'account', data -> 'amount' ->> 'fen')
              collate "C" from {StoredEvents.Sql(typeof(ChargeCredited))} e
            order by 1
            """),
    ];

    /// <summary>Whether a service is their publisher or receiver.</summary>
    public bool Concern(string service) => service == Publisher || service == Receiver;

    /// <summary>The number of facts that the receiver holds and the publisher does not know.</summary>
    public async Task<long> Unknown(
        NpgsqlConnection publisher, NpgsqlConnection receiver, CancellationToken cancellation)
    {
        await using var told = new NpgsqlCommand(Told, publisher) { CommandTimeout = 0 };
        await using var kept = new NpgsqlCommand(Kept, receiver) { CommandTimeout = 0 };
        await using var known = await told.ExecuteReaderAsync(cancellation);
        await using var facts = await kept.ExecuteReaderAsync(cancellation);
        var (unknown, next) = (0L, await Next(known, cancellation));
        while (await Next(facts, cancellation) is { } fact)
        {
            while (next is not null && string.CompareOrdinal(next, fact) < 0)
                next = await Next(known, cancellation);
            if (next != fact)
                unknown++;
        }
        return unknown;
    }

    private static async Task<string?> Next(NpgsqlDataReader reader, CancellationToken cancellation) =>
        await reader.ReadAsync(cancellation) ? reader.GetString(0) : null;
}
