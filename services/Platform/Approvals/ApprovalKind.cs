using System.Text.Json;
using Billing.Contracts;

namespace Billing.Platform;

/// <summary>
/// A kind of act that takes two people: registered by a service with <see cref="ApprovalSetup"/>, in a singleton that
/// knows how the act is carried out.
/// </summary>
/// <param name="code">Its stable name, in kebab case.</param>
/// <param name="proposes">The right to propose it, and to withdraw one's own proposal.</param>
/// <param name="decides">The right to approve and to reject it.</param>
public abstract class ApprovalKind(string code, Right proposes, Right decides)
{
    /// <summary>How long a proposal is open unless the limits say otherwise, days.</summary>
    public const int OpenDays = 7;

    /// <summary>Its stable name.</summary>
    public string Code => code;

    /// <summary>The right to propose it, and to withdraw one's own proposal.</summary>
    public Right Proposes => proposes;

    /// <summary>The right to approve and to reject it.</summary>
    public Right Decides => decides;

    /// <summary>
    /// Up to how much one person may do alone, as delivered; null when money does not decide, and it takes two people
    /// always.
    /// </summary>
    public Money? Alone { get; init; }

    /// <summary>The types whose refusals carrying it out may answer with.</summary>
    public IReadOnlyList<Type> Refuses { get; init; } = [];

    /// <summary>Further refusals with which carrying it out may answer.</summary>
    public IReadOnlyList<Rejection> Refusals { get; init; } = [];

    internal abstract IEnumerable<string> StreamsOf(JsonElement request);

    internal abstract Task<Consequence> CarryOut(
        JsonElement request, Attempt attempt, CancellationToken cancellation);

    internal abstract Task Release(
        JsonElement request, BulkSession session, string by, string reason, CancellationToken cancellation);

    internal abstract void Carried(JsonElement request);
}

/// <summary>A kind of act with its request.</summary>
/// <typeparam name="TRequest">What is asked for: everything that carrying it out needs.</typeparam>
/// <param name="code">Its stable name, in kebab case.</param>
/// <param name="proposes">The right to propose it.</param>
/// <param name="decides">The right to decide it.</param>
public abstract class ApprovalKind<TRequest>(string code, Right proposes, Right decides)
    : ApprovalKind(code, proposes, decides)
    where TRequest : class
{
    /// <summary>The ids of the streams that carrying it out appends to; they are locked first.</summary>
    protected internal abstract IEnumerable<string> StreamsOf(TRequest request);

    /// <summary>
    /// Carries it out in the transaction of the session, and says what that changes. It is run when the act is
    /// proposed, too, and rolled back: so what people see is what would happen, and whatever is refused is refused
    /// before anybody proposes it.
    /// </summary>
    protected internal abstract Task<Consequence> CarryOut(
        TRequest request, Attempt attempt, CancellationToken cancellation);

    /// <summary>
    /// Marks, in the transaction of the proposal, what it is about as taken; or refuses. By default nothing is marked.
    /// </summary>
    protected internal virtual Task<Rejection?> Hold(
        TRequest request, BulkSession session, CancellationToken cancellation) => Task.FromResult<Rejection?>(null);

    /// <summary>Takes the mark off, in the transaction in which the proposal ends without being carried out.</summary>
    protected internal virtual Task Release(
        TRequest request, BulkSession session, string by, string reason, CancellationToken cancellation) =>
        Task.CompletedTask;

    /// <summary>Called after it was carried out and committed; may be called more than once, or never.</summary>
    protected internal virtual void Carried(TRequest request)
    {
    }

    internal override IEnumerable<string> StreamsOf(JsonElement request) => StreamsOf(Read(request));

    internal override Task<Consequence> CarryOut(
        JsonElement request, Attempt attempt, CancellationToken cancellation) =>
        CarryOut(Read(request), attempt, cancellation);

    internal override Task Release(
        JsonElement request, BulkSession session, string by, string reason, CancellationToken cancellation) =>
        Release(Read(request), session, by, reason, cancellation);

    internal override void Carried(JsonElement request) => Carried(Read(request));

    internal static JsonElement Write(TRequest request) => JsonSerializer.SerializeToElement(request, Wire.Stored);

    private static TRequest Read(JsonElement request) => request.Deserialize<TRequest>(Wire.Stored)
        ?? throw new InvalidDataException($"A stored {typeof(TRequest).Name} is null.");
}

/// <summary>One attempt to carry something out.</summary>
/// <param name="Session">The session in whose transaction it is done.</param>
/// <param name="Proposer">Who asks for it.</param>
/// <param name="Decider">Who approves it; null while nobody has: in a rehearsal, or when one person may do it
/// alone.</param>
public sealed record Attempt(BulkSession Session, string Proposer, string? Decider)
{
    /// <summary>The state of one of the locked streams.</summary>
    public async Task<TState> Load<TState, TEvent>(
        StreamName<TState, TEvent> stream, CancellationToken cancellation)
        where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(stream);
        var states = await Session.Load(stream.Type, cancellation);
        return states.GetValueOrDefault(stream.Id, stream.Type.Initial);
    }
}

/// <summary>What carrying something out did, or would do.</summary>
/// <param name="Refusal">Why it cannot be done, or null.</param>
/// <param name="Changes">What it changes; empty when everything is already as requested.</param>
public sealed record Consequence(Rejection? Refusal, IReadOnlyList<ProposedChange> Changes)
{
    /// <summary>Everything is already as requested.</summary>
    public static readonly Consequence Nothing = new(null, []);

    /// <summary>The money concerned, or null.</summary>
    public Money? Amount { get; init; }

    /// <summary>
    /// The money that decides whether one person may do it alone: together with what was done before, so that many
    /// small acts are no way around the limit. Null when money does not decide.
    /// </summary>
    public Money? Together { get; init; }

    /// <summary>The account concerned, or null.</summary>
    public AccountNo? Account { get; init; }

    /// <summary>It cannot be done.</summary>
    public static Consequence Refused(Rejection refusal) => new(refusal, []);
}
