using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;
using Spectre.Console;

namespace Billing.Tools;

/// <summary>
/// Drives one billing run from the frozen cohort to the posted invoices, as an operator at a terminal does.
/// </summary>
internal sealed class BillingRun(Services services, ConsoleOutput console, string run)
{
    private const int ExampleColumns = 50;

    /// <summary>Freezes the cohort and waits until every account is drafted.</summary>
    public async Task<RunStatus> Draft(FreezeRunRequest order)
    {
        await services.Invoicing.Put<string>($"/runs/{run}", order).Accepted(run);
        return await Drafted();
    }

    public Task<RunStatus> Progress() => services.Invoicing.Get<RunStatus>($"/runs/{run}");

    public async Task<IReadOnlyList<RunException>> Exceptions(string? state = null)
    {
        var found = new List<RunException>();
        Route all = $"/runs/{run}/exceptions?limit=1000";
        Route wanted = state is null ? all : $"{all}&state={state}";
        var page = await services.Invoicing.Get<RunExceptionPage>(wanted);
        found.AddRange(page.Items);
        while (page.Next is { } after)
        {
            page = await services.Invoicing.Get<RunExceptionPage>($"{wanted}&after={after}");
            found.AddRange(page.Items);
        }
        return found;
    }

    /// <summary>Prints the exceptions, by reason and number.</summary>
    public async Task<IReadOnlyList<RunException>> ShowExceptions()
    {
        var exceptions = await Exceptions();
        if (exceptions.Count == 0)
        {
            console.Line("no exceptions");
            return exceptions;
        }
        var table = new Table().AddColumn("exception").AddColumn(new TableColumn("accounts").RightAligned())
            .AddColumn("state").AddColumn("for example");
        foreach (
            var group in exceptions.GroupBy(item => (item.Code, item.State)).OrderByDescending(group => group.Count()))
        {
            var example = group.First();
            table.AddRow(
                group.Key.Code, group.Count().ToString("N0", CultureInfo.InvariantCulture), group.Key.State.WireName(),
                Markup.Escape(ConsoleOutput.Cut($"{example.Account}: {example.Message}", ExampleColumns)));
        }
        console.Table(table);
        return exceptions;
    }

    public Task Review(string account, ReviewAction action, string reason) => services.Invoicing.Put<string>(
        $"/runs/{run}/exceptions/{account}", new ReviewAccountRequest(action, reason)).Accepted(account);

    /// <summary>Makes the draft again with the present facts.</summary>
    public async Task Redraft()
    {
        await services.Invoicing.Post<string>($"/runs/{run}/redraft").Accepted(run);
        await Drafted();
    }

    /// <summary>Abandons the run; nothing of it may have been posted.</summary>
    public Task Abandon(string reason) =>
        services.Invoicing.Post<string>($"/runs/{run}/abandonment", new AbandonRunRequest(reason)).Accepted(run);

    /// <summary>Seals the run, which was posted and has no seal.</summary>
    public Task Seal(string reason) => services.Invoicing.As(People.Approver)
        .Post<string>($"/runs/{run}/seal", new SealRunRequest(reason)).Accepted(run);

    /// <summary>
    /// Posts the run, as two people, and waits until its last invoice is issued; whoever has signed in only proposes
    /// it.
    /// </summary>
    public async Task<RunStatus> Post()
    {
        var answer = await services.Invoicing.Agree(invoicing => invoicing.Post<string>($"/runs/{run}/post"));
        await Task.FromResult(answer).Accepted(run);
        var posting = await Progress();
        if (console.SaysItWaits(answer))
            return posting;
        await console.Follow("invoices issued, accounts", posting.Cohort, async () => await Issued(posting.Cohort));
        return await Progress();
    }

    /// <summary>Waits until Payments and Collections have consumed every invoice.</summary>
    public static async Task Visible(Services services, ConsoleOutput console)
    {
        var issued = (await services.Invoicing.Get<InvoicingTotals>($"/totals")).Invoices;
        await console.Follow("known to Payments and Collections", issued, async () =>
        {
            var payments = await services.Payments.Get<PaymentTotals>($"/totals");
            var collections = await services.Collections.Get<Dated<CollectionTotals>>($"/totals");
            return Math.Min(payments.Invoices, collections.Figure.Invoices);
        });
    }

    private async Task<RunStatus> Drafted()
    {
        var begun = await Progress();
        await console.Follow("drafted, accounts", begun.Cohort, async () => (await Going()).Drafting.AccountsDone);
        return await Progress();
    }

    /// <summary>The progress; fails when the run can make none any more.</summary>
    private async Task<RunStatus> Going()
    {
        var now = await Progress();
        return now.State is not (RunState.Failed or RunState.Abandoned)
            ? now
            : throw new Failure($"{run} is {now.State.WireName()}: ./billing run status {run} says why.");
    }

    /// <summary>
    /// The number of accounts posted, less than the cohort until the run is completed, a moment after its last invoice.
    /// </summary>
    private async Task<long> Issued(int cohort)
    {
        var now = await Going();
        return now.State == RunState.Posted ? cohort : Math.Min(now.Posting.AccountsDone, cohort - 1);
    }
}

/// <summary>Requests answered without a body.</summary>
internal static class Accepting
{
    public static async Task Accepted(this Task<Answer<string>> answering, string doing)
    {
        var answer = await answering;
        if (answer.Problem is { } problem)
            throw new Failure($"{doing}: {problem}");
    }
}
