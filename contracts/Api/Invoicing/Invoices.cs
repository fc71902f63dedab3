using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Contracts.Api;

/// <summary>Credits an invoice in part or in whole; the number of the credit note is in the path.</summary>
/// <param name="Amount">How much less is owed, fen, more than zero and at most what is left of the invoice.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record CreditInvoiceRequest(Money Amount, string Reason);

/// <summary>An invoice and its credit notes.</summary>
/// <param name="Invoice">The invoice as it was issued; it never changes.</param>
/// <param name="RecordedAt">When it was issued, UTC.</param>
/// <param name="Credits">Its credit notes, each with its net and its tax.</param>
/// <param name="Left">The amount less the credits, fen.</param>
/// <param name="LeftNet">The net less that of the credits, fen.</param>
/// <param name="LeftTax">The tax less that of the credits, fen.</param>
public sealed record InvoiceDetails(
    InvoiceAsIssued Invoice, DateTimeOffset RecordedAt, IReadOnlyList<CreditNote> Credits, Money Left, Money LeftNet,
    Money LeftTax);

/// <summary>An invoice as it was issued.</summary>
/// <param name="Invoice">Its number.</param>
/// <param name="Account">The account that owes it.</param>
/// <param name="Utility">The utility billed.</param>
/// <param name="Period">The billing period.</param>
/// <param name="Class">The account's class.</param>
/// <param name="Region">The account's region.</param>
/// <param name="Project">The account's project.</param>
/// <param name="Amount">The total with tax, fen: exactly the sum of the lines.</param>
/// <param name="Net">The total without tax, fen.</param>
/// <param name="Tax">The tax in the total, fen.</param>
/// <param name="Plan">The price plan.</param>
/// <param name="Version">The version of the plan; the last one when the price changes in the period.</param>
/// <param name="Lines">The lines in compact form: <c>id</c>, <c>q</c> quantity, <c>u</c> unit, <c>p</c> price in yuan,
/// <c>fen</c> amount, and further members per component. The explanation of the invoice gives them in words.</param>
/// <param name="Usage">The metered consumption behind the lines, per closing reading; empty for heat by area.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="DueOn">The due date; overdue from the day after.</param>
/// <param name="Run">The billing run.</param>
public sealed record InvoiceAsIssued(
    InvoiceNo Invoice, AccountNo Account, Utility Utility, BillingPeriod Period, CustomerClass Class, Region Region,
    Project Project, Money Amount, Money Net, Money Tax, PlanCode Plan, int Version, IReadOnlyList<JsonElement> Lines,
    IReadOnlyList<MeteredUse> Usage, DateOnly IssuedOn, DateOnly DueOn, RunName Run);

/// <summary>Consumption between two readings of a meter.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="From">The day of the earlier reading.</param>
/// <param name="To">The day of the later reading; with the meter it identifies the stored reading.</param>
/// <param name="Kwh">Whole kWh.</param>
/// <param name="Peak">The peak part, kWh; left out without time of use.</param>
/// <param name="Valley">The valley part, kWh; left out without time of use.</param>
public sealed record MeteredUse(
    MeterNo Meter,
    DateOnly From,
    DateOnly To,
    long Kwh,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Peak = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Valley = null);

/// <summary>A credit note: an invoice is not owed in part or in whole.</summary>
/// <param name="Note">The number of the credit note; unique.</param>
/// <param name="Invoice">The invoice it corrects.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">How much less is owed, fen, more than zero.</param>
/// <param name="Reason">The reason, for people.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="Net">The amount without tax, fen; null for notes recorded before the net was.</param>
/// <param name="Tax">The tax in the amount, fen: amount − net.</param>
public sealed record CreditNote(
    CreditNoteNo Note, InvoiceNo Invoice, AccountNo Account, Money Amount, string Reason, DateOnly IssuedOn,
    Money? Net = null, Money? Tax = null);

/// <summary>The sums over everything that was billed and credited.</summary>
/// <param name="Invoices">How many invoices.</param>
/// <param name="Amount">Their sum with tax, fen.</param>
/// <param name="Net">Their sum without tax, fen.</param>
/// <param name="Tax">The tax in it, fen.</param>
/// <param name="Credits">How many credit notes.</param>
/// <param name="Credited">Their sum with tax, fen.</param>
/// <param name="CreditedNet">Their sum without tax, fen.</param>
/// <param name="CreditedTax">The tax in it, fen.</param>
/// <param name="OutputTax">The tax of the invoices less that of the credit notes, fen: the output tax that is
/// declared.</param>
public sealed record InvoicingTotals(
    long Invoices, Money Amount, Money Net, Money Tax, long Credits, Money Credited, Money CreditedNet,
    Money CreditedTax, Money OutputTax);
