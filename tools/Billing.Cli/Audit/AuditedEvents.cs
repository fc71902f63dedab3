using System.Text.Json;

namespace Billing.Tools;

/// <summary>A kind of stored event and what the audit makes of it.</summary>
/// <param name="Service">The service that stores it, as its database is called.</param>
/// <param name="Name">Its stored name.</param>
/// <param name="OnTimeline">Whether it is public and must be on the timeline of its account.</param>
/// <param name="Enter">Enters the money it moves into the books of its account; null when it moves none.</param>
/// <param name="Because">Why it moves none although it names an amount; null when it names none.</param>
internal sealed record AuditedEvent(
    string Service, string Name, bool OnTimeline, Action<AccountBooks, JsonElement>? Enter, string? Because)
{
    /// <summary>Whether the audit reads events of this kind.</summary>
    public bool IsRead => OnTimeline || Enter is not null;
}

/// <summary>
/// Every kind of event that the services have registered, and what of them is public by their outbound maps. What an
/// event does to money is written by hand, from what it means and not from the services' own code, which the audit
/// checks; a test fails while one that names an amount has nothing said here.
/// </summary>
internal static class AuditedEvents
{
    private const string Account = "account";

    private static readonly Dictionary<(string Service, string Name), Action<AccountBooks, JsonElement>> Moves = new()
    {
        [("invoicing", "invoice-issued.v1")] = (books, e) => books.InvoiceIssued(Invoice(e), Fen(e, "amount")),
        [("invoicing", "credit-issued.v1")] = (books, e) => books.CreditIssued(Invoice(e), Fen(e, "amount")),
        [("payments", "charge-opened.v1")] = (books, e) => books.ChargeOpened(Invoice(e), Fen(e, "amount")),
        [("payments", "charge-credited.v1")] = (books, e) => books.ChargeCredited(Invoice(e), Fen(e, "amount")),
        [("payments", "payment-received.v1")] = (books, e) =>
            books.PaymentReceived(e.GetProperty("payment").GetString()!, Fen(e, "amount"), Fen(e, "advance")),
        [("payments", "payment-reversed.v1")] = (books, e) =>
            books.PaymentReversed(Fen(e, "amount"), Fen(e, "advance")),
        [("payments", "advance-applied.v1")] = (books, e) => books.AdvanceMoved(Fen(e, "advance")),
        [("payments", "advance-refunded.v1")] = (books, e) => books.AdvanceRefunded(Fen(e, "amount")),
    };

    private static readonly Dictionary<(string Service, string Name), string> MovesNothing = new()
    {
        [("invoicing", "run-abandoned.v1")] = "before anything of the run was posted",
        [("invoicing", "run-posting-started.v1")] = "the sum of invoices that are events of their accounts",
        [("invoicing", "run-posted.v1")] = "the sum of invoices that are events of their accounts",
        [("payments", "reversal-requested.v1")] = "what may go back; the reversal itself moves it",
        [("payments", "bank-file-taken.v1")] = "what a partner says; our own payments are the money",
        [("collections", "became-overdue.v1")] = "how much of what is open is overdue; nothing moves",
    };

    /// <summary>How many kinds move money.</summary>
    public static int MovingMoney => Moves.Count;

    public static IReadOnlyList<AuditedEvent> All { get; } = Derive(ServiceModel.All);

    /// <summary>What the audit makes of what services register.</summary>
    public static IReadOnlyList<AuditedEvent> Derive(IEnumerable<ServiceModel> services) =>
        [.. services.SelectMany(service => service.Streams.SelectMany(streams => streams.EventTypes.Keys
            .Select(name => new AuditedEvent(
                service.Name, name,
                // Customer's own events are on the timeline by themselves: it reads them from their streams.
                streams.Category == Account && service.Name != "customer" && service.Outbound?.IsPublic(name) is true,
                Moves.GetValueOrDefault((service.Name, name)), MovesNothing.GetValueOrDefault((service.Name, name))))))
            .Distinct()];

    /// <summary>The databases that hold events.</summary>
    public static readonly IReadOnlyList<string> Services =
        [.. All.Select(audited => audited.Service).Distinct(StringComparer.Ordinal)];

    /// <summary>The kinds that a service stores, by name.</summary>
    public static IReadOnlyDictionary<string, AuditedEvent> Of(string service) =>
        All.Where(audited => audited.Service == service).ToDictionary(
            audited => audited.Name, StringComparer.Ordinal);

    /// <summary>Enters one event of an account into its books.</summary>
    public static void Enter(AccountBooks books, AuditedEvent audited, Guid id, ReadOnlyMemory<byte> data)
    {
        if (audited.Enter is { } enter)
        {
            using var json = JsonDocument.Parse(data);
            enter(books, json.RootElement);
            if (json.RootElement.TryGetProperty("allocations", out var allocations))
            {
                foreach (var allocation in allocations.EnumerateArray())
                    books.Allocation(Invoice(allocation), Fen(allocation, "amount"));
            }
        }
        if (audited.OnTimeline)
            books.Published(id, audited.Name);
    }

    private static string Invoice(JsonElement e) => e.GetProperty("invoice").GetString()!;

    private static long Fen(JsonElement e, string name) => e.GetProperty(name).GetProperty("fen").GetInt64();
}
