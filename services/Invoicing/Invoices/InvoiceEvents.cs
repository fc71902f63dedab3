using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Contracts;
using Billing.Platform;
using Billing.Rating;

namespace Billing.Invoicing;

/// <summary>An invoice was issued. A draft is the same with an empty number.</summary>
/// <param name="Invoice">Its number.</param>
/// <param name="Account">The account that owes it.</param>
/// <param name="Utility">The utility billed.</param>
/// <param name="Period">The billing period.</param>
/// <param name="Class">The account's class.</param>
/// <param name="Region">The account's region.</param>
/// <param name="Project">The account's project.</param>
/// <param name="Amount">The total with tax: exactly the sum of the lines.</param>
/// <param name="Net">The total without tax.</param>
/// <param name="Tax">The tax in the total.</param>
/// <param name="Plan">The price plan.</param>
/// <param name="Version">The version of the plan; the last one when the price changes in the period.</param>
/// <param name="Lines">The lines, in the rating library's compact form.</param>
/// <param name="Usage">The metered consumption behind the lines, per closing reading; empty for heat by area.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="DueOn">The due date; overdue from the day after.</param>
/// <param name="Run">The billing run.</param>
[StoredAs("invoice-issued.v1")]
public sealed record InvoiceIssued(
    InvoiceNo Invoice, AccountNo Account, Utility Utility, BillingPeriod Period, CustomerClass Class, Region Region,
    Project Project, Money Amount, Money Net, Money Tax, PlanCode Plan, int Version, BillLine[] Lines, Used[] Usage,
    DateOnly IssuedOn, DateOnly DueOn, RunName Run) : AccountEvent
{
    /// <summary>The prefix of the number in the name from which the event's id is derived (docs/adr/0034).</summary>
    internal const string Named = "invoice ";

    /// <summary>The JSON member that is empty in a draft.</summary>
    internal static readonly string NumberMember = JsonNamingPolicy.CamelCase.ConvertName(nameof(Invoice));
}

/// <summary>Consumption between two readings of a meter.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="From">The day of the earlier reading.</param>
/// <param name="To">The day of the later reading; with the meter it identifies the stored reading.</param>
/// <param name="Kwh">Whole kWh.</param>
/// <param name="Peak">The peak part, left out without time of use.</param>
/// <param name="Valley">The valley part, left out without time of use.</param>
public sealed record Used(
    MeterNo Meter,
    DateOnly From,
    DateOnly To,
    long Kwh,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Peak = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Valley = null);

/// <summary>A credit note was issued: an invoice is not owed in part or in whole.</summary>
/// <param name="Note">The number of the credit note; unique.</param>
/// <param name="Invoice">The invoice it corrects.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">How much less is owed, more than zero.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="Net">The amount without tax; null in notes recorded before the net was.</param>
/// <param name="Tax">The tax in the amount: amount − net.</param>
[StoredAs("credit-issued.v1")]
public sealed record CreditIssued(
    CreditNoteNo Note, InvoiceNo Invoice, AccountNo Account, Money Amount, string Reason, DateOnly IssuedOn,
    Money? Net = null, Money? Tax = null) : AccountEvent;
