using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>An event of a run.</summary>
public abstract record RunEvent
{
    private protected RunEvent()
    {
    }
}

/// <summary>The cohort was frozen: the run exists, and its first draft begins.</summary>
/// <param name="Run">The run.</param>
/// <param name="Utility">The utility billed.</param>
/// <param name="Period">The billing period.</param>
/// <param name="IssuedOn">Day of issue on every invoice.</param>
/// <param name="DueOn">Due date on every invoice.</param>
/// <param name="Cohort">Accounts in the cohort, including those billed already.</param>
/// <param name="AlreadyInvoiced">Accounts among them that are billed already and therefore excluded.</param>
/// <param name="Chunks">The number of chunks.</param>
/// <param name="Plans">The plan versions that apply.</param>
[StoredAs("run-frozen.v1")]
public sealed record RunFrozen(
    RunName Run, Utility Utility, [property: JsonConverter(typeof(StoredPeriodConverter))] BillingPeriod Period,
    DateOnly IssuedOn, DateOnly DueOn, int Cohort, int AlreadyInvoiced, int Chunks,
    IReadOnlyDictionary<PlanCode, PinnedVersions> Plans) : RunEvent;

/// <summary>
/// Reads a stored period whatever it is, so that a run frozen before periods were limited can be abandoned.
/// </summary>
internal sealed class StoredPeriodConverter : JsonConverter<BillingPeriod>
{
    public override BillingPeriod Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        BillingPeriod.Wrap(reader.GetString() ?? throw new JsonException("A period is not null."));

    public override void Write(Utf8JsonWriter writer, BillingPeriod value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

/// <summary>The draft was discarded and begun again, with the present facts and plan versions.</summary>
/// <param name="Run">The run.</param>
/// <param name="Draft">The number of the new draft, from 2.</param>
/// <param name="Plans">The plan versions that apply now.</param>
[StoredAs("run-redrafted.v1")]
public sealed record RunRedrafted(
    RunName Run, int Draft, IReadOnlyDictionary<PlanCode, PinnedVersions> Plans) : RunEvent;

/// <summary>A person excluded an account from the run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Account">The account.</param>
/// <param name="Reason">The reason.</param>
[StoredAs("run-account-excluded.v1")]
public sealed record AccountExcluded(RunName Run, AccountNo Account, string Reason) : RunEvent;

/// <summary>A person reviewed an account and released its draft for posting.</summary>
/// <param name="Run">The run.</param>
/// <param name="Account">The account.</param>
/// <param name="Reason">The reason.</param>
[StoredAs("run-account-released.v1")]
public sealed record AccountReleased(RunName Run, AccountNo Account, string Reason) : RunEvent;

/// <summary>Posting began: every invoice has its number, and no account can be excluded any more.</summary>
/// <param name="Run">The run.</param>
/// <param name="FirstNo">The running number of the first invoice.</param>
/// <param name="Invoices">How many invoices: numbers FirstNo to FirstNo + Invoices − 1.</param>
/// <param name="Amount">Their sum.</param>
[StoredAs("run-posting-started.v1")]
public sealed record RunPostingStarted(RunName Run, long FirstNo, int Invoices, Money Amount) : RunEvent;

/// <summary>Every invoice of the run is issued: cohort = issued + excepted + excluded.</summary>
/// <param name="Run">The run.</param>
/// <param name="Utility">The utility billed.</param>
/// <param name="Period">The billing period.</param>
/// <param name="Cohort">Accounts in the frozen cohort.</param>
/// <param name="Issued">Invoices issued.</param>
/// <param name="Excepted">Accounts left with an exception.</param>
/// <param name="Excluded">Accounts excluded by a person.</param>
/// <param name="Amount">Sum of the invoices.</param>
[StoredAs("run-posted.v1")]
public sealed record RunPosted(
    RunName Run, Utility Utility, BillingPeriod Period, int Cohort, int Issued, int Excepted, int Excluded,
    Money Amount)
    : RunEvent;

/// <summary>A person sealed a run that was posted before and had no seal.</summary>
/// <param name="Run">The run.</param>
/// <param name="Reason">Why it had none.</param>
/// <param name="By">The person.</param>
/// <param name="SealedOn">Business date.</param>
/// <param name="LinesSha256">SHA-256 over the lines that the seal covers, hexadecimal.</param>
[StoredAs("run-sealed-later.v1")]
public sealed record RunSealedLater(RunName Run, string Reason, string By, DateOnly SealedOn, string LinesSha256)
    : RunEvent;

/// <summary>A person abandoned the run before it was posted: its drafts are deleted, and it bills nobody.</summary>
/// <param name="Run">The run.</param>
/// <param name="Reason">The reason.</param>
/// <param name="By">The person.</param>
[StoredAs("run-abandoned.v1")]
public sealed record RunAbandoned(RunName Run, string Reason, string By) : RunEvent;
