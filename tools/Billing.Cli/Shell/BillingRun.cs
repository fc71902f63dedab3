using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;
using Spectre.Console;

namespace Billing.Tools;

/// <summary>
/// One billing run, from the frozen cohort to the posted invoices, as a person at a terminal drives it.
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

    /// <summary>Shows why accounts were held back, and how many of each reason.</summary>
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

    /// <summary>Makes the draft again with the facts of now.</summary>
    public async Task Redraft()
    {
        await services.Invoicing.Post<string>($"/runs/{run}/redraft").Accepted(run);
        await Drafted();
    }

    /// <summary>Gives the run up; nothing of it may be posted.</summary>
    public Task Abandon(string reason) =>
        services.Invoicing.Post<string>($"/runs/{run}/abandonment", new AbandonRunRequest(reason)).Accepted(run);

    /// <summary>A person seals the run, which was posted and has no seal.</summary>
    public Task Seal(string reason, string by) =>
        services.Invoicing.As(by).Post<string>($"/runs/{run}/seal", new SealRunRequest(reason)).Accepted(run);

    /// <summary>Issues the invoices and waits until the last of them is out.</summary>
    public async Task<RunStatus> Post()
    {
        await services.Invoicing.Post<string>($"/runs/{run}/post").Accepted(run);
        var posting = await Progress();
        await console.Follow("invoices issued, accounts", posting.Cohort, async () => await Issued(posting.Cohort));
        return await Progress();
    }

    /// <summary>Waits until whoever takes money and whoever looks after arrears knows every invoice.</summary>
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

    /// <summary>Progress, unless there will be none any more.</summary>
    private async Task<RunStatus> Going()
    {
        var now = await Progress();
        return now.State is not (RunState.Failed or RunState.Abandoned)
            ? now
            : throw new Failure($"{run} is {now.State.WireName()}: ./billing run status {run} says why.");
    }

    /// <summary>The run itself closes a moment after its last invoice.</summary>
    private async Task<long> Issued(int cohort)
    {
        var now = await Going();
        return now.State == RunState.Posted ? cohort : Math.Min(now.Posting.AccountsDone, cohort - 1);
    }
}

/// <summary>Answers without a body.</summary>
internal static class Accepting
{
    public static async Task Accepted(this Task<Answer<string>> answering, string doing)
    {
        var answer = await answering;
        if (answer.Problem is { } problem)
            throw new Failure($"{doing}: {problem}");
    }
}
