using System.Data;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Rating;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Rates all invoices concerned again, in order of account. It reads one snapshot of the database in a read-only
/// transaction. While a page is being rated, the next one is read.
/// </summary>
internal sealed class Replay(Question question, NpgsqlDataSource source, Plans plans, TimeProvider clock)
{
    private static readonly TimeSpan BetweenTellings = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs to the end, reporting its progress a few times a second.</summary>
    public async Task<WhatIfFindings> Run(Func<WhatIfProgress, Task> tell, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead, cancellation);
        // Pages are read in the order of an index; sorting everything for each page is never better.
        await using (var settings = new NpgsqlCommand(
            "set transaction read only; set local enable_sort = off", connection))
            await settings.ExecuteNonQueryAsync(cancellation);

        var histories = new Histories(connection, question);
        var counts = await histories.Count(cancellation);
        var billedBy = await BilledBy(connection, histories, counts, cancellation);
        histories.NeedYear = billedBy.NeedsYearToDate || question.Draft.NeedsYearToDate;
        histories.Changing = billedBy.Changing;
        var (rerating, of) = (new Rerating(question, billedBy), counts.Sum(count => count.Invoices));
        var tally = new Tally(rerating);
        await Go(histories, tally, () => tell(new(tally.Replayed, of, Seconds(began))), cancellation);

        var winners = await Explain(histories, rerating, tally.Winners(), cancellation);
        var losers = await Explain(histories, rerating, tally.Losers(), cancellation);
        return new(
            question.Draft.Code, question.Draft.Version, question.From, question.To, question.Plans, Seconds(began),
            tally.Accounts, tally.Total(), tally.Classes(), tally.Lines(), tally.Deciles(), winners, losers,
            tally.Refused(), tally.NotReproducible());
    }

    private async Task<BilledBy> BilledBy(
        NpgsqlConnection connection, Histories histories, List<(PlanCode Plan, int Version, long Invoices)> counts,
        CancellationToken cancellation)
    {
        var single = new Dictionary<(PlanCode, int), PlanSchedule>();
        foreach (var (plan, version, _) in counts)
            single[(plan, version)] = PlanSchedule.Of(await plans.Get(connection, plan, version, cancellation));
        var several = new Dictionary<(PlanCode, BillingPeriod, int), PlanSchedule>();
        foreach (var (period, plan, pinned) in await histories.Pinned(cancellation))
        {
            if (pinned.Numbers.Length > 1 && single.ContainsKey((plan, pinned.Last)))
                several[(plan, period, pinned.Last)] = await plans.Get(connection, plan, pinned, cancellation);
        }
        return new(single, several);
    }

    private async Task Go(Histories histories, Tally tally, Func<Task> tell, CancellationToken cancellation)
    {
        await tell();
        var told = clock.GetTimestamp();
        var rating = Task.CompletedTask;
        try
        {
            await foreach (var page in histories.Pages(cancellation))
            {
                await rating;
                if (clock.GetElapsedTime(told) >= BetweenTellings)
                {
                    await tell();
                    told = clock.GetTimestamp();
                }
                rating = Task.Run(() => tally.Add(page), cancellation);
            }
        }
        finally
        {
            await rating;
        }
        await tell();
    }

    private static async Task<IReadOnlyList<ComparedAccount>> Explain(
        Histories histories, Rerating rerating, IReadOnlyList<AccountSums> accounts, CancellationToken cancellation)
    {
        var found = (await histories.Of([.. accounts.Select(account => account.Account.Value)], cancellation))
            .ToDictionary(history => history.Account);
        return
        [
            .. accounts.Select(account => new ComparedAccount(
                account.Account, account.Class, account.Old, account.New, account.New - account.Old,
                [.. Explain(rerating, found[account.Account])])),
        ];
    }

    private static IEnumerable<ComparedInvoice> Explain(Rerating rerating, AccountHistory history)
    {
        foreach (var invoice in history.Invoices)
        {
            var (again, instead) = (rerating.Again(history, invoice), rerating.Instead(history, invoice));
            if (again.Bill?.Total != invoice.Amount || !instead.IsBill)
                continue;
            yield return new(
                invoice.Number, invoice.Period, invoice.Plan, invoice.Version, invoice.Amount, instead.Bill.Total,
                QuotedLines.Of(rerating.Billing(invoice), again.Bill), QuotedLines.Of(rerating.Draft, instead.Bill));
        }
    }

    private decimal Seconds(long began) => Math.Round((decimal)clock.GetElapsedTime(began).TotalSeconds, 2);
}
