using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Invoicing;

/// <summary>
/// Seals a run that was posted and has no seal: because a version without seals posted it, or because its seal was
/// lost. Such a seal covers the bills as they are now, and cannot prove what they were when they were issued; so it is
/// made only on request, needs a right and a named person, and the manifest says that it was made later and by whom.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="Reason">Why it has no seal, for people.</param>
/// <param name="By">The person who seals it.</param>
/// <param name="SealedOn">Business date.</param>
/// <param name="Found">The bills as they are now.</param>
public sealed record SealRun(RunName Run, string Reason, string By, DateOnly SealedOn, SealingFacts Found)
    : ICommand<BillingRun, RunEvent>
{
    public static readonly Rejection AlreadySealed = Rejection.Conflict(
        "run-sealed-already", "The run has its seal (GET /runs/{run}/manifest); a second one would prove less.");

    public static readonly Rejection DoesNotAddUp = Rejection.Conflict(
        "run-bills-changed", "The bills of the run are not those that were posted; nothing can be sealed.");

    public Decision<RunEvent> Decide(BillingRun state) => state switch
    {
        BillingRun.None => BillingRun.Unknown,
        BillingRun.Done when !Reasons.IsGiven(Reason) => ExcludeAccount.ReasonMissing,
        BillingRun.Done { SealedLater: { } known }
            when known.By == By && known.LinesSha256 == Found.LinesSha256 => [],
        BillingRun.Done when Found.IsSealed => AlreadySealed,
        BillingRun.Done s when (Found.Issued, Found.Amount) != (s.Result.Issued, s.Result.Amount) => DoesNotAddUp,
        BillingRun.Done => [new RunSealedLater(Run, Reason, By, SealedOn, Found.LinesSha256)],
        _ => RunManifest.NotPosted,
    };
}

/// <summary>The facts on which a later seal rests.</summary>
/// <param name="IsSealed">Whether the run has a manifest.</param>
/// <param name="Issued">Invoices in the table.</param>
/// <param name="Amount">Their sum.</param>
/// <param name="LinesSha256">SHA-256 over their lines, hexadecimal.</param>
public sealed record SealingFacts(bool IsSealed, int Issued, Money Amount, string LinesSha256);

public static class SealRunEndpoint
{
    public static void MapSealRun(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/runs/{run}/seal", Handle)
            .RequirePerson().WithName(nameof(SealRun)).RequireRight(Right.SealRun)
            .WithSummary("Seals a posted run that has no seal.")
            .Refuses(typeof(SealRun))
            .Refuses(BillingRun.Unknown, ExcludeAccount.ReasonMissing, RunManifest.NotPosted);

    private static async Task<Results<Ok, ProblemHttpResult>> Handle(
        RunName run, SealRunRequest body, EventStore store, ManifestKey key, TimeProvider clock,
        CancellationToken cancellation)
    {
        var executed = await RunTransaction.Execute(
            store,
            run,
            async (state, session) =>
            {
                var command = new SealRun(
                    run, body.Reason, Actor.Current.By, clock.Today(), new(false, 0, Money.Zero, ""));
                if (state is not BillingRun.Done done)
                    return command;
                var sealedAlready = await session.Connection.ExecuteScalarAsync<bool>(
                    "select exists (select 1 from run_manifest where run = @run)", new { run = run.Value });
                var manifest = await RunManifest.Make(
                    session.Connection, done.Facts, done.Started, done.Result, cancellation);
                command = command with
                {
                    Found = new(sealedAlready, manifest.Issued, manifest.Amount, manifest.LinesSha256),
                };
                if (command.Decide(state) is { Rejection: null } decision && !sealedAlready)
                {
                    var later = decision.Events is [RunSealedLater e] ? e : done.SealedLater!;
                    await RunManifest.Write(
                        session.Connection, key,
                        manifest with { SealedLater = new(later.SealedOn, later.By, later.Reason) });
                }
                return command;
            },
            cancellation);
        return executed.Rejection is { } rejection ? rejection.ToProblem() : TypedResults.Ok();
    }
}
