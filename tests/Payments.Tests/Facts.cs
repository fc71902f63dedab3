global using FluentAssertions;
global using Xunit;
using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Customer;
using Billing.Contracts.Invoicing;
using Billing.Testing;

namespace Billing.Payments.Tests;

/// <summary>The account of the decision tests, and what happens on it.</summary>
internal static class Facts
{
    public const string Partner = "icbc";

    public static readonly AccountNo Mine = AccountNo.Parse("1000000001");
    public static readonly DateOnly BankDate = Day("2026-10-31");
    public static readonly Spec<Account, AccountEvent> Spec = new(Account.Streams);

    public static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);

    public static PaymentKey Key(string serial) => new(PartnerCode.Parse(Partner), BankDate, serial);

    public static ChargeOpened Opened(
        string invoice, long fen, string due = "2026-11-20", string issued = "2026-11-01") => new(
        Mine, InvoiceNo.Parse(invoice), Utility.Electricity, BillingPeriod.Parse("2026-10"), new(fen), Day(issued),
        Day(due));

    public static ChargeCredited Credited(string note, string invoice, long fen) =>
        new(Mine, CreditNoteNo.Parse(note), InvoiceNo.Parse(invoice), new(fen), Day("2026-11-02"));

    public static PaymentReceived Received(
        string serial, long fen, int receipt, long advance = 0, params (string Invoice, long Fen)[] parts) => new(
        Mine, Key(serial).Id, PartnerCode.Parse(Partner), BankDate, serial, Channel.Bank, new(fen),
        ReceiptNo.Parse($"{Mine}-{receipt:0000}"),
        Parts(parts), new(advance));

    public static PaymentReversed Reversed(
        string serial, long fen, long advance = 0, params (string Invoice, long Fen)[] parts) => new(
        Mine, Key(serial).Id, PartnerCode.Parse(Partner), BankDate, serial, Channel.Bank, new(fen), BankDate, "冲正",
        Parts(parts),
        new(advance));

    /// <summary>The payment went back after its day end, on a day of November.</summary>
    public static PaymentReversed ReversedLater(
        string serial, long fen, long advance = 0, params (string Invoice, long Fen)[] parts) =>
        Reversed(serial, fen, advance, parts) with
        {
            ReversedOn = Day("2026-11-20"), Reason = "退单", Approval = new("Q1", "zhang", "li", AfterDayEnd: true),
        };

    public static ReversalRequested Requested(string request, string serial, long fen) =>
        new(Mine, request, Key(serial).Id, new(fen), "退单", Day("2026-11-19"), "zhang");

    public static ReversalRejected Rejected(string request, string serial, string by) =>
        new(Mine, request, Key(serial).Id, "不退", Day("2026-11-20"), by);

    public static PaymentBlocked Blocked(string serial) =>
        new(Mine, Key(serial).Id, PartnerCode.Parse(Partner), BankDate, serial, Channel.Bank, "超时");

    public static AdvanceApplied Applied(long advance, params (string Invoice, long Fen)[] parts) =>
        new(Mine, Parts(parts), new(advance));

    public static AdvanceRefunded Refunded(string refund, long fen) =>
        new(Mine, RefundNo.Parse(refund), new(fen), Day("2026-11-05"), "销户");

    public static InvoiceIssued Issued(
        string invoice, long fen, string due = "2026-11-20", string issued = "2026-11-01",
        string? account = null) => new(
        InvoiceNo.Parse(invoice), AccountNo.Parse(account ?? Mine.Value), Utility.Electricity,
        BillingPeriod.Parse("2026-10"), Region.Parse("海淀区"), Project.Parse("阳光花园"), CustomerClass.Residential,
        new(fen), Day(issued), Day(due),
        Origin(1));

    public static CreditIssued Credit(string note, string invoice, long fen, string? account = null) => new(
        CreditNoteNo.Parse(note), InvoiceNo.Parse(invoice), AccountNo.Parse(account ?? Mine.Value), new(fen), "抄表差错",
        Day("2026-11-02"),
        Origin(2));

    public static AccountChanged Changed(string account, string name = "张*", long version = 1) => new(
        AccountNo.Parse(account), CustomerNo.Parse("C" + account), name, Region.Parse("海淀区"), Project.Parse("阳光花园"),
        CustomerClass.Residential,
        null, null, Day("2020-01-01"), Origin(version));

    private static Origin Origin(long version) => new(Guid.Empty, version, version, DateTimeOffset.UnixEpoch);

    private static Allocation[] Parts((string Invoice, long Fen)[] parts) =>
        [.. parts.Select(part => new Allocation(InvoiceNo.Parse(part.Invoice), new(part.Fen)))];
}
