using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Billing.Rating;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Rates issued invoices once more, by the version that billed them and by a plan document, which may be a draft, and
/// compares the two. Nothing is written. Why Invoicing does this: docs/adr/0018.
/// </summary>
public static class WhatIf
{
    public static readonly Rejection DocumentInvalid = Rejection.Invalid(
        "plan-document-invalid", "The document is not a valid price plan; see errors.");
    public static readonly Rejection NotBillable = Rejection.Invalid(
        "plan-not-billable", "The document says what a billing run cannot bill; see errors.");
    public static readonly Rejection PeriodsReversed = Rejection.Invalid(
        "what-if-periods-reversed", "The last period lies before the first.");
    public static readonly Rejection PeriodsDiffer = Rejection.Invalid(
        "what-if-periods-differ", "The first and the last period are both months, or both seasons.");
    public static readonly Rejection SeasonMissing = Rejection.Invalid(
        "what-if-season-missing", "The document has no season; seasons cannot be replayed with it.");
    public static readonly Rejection PeriodsTooMany = Rejection.Invalid(
        "what-if-periods-too-many", "At most 60 periods are replayed at once.");
    public static readonly Rejection PlansTooMany = Rejection.Invalid(
        "what-if-plans-too-many", "The invoices of 1 to 50 plans are replayed at once.");
    public static readonly Rejection PlanUnknown = Rejection.NotFound(
        "what-if-plan-unknown", "No published plan for this utility has one of these codes.");
    public static readonly Rejection Busy = Rejection.Conflict(
        "what-if-busy", "Two what-ifs are being answered; ask again when one of them is done.");

    private const long LargestDocument = 1 << 20;
    private const int MostPeriods = 60;
    private const int MostPlans = 50;

    public static void MapWhatIf(this IEndpointRouteBuilder routes) => routes.MapPost("/what-if", Handle)
        .WithMetadata(new RequestSizeLimitAttribute(LargestDocument))
        .WithName(nameof(WhatIf)).RequireRight(Right.RunWhatIf)
        .WithSummary("Rates issued invoices again by a draft plan and compares; nothing is recorded.")
        .Produces<string>(200, "application/x-ndjson")
        .Refuses(typeof(WhatIf));

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Handle(
        WhatIfRequest body, NpgsqlDataSource source, Plans plans, WhatIfPlaces places, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (!PlanDocument.TryParse(body.Document, out var draft, out var errors))
            return Invalid(DocumentInvalid, errors);
        if (draft.Obstacles.Count > 0)
            return Invalid(NotBillable, draft.Obstacles);
        var codes = body.Plans ?? [draft.Code];
        if (Refuse(body, draft, codes.Count) is { } refused)
            return refused.ToProblem();
        var question = new Question(
            draft.Timeless(), body.From, body.To, [.. codes.Select(code => code.Value).Distinct()]);
        await using (var connection = await source.OpenConnectionAsync(cancellation))
        {
            if (!await AreKnown(connection, question))
                return PlanUnknown.ToProblem();
        }
        // The place is taken only when the answer is being written: an answer that is never begun takes none.
        return places.AreTaken
            ? Busy.ToProblem()
            : TypedResults.Stream(
                body => Answer(body, new(question, source, plans, clock), places, cancellation),
                "application/x-ndjson");
    }

    private static Rejection? Refuse(WhatIfRequest body, PlanDocument draft, int plans) =>
        body.From.IsSeason != body.To.IsSeason ? PeriodsDiffer
        : string.CompareOrdinal(body.To.Value, body.From.Value) < 0 ? PeriodsReversed
        : body.From.IsSeason && draft.Season is null ? SeasonMissing
        : Periods(body.From, body.To) > MostPeriods ? PeriodsTooMany
        : plans is 0 or > MostPlans ? PlansTooMany
        : null;

    private static int Periods(BillingPeriod from, BillingPeriod to) => from.IsSeason
        ? to.Year - from.Year + 1
        : Question.MonthOf(to) - Question.MonthOf(from) + 1;

    private static async Task<bool> AreKnown(NpgsqlConnection connection, Question question) =>
        question.Plans.Length == await connection.ExecuteScalarAsync<int>(
            "select count(distinct plan)::int from plan_version where plan = any(@plans) " +
            "and document ->> 'utility' = @utility",
            new { plans = question.Plans, utility = question.Draft.Utility.ToString() });

    /// <summary>Writes the answer as lines of JSON; the last one holds the result.</summary>
    private static async Task Answer(
        Stream body, Replay replay, WhatIfPlaces places, CancellationToken cancellation)
    {
        await places.Enter(cancellation);
        try
        {
            var findings = await replay.Run(
                progress => Write(body, new WhatIfProgressLine(progress), cancellation), cancellation);
            await Write(body, new WhatIfResultLine(findings), cancellation);
        }
        finally
        {
            places.Leave();
        }
    }

    private static async Task Write<T>(Stream body, T line, CancellationToken cancellation)
    {
        await JsonSerializer.SerializeAsync(body, line, Wire.Stored, cancellation);
        await body.WriteAsync("\n"u8.ToArray(), cancellation);
        await body.FlushAsync(cancellation);
    }

    /// <summary>The problem that lists every mistake under its JSON path, as Tariff does.</summary>
    private static ProblemHttpResult Invalid(Rejection rejection, IReadOnlyList<PlanError> errors)
    {
        var problem = rejection.ToProblem();
        problem.ProblemDetails.Extensions["errors"] = errors
            .GroupBy(error => error.Path, error => error.Message, StringComparer.Ordinal)
            .ToDictionary(path => path.Key, path => path.ToArray(), StringComparer.Ordinal);
        return problem;
    }

}

/// <summary>A valid what-if request.</summary>
/// <param name="Draft">The document, as if it had always been in force.</param>
/// <param name="From">The first period.</param>
/// <param name="To">The last period, inclusive.</param>
/// <param name="Plans">The plans whose invoices are replayed.</param>
internal sealed record Question(PlanDocument Draft, BillingPeriod From, BillingPeriod To, string[] Plans)
{
    /// <summary>The month as a number counted from year 0, so that months can be subtracted.</summary>
    public static int MonthOf(BillingPeriod month) => MonthOf(month.Value);

    /// <inheritdoc cref="MonthOf(BillingPeriod)"/>
    public static int MonthOf(string month) =>
        (((month[0] - '0') * 10 + month[1] - '0') * 10 + month[2] - '0') * 120 + (month[3] - '0') * 12
        + (month[5] - '0') * 10 + month[6] - '0' - 1;
}
