using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>The name of a billing run, such as <c>2026-10-electricity</c>: 1 to 40 letters, digits or dashes.</summary>
[JsonConverter(typeof(IdentifierConverter<RunName>))]
public readonly record struct RunName : IIdentifier<RunName>
{
    private readonly string? _value;

    private RunName(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "1 to 40 letters, digits or dashes";

    /// <summary>The run's own table of draft invoices, quoted; the form of a name leaves nothing to escape.</summary>
    [JsonIgnore]
    public string DraftTable => $"work.\"draft_{Value}\"";

    /// <inheritdoc/>
    public static bool IsValid(string text) =>
        text is { Length: >= 1 and <= 40 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <inheritdoc/>
    public static RunName Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static RunName Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<RunName>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RunName result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A billing run: who is billed for what, drafted as often as needed, posted once.</summary>
public abstract record Run
{
    /// <summary>There is no such run.</summary>
    public sealed record None : Run;

    /// <summary>The cohort is frozen and drafted, or being drafted.</summary>
    /// <param name="Facts">What was asked for.</param>
    /// <param name="Draft">Which draft this is, from 1.</param>
    /// <param name="Plans">The plan versions in use.</param>
    /// <param name="Excluded">Accounts that a person took out; they stay out of the next draft too.</param>
    /// <param name="Released">Accounts whose exception a person released; valid for this draft only.</param>
    public sealed record Drafted(
        RunFrozen Facts, int Draft, ImmutableDictionary<PlanCode, PinnedVersions> Plans,
        ImmutableHashSet<AccountNo> Excluded, ImmutableHashSet<AccountNo> Released) : Run;

    /// <summary>The numbers are given out and the invoices are being issued.</summary>
    /// <param name="Facts">What was asked for.</param>
    /// <param name="Draft">The draft that is posted.</param>
    /// <param name="Plans">The plan versions in use.</param>
    /// <param name="Started">The numbers.</param>
    public sealed record Posting(
        RunFrozen Facts, int Draft, ImmutableDictionary<PlanCode, PinnedVersions> Plans, RunPostingStarted Started)
        : Run;

    /// <summary>Every invoice is issued.</summary>
    /// <param name="Facts">What was asked for.</param>
    /// <param name="Draft">The draft that was posted.</param>
    /// <param name="Plans">The plan versions in use.</param>
    /// <param name="Started">The numbers.</param>
    /// <param name="Result">What came out.</param>
    public sealed record Done(
        RunFrozen Facts, int Draft, ImmutableDictionary<PlanCode, PinnedVersions> Plans, RunPostingStarted Started,
        RunPosted Result)
        : Run
    {
        /// <summary>Who sealed it afterwards; null when that was done as it was completed, or never.</summary>
        public RunSealedLater? SealedLater { get; init; }
    }

    /// <summary>
    /// The run was given up before anything of it was posted: it bills nobody, and its name stays taken.
    /// </summary>
    /// <param name="Facts">What was asked for.</param>
    /// <param name="Draft">The last draft.</param>
    /// <param name="Plans">The plan versions in use.</param>
    /// <param name="Why">Who gave it up, and why.</param>
    public sealed record Abandoned(
        RunFrozen Facts, int Draft, ImmutableDictionary<PlanCode, PinnedVersions> Plans, RunAbandoned Why) : Run;

    /// <summary>All run streams.</summary>
    public static readonly StreamType<Run, RunEvent> Streams = new(
        "run",
        new None(),
        Evolve,
        new EventNames<RunEvent>()
            .Add<RunFrozen>("run-frozen.v1")
            .Add<RunRedrafted>("run-redrafted.v1")
            .Add<AccountExcluded>("run-account-excluded.v1")
            .Add<AccountReleased>("run-account-released.v1")
            .Add<RunPostingStarted>("run-posting-started.v1")
            .Add<RunPosted>("run-posted.v1")
            .Add<RunSealedLater>("run-sealed-later.v1")
            .Add<RunAbandoned>("run-abandoned.v1"),
        (rows, _, _, after) => rows.Upsert(RunRow.Table, RunRow.Of(after)),
        RunRow.Table);

    /// <summary>There is no such run.</summary>
    public static readonly Rejection Unknown = Rejection.NotFound("run-unknown", "There is no such run.");

    /// <summary>The stream of a run.</summary>
    public static StreamName<Run, RunEvent> Stream(RunName run) => Streams.Named(run.Value);

    private static Run Evolve(Run state, RunEvent @event) => (state, @event) switch
    {
        (None, RunFrozen e) => new Drafted(e, 1, e.Plans.ToImmutableDictionary(), [], []),
        (Drafted s, RunRedrafted e) => s with
        {
            Draft = e.Draft, Plans = e.Plans.ToImmutableDictionary(), Released = [],
        },
        (Drafted s, AccountExcluded e) => s with
        {
            Excluded = s.Excluded.Add(e.Account), Released = s.Released.Remove(e.Account),
        },
        (Drafted s, AccountReleased e) => s with
        {
            Excluded = s.Excluded.Remove(e.Account), Released = s.Released.Add(e.Account),
        },
        (Drafted s, RunPostingStarted e) => new Posting(s.Facts, s.Draft, s.Plans, e),
        (Drafted s, RunAbandoned e) => new Abandoned(s.Facts, s.Draft, s.Plans, e),
        (Posting s, RunPosted e) => new Done(s.Facts, s.Draft, s.Plans, s.Started, e),
        (Done s, RunSealedLater e) => s with { SealedLater = e },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {state.GetType().Name}."),
    };
}

/// <summary>An event of a run.</summary>
public abstract record RunEvent
{
    private protected RunEvent()
    {
    }
}

/// <summary>Who is to be billed was frozen: the run exists, and its first draft begins.</summary>
/// <param name="Run">The run.</param>
/// <param name="Utility">What is billed.</param>
/// <param name="Period">For when.</param>
/// <param name="IssuedOn">Day of issue on every invoice.</param>
/// <param name="DueOn">Due date on every invoice.</param>
/// <param name="Cohort">Accounts in the cohort, those included that are billed already.</param>
/// <param name="AlreadyInvoiced">Accounts among them that are billed already and therefore excluded.</param>
/// <param name="Chunks">The pieces that the work is cut into.</param>
/// <param name="Plans">The plan versions that apply.</param>
public sealed record RunFrozen(
    RunName Run, Utility Utility, [property: JsonConverter(typeof(StoredPeriodConverter))] BillingPeriod Period,
    DateOnly IssuedOn, DateOnly DueOn, int Cohort, int AlreadyInvoiced, int Chunks,
    IReadOnlyDictionary<PlanCode, PinnedVersions> Plans) : RunEvent;

/// <summary>
/// A run that was frozen before periods had bounds stays readable, whatever its period is, so that it can be abandoned.
/// </summary>
internal sealed class StoredPeriodConverter : JsonConverter<BillingPeriod>
{
    public override BillingPeriod Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        BillingPeriod.Wrap(reader.GetString() ?? throw new JsonException("A period is not null."));

    public override void Write(Utf8JsonWriter writer, BillingPeriod value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

/// <summary>The draft was thrown away and begun again, with the facts and plan versions of now.</summary>
/// <param name="Run">The run.</param>
/// <param name="Draft">Which draft begins, from 2.</param>
/// <param name="Plans">The plan versions that apply now.</param>
public sealed record RunRedrafted(
    RunName Run, int Draft, IReadOnlyDictionary<PlanCode, PinnedVersions> Plans) : RunEvent;

/// <summary>A person took an account out of the run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Account">The account.</param>
/// <param name="Reason">Why.</param>
public sealed record AccountExcluded(RunName Run, AccountNo Account, string Reason) : RunEvent;

/// <summary>A person looked at an account and lets its draft be posted.</summary>
/// <param name="Run">The run.</param>
/// <param name="Account">The account.</param>
/// <param name="Reason">Why.</param>
public sealed record AccountReleased(RunName Run, AccountNo Account, string Reason) : RunEvent;

/// <summary>Posting began: every invoice has its number now, and nothing can be taken out any more.</summary>
/// <param name="Run">The run.</param>
/// <param name="FirstNo">The running number of the first invoice.</param>
/// <param name="Invoices">How many invoices: numbers FirstNo to FirstNo + Invoices − 1.</param>
/// <param name="Amount">Their sum.</param>
public sealed record RunPostingStarted(RunName Run, long FirstNo, int Invoices, Money Amount) : RunEvent;

/// <summary>Every invoice of the run is issued: cohort = issued + excepted + excluded.</summary>
/// <param name="Run">The run.</param>
/// <param name="Utility">What was billed.</param>
/// <param name="Period">For when.</param>
/// <param name="Cohort">Accounts in the frozen cohort.</param>
/// <param name="Issued">Invoices issued.</param>
/// <param name="Excepted">Accounts left with an exception.</param>
/// <param name="Excluded">Accounts taken out.</param>
/// <param name="Amount">Sum of the invoices.</param>
public sealed record RunPosted(
    string Run, Utility Utility, BillingPeriod Period, int Cohort, int Issued, int Excepted, int Excluded, Money Amount)
    : RunEvent;

/// <summary>A person sealed a run that was posted before and had no seal.</summary>
/// <param name="Run">The run.</param>
/// <param name="Reason">Why it had none.</param>
/// <param name="By">Who.</param>
/// <param name="SealedOn">Business date.</param>
/// <param name="LinesSha256">SHA-256 over the lines that the seal covers, hexadecimal.</param>
public sealed record RunSealedLater(RunName Run, string Reason, string By, DateOnly SealedOn, string LinesSha256)
    : RunEvent;

/// <summary>A person gave the run up before it was posted: its drafts are gone, and nobody is billed by it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who.</param>
public sealed record RunAbandoned(RunName Run, string Reason, string By) : RunEvent;

/// <summary>A run as a row.</summary>
internal sealed record RunRow(
    RunFrozen Facts, string State, int Draft, string Plans, RunPostingStarted? Started, RunPosted? Result,
    RunAbandoned? Why)
{
    public const string Drafting = "drafting", Posting = "posting", Posted = "posted", Abandoned = "abandoned";

    public static readonly Table<RunRow> Table = new Table<RunRow>("run")
        .Key("run", row => row.Facts.Run.Value)
        .Column("utility", row => row.Facts.Utility.ToString())
        .Column("period", row => row.Facts.Period.Value)
        .Column("issued_on", row => row.Facts.IssuedOn)
        .Column("due_on", row => row.Facts.DueOn)
        .Column("state", row => row.State)
        .Column("draft", row => row.Draft)
        .Column("cohort", row => row.Facts.Cohort)
        .Column("chunks", row => row.Facts.Chunks)
        .JsonColumn("plans", row => row.Plans)
        .Column("first_no", row => row.Started?.FirstNo)
        .Column("issued", row => row.Result?.Issued ?? 0)
        .Column("excepted", row => row.Result?.Excepted ?? 0)
        .Column("excluded", row => row.Result?.Excluded ?? 0)
        .Column("amount_fen", row => row.Result?.Amount.Fen ?? 0)
        .Column("abandoned_by", row => row.Why?.By)
        .Column("abandoned_because", row => row.Why?.Reason);

    public static RunRow Of(Run run) => run switch
    {
        Run.Drafted s => new(s.Facts, Drafting, s.Draft, Json(s.Plans), null, null, null),
        Run.Posting s => new(s.Facts, Posting, s.Draft, Json(s.Plans), s.Started, null, null),
        Run.Done s => new(s.Facts, Posted, s.Draft, Json(s.Plans), s.Started, s.Result, null),
        Run.Abandoned s => new(s.Facts, Abandoned, s.Draft, Json(s.Plans), null, null, s.Why),
        _ => throw new InvalidOperationException($"{run.GetType().Name} has no row."),
    };

    private static string Json(ImmutableDictionary<PlanCode, PinnedVersions> plans) =>
        JsonSerializer.Serialize(plans, Wire.Stored);
}
