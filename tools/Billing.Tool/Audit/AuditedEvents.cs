using System.Text.Json;

namespace Billing.Tools;

/// <summary>A kind of stored event and what the audit makes of it.</summary>
/// <param name="Service">The service that stores it, as its database is called.</param>
/// <param name="Name">Its stored name.</param>
/// <param name="OnTimeline">Whether it is public and must be on the timeline of its account.</param>
/// <param name="Enter">Enters the money it moves into the books of its account; null when it moves none.</param>
/// <param name="Because">Why it moves none although it names an amount; null when it names none.</param>
internal sealed record AuditedEvent(
    string Service, string Name, bool OnTimeline, Action<AccountBooks, JsonElement>? Enter, string? Because);

/// <summary>
/// Every kind of event that any service stores. Written by hand on purpose, from what the events mean and not from the
/// services' own code, which the audit checks; a test fails while a stored event is missing here, and an event that is
/// missing all the same is named and makes the audit say that it cannot tell.
/// </summary>
internal static class AuditedEvents
{
    public static readonly IReadOnlyList<AuditedEvent> All =
    [
        MovesNothing("customer", "customer-registered.v1"),
        MovesNothing("customer", "account-opened.v1"),
        MovesNothing("customer", "supply-changed.v1"),

        MovesNothing("tariff", "plan-drafted.v1"),
        MovesNothing("tariff", "plan-published.v1"),
        MovesNothing("tariff", "plan-superseded.v1"),
        MovesNothing("tariff", "plan-withdrawn.v1"),

        MovesNothing("invoicing", "reading-accepted.v1"),
        MovesNothing("invoicing", "reading-withdrawn.v1"),
        Public("invoicing", "invoice-issued.v1", (books, e) => books.InvoiceIssued(Invoice(e), Fen(e, "amount"))),
        Public("invoicing", "credit-issued.v1", (books, e) => books.CreditIssued(Invoice(e), Fen(e, "amount"))),
        MovesNothing("invoicing", "run-frozen.v1"),
        MovesNothing("invoicing", "run-redrafted.v1"),
        MovesNothing("invoicing", "run-account-excluded.v1"),
        MovesNothing("invoicing", "run-account-released.v1"),
        MovesNothing("invoicing", "run-abandoned.v1", "before anything of the run was posted"),
        MovesNothing("invoicing", "run-posting-started.v1", "the sum of invoices that are events of their accounts"),
        MovesNothing("invoicing", "run-posted.v1", "the sum of invoices that are events of their accounts"),

        Private("payments", "charge-opened.v1", (books, e) => books.ChargeOpened(Invoice(e), Fen(e, "amount"))),
        Private("payments", "charge-credited.v1", (books, e) => books.ChargeCredited(Invoice(e), Fen(e, "amount"))),
        Public("payments", "payment-received.v1", (books, e) =>
            books.PaymentReceived(Fen(e, "amount"), Fen(e, "advance"))),
        Public("payments", "payment-reversed.v1", (books, e) =>
            books.PaymentReversed(Fen(e, "amount"), Fen(e, "advance"))),
        Public("payments", "advance-applied.v1", (books, e) => books.AdvanceMoved(Fen(e, "advance"))),
        Public("payments", "advance-refunded.v1", (books, e) => books.AdvanceRefunded(Fen(e, "amount"))),
        MovesNothing("payments", "payment-blocked.v1"),
        MovesNothing("payments", "reversal-requested.v1", "what may go back; the reversal itself moves it"),
        MovesNothing("payments", "reversal-rejected.v1"),
        MovesNothing("payments", "bank-file-taken.v1", "what a partner says; our own payments are the money"),

        new("collections", "became-overdue.v1", true, null, "how much of what is open is overdue; nothing moves"),
        MovesNothing("collections", "settled-again.v1"),
    ];

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

    private static AuditedEvent Public(string service, string name, Action<AccountBooks, JsonElement> enter) =>
        new(service, name, true, enter, null);

    private static AuditedEvent Private(string service, string name, Action<AccountBooks, JsonElement> enter) =>
        new(service, name, false, enter, null);

    private static AuditedEvent MovesNothing(string service, string name, string? because = null) =>
        new(service, name, false, null, because);

    private static string Invoice(JsonElement e) => e.GetProperty("invoice").GetString()!;

    private static long Fen(JsonElement e, string name) => e.GetProperty(name).GetProperty("fen").GetInt64();
}
