using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>What somebody may do. Every operation needs exactly one; roles are sets of them.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Right>))]
public enum Right
{
    /// <summary>Read accounts and their timelines; personal data is masked.</summary>
    ReadAccounts,

    /// <summary>Read customers; personal data is masked.</summary>
    ReadCustomers,

    /// <summary>Read names, telephone numbers and addresses in clear, with a reason that is recorded.</summary>
    ReadPersonalData,

    /// <summary>Read who has read personal data, and why.</summary>
    ReadPersonalDataReads,

    /// <summary>Read price plans, in Tariff or as replicated.</summary>
    ReadPlans,

    /// <summary>Read invoices, their explanations and statements of account.</summary>
    ReadInvoices,

    /// <summary>Read billing runs, their exceptions and manifests without lines.</summary>
    ReadRuns,

    /// <summary>Read payments, balances, reconciled days and requests for reversals.</summary>
    ReadPayments,

    /// <summary>Read partners and their terms.</summary>
    ReadPartners,

    /// <summary>Read receivables and overdue accounts.</summary>
    ReadReceivables,

    /// <summary>Read totals, ageing, collection rates and other figures over all accounts.</summary>
    ReadFigures,

    /// <summary>Read the lag and the state of services.</summary>
    ReadOperations,

    /// <summary>Register customers.</summary>
    RegisterCustomer,

    /// <summary>Correct what is known of customers.</summary>
    CorrectCustomer,

    /// <summary>Erase the personal data of customers for ever.</summary>
    EraseCustomer,

    /// <summary>Wrap the keys of personal data with the newest master key.</summary>
    RewrapKeys,

    /// <summary>Open accounts.</summary>
    OpenAccount,

    /// <summary>Change what an account is supplied with and by which plan.</summary>
    ChangeSupply,

    /// <summary>Take accounts over from files, and read what was refused.</summary>
    ImportAccounts,

    /// <summary>Draft price plans, and propose that they are published.</summary>
    DraftPlan,

    /// <summary>Approve that a price plan is published, which somebody else has drafted and proposed.</summary>
    PublishPlan,

    /// <summary>Withdraw a published price plan.</summary>
    WithdrawPlan,

    /// <summary>Quote a bill without issuing it.</summary>
    QuoteBill,

    /// <summary>Compute what many accounts would pay under another plan.</summary>
    RunWhatIf,

    /// <summary>Record readings one by one.</summary>
    AcceptReading,

    /// <summary>Withdraw a reading.</summary>
    WithdrawReading,

    /// <summary>Import readings from files.</summary>
    ImportReadings,

    /// <summary>Freeze the cohort of a billing run and have it drafted.</summary>
    FreezeRun,

    /// <summary>Draft accounts of a run again.</summary>
    RedraftRun,

    /// <summary>Release or exclude accounts with an exception.</summary>
    ReviewAccount,

    /// <summary>Propose that a run is posted.</summary>
    ProposePosting,

    /// <summary>Approve that a run is posted, as somebody else has proposed: its invoices are issued.</summary>
    PostRun,

    /// <summary>Abandon a run before it is posted.</summary>
    AbandonRun,

    /// <summary>Seal a run after it was completed.</summary>
    SealRun,

    /// <summary>Export every invoice of a run.</summary>
    ExportInvoices,

    /// <summary>Credit invoices: up to a limit at once, above it as a proposal.</summary>
    CreditInvoice,

    /// <summary>Approve credits above the limit, which somebody else has proposed.</summary>
    ApproveCredit,

    /// <summary>Query, as a partner, what an account owes.</summary>
    QueryBill,

    /// <summary>Report, as a partner, a payment received.</summary>
    ReceivePayment,

    /// <summary>Reverse, as a partner, a payment of the same bank day.</summary>
    ReversePayment,

    /// <summary>Reconcile a partner's bank day with its file.</summary>
    ReconcileDay,

    /// <summary>Propose new partners and changes of their terms.</summary>
    SavePartner,

    /// <summary>Approve partners and their terms, which somebody else has proposed.</summary>
    ApprovePartner,

    /// <summary>Request the reversal of a payment after its bank day.</summary>
    RequestReversal,

    /// <summary>Approve or reject a reversal that somebody else has requested.</summary>
    ApproveReversal,

    /// <summary>Propose to refund an advance.</summary>
    RefundAdvance,

    /// <summary>Approve a refund that somebody else has proposed.</summary>
    ApproveRefund,

    /// <summary>Read what waits for a second person, and what became of it.</summary>
    ReadApprovals,

    /// <summary>Propose other limits for what one person may do alone.</summary>
    ChangeLimits,

    /// <summary>Approve other limits, which somebody else has proposed.</summary>
    ApproveLimits,

    /// <summary>Assess which accounts are in arrears.</summary>
    AssessArrears,

    /// <summary>Read and export the audit trail: who did what, and who looked at personal data.</summary>
    ReadAuditTrail,

    /// <summary>Read users, roles and clients.</summary>
    ReadUsers,

    /// <summary>Add, lock and unlock users, and give them roles.</summary>
    ManageUsers,

    /// <summary>Add roles and change their rights.</summary>
    ManageRoles,

    /// <summary>Add clients, issue and revoke their secrets.</summary>
    ManageClients,
}
