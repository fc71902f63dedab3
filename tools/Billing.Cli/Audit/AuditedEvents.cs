using System.Text.Json;
using Billing.Collections;
using Billing.Invoicing;
using Billing.Payments;
using Billing.Platform;

namespace Billing.Tools;

/// <summary>A kind of stored event and how the audit treats it.</summary>
/// <param name="Service">The service that stores it, by the name of its database.</param>
/// <param name="Type">Its record type.</param>
/// <param name="OnTimeline">Whether it is public and must be on the timeline of its account.</param>
/// <param name="Enter">Adds the money it moves to the books of its account; null when it moves none.</param>
/// <param name="Because">Why it moves no money although it contains an amount; null when it contains none.</param>
internal sealed record AuditedEvent(
    string Service, Type Type, bool OnTimeline, Action<AccountBooks, JsonElement>? Enter, string? Because)
{
    /// <summary>Its stored name.</summary>
    public string Name { get; } = StoredAsAttribute.NameOf(Type);

    /// <summary>Whether the audit reads events of this kind.</summary>
    public bool IsRead => OnTimeline || Enter is not null;
}

/// <summary>
/// Every kind of event that the services have registered; which are public is derived from their outbound maps. What an
/// event does to money is written here by hand, from its meaning and independently of the services' code, which the
/// audit checks; a test fails for a kind that contains an amount and has no entry here.
/// </summary>
internal static class AuditedEvents
{
    private const string Account = "account";

    private static readonly Dictionary<Type, Action<AccountBooks, JsonElement>> Moves = new()
    {
        [typeof(InvoiceIssued)] = (books, e) => books.InvoiceIssued(Invoice(e), Fen(e, "amount")),
        [typeof(CreditIssued)] = (books, e) => books.CreditIssued(Invoice(e), Fen(e, "amount")),
        [typeof(ChargeOpened)] = (books, e) => books.ChargeOpened(Invoice(e), Fen(e, "amount")),
        [typeof(ChargeCredited)] = (books, e) => books.ChargeCredited(Invoice(e), Fen(e, "amount")),
        [typeof(PaymentReceived)] = (books, e) =>
            books.PaymentReceived(e.GetProperty("payment").GetString()!, Fen(e, "amount"), Fen(e, "advance")),
        [typeof(PaymentReversed)] = (books, e) => books.PaymentReversed(Fen(e, "amount"), Fen(e, "advance")),
        [typeof(AdvanceApplied)] = (books, e) => books.AdvanceMoved(Fen(e, "advance")),
        [typeof(AdvanceRefunded)] = (books, e) => books.AdvanceRefunded(Fen(e, "amount")),
    };

    private static readonly Dictionary<Type, string> MovesNothing = new()
    {
        [typeof(RunAbandoned)] = "before anything of the run was posted",
        [typeof(RunPostingStarted)] = "the sum of invoices that are events of their accounts",
        [typeof(RunPosted)] = "the sum of invoices that are events of their accounts",
        [typeof(ReversalRequested)] = "what may go back; the reversal itself moves it",
        [typeof(ProposalMade)] = "what somebody wants; what is approved has an event of its own",
        [typeof(ApprovalLimitChanged)] = "how much one person may do alone; nothing moves",
        [typeof(PartnerSaved)] = "which money a partner may take and until when; nothing moves",
        [typeof(PartnerKeyIssued)] = "who may sign for a partner; nothing moves",
        [typeof(PartnerKeyTold)] = "that somebody was shown a secret; nothing moves",
        [typeof(PartnerKeyEnded)] = "who may sign for a partner no more; nothing moves",
        [typeof(BankFileTaken)] = "what a partner says; our own payments are the money",
        [typeof(BecameOverdue)] = "how much of what is open is overdue; nothing moves",
    };

    /// <summary>The number of kinds that move money.</summary>
    public static int MovingMoney => Moves.Count;

    public static IReadOnlyList<AuditedEvent> All { get; } = Derive(ServiceModel.All);

    /// <summary>Derives the audited kinds from the services' registrations.</summary>
    public static IReadOnlyList<AuditedEvent> Derive(IEnumerable<ServiceModel> services) =>
        [.. services.SelectMany(service => service.Streams.SelectMany(streams => streams.EventTypes
            .Select(kind => new AuditedEvent(
                service.Name, kind.Value,
                // Customer reads its own events from their streams, so its timeline has no rows for them.
                streams.Category == Account && service.Name != "customer"
                    && service.Outbound?.IsPublic(kind.Key) is true,
                Moves.GetValueOrDefault(kind.Value), MovesNothing.GetValueOrDefault(kind.Value)))))
            .Distinct()];

    /// <summary>The databases that hold events.</summary>
    public static readonly IReadOnlyList<string> Services =
        [.. All.Select(audited => audited.Service).Distinct(StringComparer.Ordinal)];

    /// <summary>The kinds that a service stores, by stored name.</summary>
    public static IReadOnlyDictionary<string, AuditedEvent> Of(string service) =>
        All.Where(audited => audited.Service == service).ToDictionary(
            audited => audited.Name, StringComparer.Ordinal);

    /// <summary>Adds one event of an account to its books.</summary>
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
