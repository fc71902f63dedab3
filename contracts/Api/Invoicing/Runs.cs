namespace Billing.Contracts.Api;

/// <summary>Freezes the cohort of a billing run; the name of the run is in the path.</summary>
/// <param name="Utility">The utility billed.</param>
/// <param name="Period">The billing period: a month, or a season for heat.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="DueOn">Due date, not before the day of issue; overdue from the day after.</param>
public sealed record FreezeRunRequest(Utility Utility, BillingPeriod Period, DateOnly IssuedOn, DateOnly DueOn);

/// <summary>Abandons a run before it is posted.</summary>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record AbandonRunRequest(string Reason);

/// <summary>Seals a run that was posted without a seal, as its bills are now.</summary>
/// <param name="Reason">Why it was not sealed earlier, 1 to 200 characters.</param>
public sealed record SealRunRequest(string Reason);

/// <summary>The state, the progress and the totals of a run.</summary>
/// <param name="Run">Its name.</param>
/// <param name="Utility">The utility billed.</param>
/// <param name="Period">The billing period.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="DueOn">Due date.</param>
/// <param name="State">Its state.</param>
/// <param name="Draft">The number of the draft, from 1.</param>
/// <param name="Cohort">Accounts in the cohort.</param>
/// <param name="Drafting">Progress of the draft.</param>
/// <param name="Posting">Progress of posting.</param>
/// <param name="Exceptions">Accounts per reason and state.</param>
/// <param name="Previous">The posted runs of the period before, to compare with.</param>
/// <param name="Failures">Chunks whose work failed and is not done yet, at most 20.</param>
/// <param name="Abandoned">Who abandoned the run, and why; null when nobody did.</param>
public sealed record RunStatus(
    RunName Run, Utility Utility, BillingPeriod Period, DateOnly IssuedOn, DateOnly DueOn, RunState State, int Draft,
    int Cohort, RunPhase Drafting, RunPhase Posting, IReadOnlyList<RunExceptionCount> Exceptions,
    RunPeriodTotal Previous, IReadOnlyList<RunChunkFailure> Failures, RunAbandonment? Abandoned);

/// <summary>The draft or the posting of a run.</summary>
/// <param name="Chunks">Chunks in all.</param>
/// <param name="ChunksDone">Chunks done.</param>
/// <param name="AccountsDone">Accounts in the chunks done.</param>
/// <param name="Invoices">Drafts made, or invoices issued, so far.</param>
/// <param name="Amount">Their sum, fen.</param>
/// <param name="Seconds">Seconds from the start of the phase to its last completed chunk.</param>
/// <param name="PerSecond">Accounts done per second.</param>
public sealed record RunPhase(
    int Chunks, int ChunksDone, int AccountsDone, int Invoices, Money Amount, double Seconds, double PerSecond);

/// <summary>How many accounts of a run were held back or excluded for one reason.</summary>
/// <param name="Code">The reason.</param>
/// <param name="State">The state of their review.</param>
/// <param name="Accounts">How many accounts.</param>
public sealed record RunExceptionCount(string Code, RunExceptionState State, int Accounts);

/// <summary>What was billed in one period.</summary>
/// <param name="Period">The period.</param>
/// <param name="Invoices">How many invoices.</param>
/// <param name="Amount">Their sum, fen.</param>
public sealed record RunPeriodTotal(BillingPeriod Period, int Invoices, Money Amount);

/// <summary>A chunk whose work failed.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="First">Its first account.</param>
/// <param name="Last">Its last account.</param>
/// <param name="Attempts">How often its work failed in this phase; after 5 attempts it is not retried until a person
/// asks for it.</param>
/// <param name="Reason">The error of the last attempt.</param>
public sealed record RunChunkFailure(int Chunk, string First, string Last, int Attempts, string Reason);

/// <summary>Who abandoned a run, and why.</summary>
/// <param name="By">Who.</param>
/// <param name="Reason">Why.</param>
public sealed record RunAbandonment(string By, string Reason);
