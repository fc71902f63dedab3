using System.Security.Cryptography;
using System.Text;
using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Payments;

/// <summary>
/// The examples of the OpenAPI document for partners' developers, from one bank day of a partner: a bill query, a
/// payment, the reversal of another payment, and the day's file.
/// </summary>
internal static class PartnerExamples
{
    private static readonly AccountNo Account = AccountNo.Parse("1000000001");
    private static readonly InvoiceNo Invoice = InvoiceNo.Parse("E202610-00000012");
    private static readonly Money Billed = new(110_84), Paid = new(120_00), TakenBack = new(50_00);

    public static readonly OpenBill Bill = new(
        Account, "李*英", Billed, Money.Zero,
        [
            new(
                Invoice, Utility.Electricity, BillingPeriod.Parse("2026-10"), new(2026, 11, 1), new(2026, 11, 16),
                Billed, Billed),
        ]);

    public static readonly ReceivePaymentRequest Payment = new(Account, Paid);

    public static readonly PaymentReceipt Receipt = new(
        PaymentId.Parse("icbc-20261103-0042"), ReceiptNo.Parse($"{Account}-0001"), Account, Paid,
        [new(Invoice, Billed)], Paid - Billed, Billed - Paid);

    public static readonly PartnerPayment OwnPayment = new(
        Receipt.Payment, Account, PaymentStatus.Received, Paid, Receipt.Receipt, null);

    public static readonly ReversePaymentRequest Reversal = new(Account, "Paid twice.", new(2026, 11, 3));

    public static readonly ReversalReceipt ReversalReceipt = new(
        PaymentId.Parse("icbc-20261103-0043"), Account, PaymentStatus.Reversed, TakenBack);

    public const string File = """
        1|120.00
        20261103|0042|1000000001|120.00|mobile|PAY
        20261103|0043|1000000001|50.00|mobile|PAY
        20261103|0043|1000000001|50.00|mobile|REV

        """;

    private static readonly ReconciledSide Side = new(1, Paid, new(2, Paid + TakenBack), new(1, TakenBack));

    public static readonly ReconciledDay ReconciledDay = new(
        PartnerCode.Parse("icbc"), new(2026, 11, 3),
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(File))), Side, Side,
        new Dictionary<LineClass, int> { [LineClass.Match] = 2 }, []);
}
