using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Billing.Contracts;

namespace Billing.WebConsole;

// What the page reads of the services' answers. They may say more than this; what is here must be there.

/// <summary>The name of a billing run, as Invoicing gives it out: nothing in it can lead elsewhere.</summary>
[JsonConverter(typeof(IdentifierConverter<RunName>))]
public readonly record struct RunName : IIdentifier<RunName>
{
    private readonly string? _value;

    private RunName(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "1 to 40 letters, digits or dashes";

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

/// <summary>A billing run (Invoicing, <c>/runs/{run}</c>).</summary>
public sealed record RunAnswer(
    RunName Run, Utility Utility, string Period, DateOnly DueOn, string State, int Cohort,
    RunPhase Drafting, RunPhase Posting, IReadOnlyList<RunException> Exceptions,
    IReadOnlyList<RunFailure> Failures, RunAbandonment? Abandoned);

/// <summary>A piece of a run whose work failed.</summary>
public sealed record RunFailure(int Chunk, string Reason);

/// <summary>Who gave a run up, and why.</summary>
public sealed record RunAbandonment(string By, string Reason);

/// <summary>Drafting or posting.</summary>
public sealed record RunPhase(
    int Chunks, int ChunksDone, int AccountsDone, int Invoices, Money Amount, double Seconds, double PerSecond);

/// <summary>Accounts that could not be billed.</summary>
public sealed record RunException(string Code, string State, int Accounts);

/// <summary>Invoicing, <c>/totals</c>.</summary>
public sealed record InvoicingTotals(long Invoices, Money Amount, Money Credited);

/// <summary>Payments, <c>/totals</c>.</summary>
public sealed record PaymentsTotals(
    long Invoices, Money Charges, Money Credits, Money Allocated, Money Open, Money Advance, Money Received,
    Money Reversed, Money Refunded);

/// <summary>Payments, <c>/cash</c>: one partner's day.</summary>
public sealed record CashLine(DateOnly Day, Channel Channel, Money Received, Money Reversed, Money Net, int Count);

/// <summary>A figure of Collections with the date and the position it belongs to.</summary>
public sealed record Dated<T>(T Figure, DateOnly AsOf, BooksPosition Position);

/// <summary>The newest events of others that are in Collections' books.</summary>
public sealed record BooksPosition(HeardEvent? Invoicing, HeardEvent? Payments);

/// <summary>An event of another service.</summary>
public sealed record HeardEvent(long Sequence, DateTimeOffset RecordedAt);

/// <summary>Collections, <c>/totals</c>.</summary>
public sealed record CollectionsTotals(
    long Invoices, Money Charges, Money Credits, Money Allocated, Money Open, Money Overdue, Money Advance);

/// <summary>Collections, <c>/rates/collection</c>.</summary>
public sealed record Rates(IReadOnlyList<RateGroup> Groups, Rate Total);

/// <summary>One project's rate.</summary>
public sealed record RateGroup(string Key, Rate Rate);

/// <summary>A collection rate; percentages are null when nothing was to come in.</summary>
public sealed record Rate(
    Money Receivable, Money Collected, decimal? Percent, decimal? CurrentPercent, decimal? OldPercent);

/// <summary>Collections, <c>/ageing</c>: one utility's open receivables.</summary>
public sealed record AgeingGroup(string Key, Money Open, long Count, IReadOnlyList<AgeingBucket> Buckets);

/// <summary>The open receivables of one age.</summary>
public sealed record AgeingBucket(string Name, Money Open, long Count);

/// <summary>Every service, <c>/lag</c>.</summary>
public sealed record LagAnswer(long Head, long Relayed, IReadOnlyList<LagConsumer> Consumers);

/// <summary>A consumer's last message; its delay is unknown when the message did not say when it was sent.</summary>
public sealed record LagConsumer(
    string Consumer, long Messages, long Items, DateTimeOffset LastAt, double LastDelayMs);
