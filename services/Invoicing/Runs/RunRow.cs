using System.Collections.Immutable;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>A run as a row.</summary>
internal sealed record RunRow(
    RunFrozen Facts, RunState State, int Draft, string Plans, RunPostingStarted? Started, RunPosted? Result,
    RunAbandoned? Why)
{
    public static readonly Table<RunRow> Table = new Table<RunRow>("run")
        .Key("run", row => row.Facts.Run.Value)
        .Column("utility", row => row.Facts.Utility.ToString())
        .Column("period", row => row.Facts.Period.Value)
        .Column("issued_on", row => row.Facts.IssuedOn)
        .Column("due_on", row => row.Facts.DueOn)
        .Column("state", row => row.State.WireName())
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

    public static RunRow Of(BillingRun run) => run switch
    {
        BillingRun.Drafted s => new(s.Facts, RunState.Drafting, s.Draft, Json(s.Plans), null, null, null),
        BillingRun.Posting s => new(s.Facts, RunState.Posting, s.Draft, Json(s.Plans), s.Started, null, null),
        BillingRun.Done s => new(s.Facts, RunState.Posted, s.Draft, Json(s.Plans), s.Started, s.Result, null),
        BillingRun.Abandoned s => new(s.Facts, RunState.Abandoned, s.Draft, Json(s.Plans), null, null, s.Why),
        _ => throw new InvalidOperationException($"{run.GetType().Name} has no row."),
    };

    private static string Json(ImmutableDictionary<PlanCode, PinnedVersions> plans) =>
        JsonSerializer.Serialize(plans, Wire.Stored);
}
