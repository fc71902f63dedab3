using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Invoicing;

/// <summary>
/// Withdraws a reading that was wrong: it was recorded for a meter that had been taken down, or with a wrong digit.
/// From then on it does not count, so that the right readings can be taken, in the order of their days. Drafts that
/// rested on it are outdated.
/// <para>
/// Only the newest reading of a meter can be withdrawn, because later ones count from it. A reading on which an invoice
/// rests cannot, unless that invoice was credited as a whole: the consumption would be billed a second time. The
/// caller's number identifies the withdrawal, so that a late repetition does not withdraw a reading taken again.
/// </para>
/// </summary>
/// <param name="Withdrawal">The number of the withdrawal, given by the caller.</param>
/// <param name="Account">The account.</param>
/// <param name="Meter">The meter.</param>
/// <param name="ReadOn">The day of the reading.</param>
/// <param name="Reason">The reason.</param>
/// <param name="By">The person.</param>
/// <param name="BeingPosted">Months whose invoices are being posted now.</param>
public sealed record WithdrawReading(
    string Withdrawal, AccountNo Account, MeterNo Meter, DateOnly ReadOn, string Reason, string By,
    IReadOnlySet<BillingPeriod> BeingPosted) : ICommand<Account, AccountEvent>
{
    public static readonly Rejection NumberInvalid = Rejection.Invalid(
        "reading-withdrawal-invalid", "The number of a withdrawal has 1 to 40 letters, digits or dashes.");
    public static readonly Rejection ReasonMissing = Rejection.Invalid(
        "reading-withdrawal-reason-missing", "A withdrawal needs a reason of 1 to 200 characters.");
    public static readonly Rejection Taken = Rejection.Conflict(
        "reading-withdrawal-taken", "This number already stands for another withdrawal.");
    public static readonly Rejection Unknown = Rejection.NotFound(
        "reading-unknown", "The account has no reading of this meter on this day.");
    public static readonly Rejection NotLast = Rejection.Conflict(
        "reading-not-last", "Later readings of this meter count from this one; withdraw them first.");
    public static readonly Rejection Billed = Rejection.Conflict(
        "reading-billed", "An invoice rests on this reading; credit all of that invoice first.");

    private const int LongestNumber = 40;

    /// <inheritdoc/>
    public Rejection? Refuse() =>
        Withdrawal.Length is 0 or > LongestNumber
            || !Withdrawal.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? NumberInvalid
        : !Reasons.IsGiven(Reason) ? ReasonMissing
        : null;

    public Decision<AccountEvent> Decide(Account state)
    {
        var name = new ReadingName(Meter, ReadOn);
        return Refuse() is { } wrong ? wrong
            : state.Withdrawals.TryGetValue(Withdrawal, out var known) ? known.Name == name ? [] : Taken
            : !state.Readings.TryGetValue(name, out var reading) ? Unknown
            : LastOf(state) is var last && last > ReadOn
                ? NotLast.With($"{NotLast.Message} The last is of {last:yyyy-MM-dd}.")
            : state.BilledBy(name) is { } invoice
                ? Billed.With($"Invoice {invoice} rests on this reading; credit all of that invoice first.")
            : BeingPosted.Contains(reading.Period) ? AcceptReading.BeingPosted
            : [new ReadingWithdrawn(Withdrawal, Account, Meter, ReadOn, Reason, By)];
    }

    private DateOnly LastOf(Account state) =>
        state.Readings.Keys.Where(reading => reading.Meter == Meter).Max(reading => reading.ReadOn);
}

public static class WithdrawReadingEndpoint
{
    public static void MapWithdrawReading(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/accounts/{account}/readings/{meter}/{date}/withdrawals/{withdrawal}", Handle)
            .WithName(nameof(WithdrawReading)).RequireRight(Right.WithdrawReading)
            .WithSummary("Withdraws a wrong reading on which nothing has been billed.")
            .Refuses(typeof(WithdrawReading)).Refuses(AcceptReading.BeingPosted);

    private static async Task<Results<Created, Ok, ProblemHttpResult>> Handle(
        AccountNo account, string meter, DateOnly date, string withdrawal, WithdrawReadingRequest body,
        EventStore store, CancellationToken cancellation)
    {
        MeterNo.TryParse(meter, null, out var number);
        var command = new WithdrawReading(
            withdrawal, account, number, date, body.Reason, Actor.Current.By,
            BeingPosted: new HashSet<BillingPeriod>());
        if (command.Refuse() is { } wrong)
            return wrong.ToProblem();
        var stream = Account.Stream(account);
        var decision = await store.Bulk(
            [stream.Id],
            async session =>
            {
                await PostingGate.Share(session.Connection, cancellation);
                var beingPosted = await ReadingBatch.BeingPosted(session.Connection);
                var state = (await session.Load(Account.Streams, cancellation))
                    .GetValueOrDefault(stream.Id, Account.Streams.Fold([]));
                var decided = (command with { BeingPosted = beingPosted }).Decide(state);
                session.Append(stream, state, decided.Events);
                return decided;
            },
            cancellation);
        return decision switch
        {
            { Rejection: { } rejection } => rejection.ToProblem(),
            { Events: [] } => TypedResults.Ok(),
            _ => TypedResults.Created(
                $"/accounts/{account}/readings/{meter}/{date:yyyy-MM-dd}/withdrawals/{withdrawal}"),
        };
    }
}
