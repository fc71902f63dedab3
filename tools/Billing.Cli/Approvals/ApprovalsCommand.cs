using System.CommandLine;
using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Spectre.Console;

namespace Billing.Tools;

/// <summary>
/// <c>approvals</c>: what waits for a second person in all services, one proposal as it is, and the decision on what
/// was seen. Decided is in the name of whoever signed in; on an instance of one's own, of its approver.
/// </summary>
internal static class ApprovalsCommand
{
    private const int ReasonColumns = 24;
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    private static readonly Argument<string> Kind = new("kind") { Description = "the kind, such as refund" };
    private static readonly Argument<string> Key = new("key") { Description = "the key, such as the refund's number" };

    private static readonly Option<string> Seen = new("--seen")
    {
        Description = "the digest of what you saw, from ./billing approvals show", Required = true,
    };

    private static readonly Option<string> Reason =
        new("--reason") { Description = "why, for the record", Required = true };

    public static Command Create()
    {
        var command = new Command("approvals", "Lists what waits for a second person; shows and decides it.")
        {
            Show(), Approve(), Reject(), Withdraw(),
        };
        command.SetAction((_, cancellation) => List(cancellation));
        return command;
    }

    private static async Task<int> List(CancellationToken cancellation)
    {
        using var services = new Services();
        var open = new List<ProposalDetails>();
        foreach (var service in In(services))
        {
            for (string? after = null; ;)
            {
                Route first = $"/approvals";
                var page = await service.Get<ProposalPage>(
                    after is null ? first : $"{first}?after={after}", cancellation);
                open.AddRange(page.Items);
                if ((after = page.Next) is null)
                    break;
            }
        }
        var console = new ConsoleOutput();
        if (open.Count == 0)
        {
            console.Line("nothing waits for a second person");
            return 0;
        }
        var table = new Table().AddColumn("kind").AddColumn("key").AddColumn(new TableColumn("yuan").RightAligned())
            .AddColumn("proposed by").AddColumn("until").AddColumn("reason");
        foreach (var proposal in open.OrderBy(one => one.ExpiresAt))
        {
            table.AddRow([.. new[]
            {
                proposal.Kind, proposal.Key, proposal.Amount?.ToString() ?? "", proposal.ProposedBy,
                Time(proposal.ExpiresAt), ConsoleOutput.Cut(proposal.Reason ?? "", ReasonColumns),
            }.Select(Markup.Escape)]);
        }
        console.Table(table);
        console.Line("./billing approvals show KIND KEY says what it would change");
        return 0;
    }

    private static Command Show() => Of(
        "show", "Shows a proposal with what it would change.", [], (_, proposal, _, _) =>
        {
            Tell(new ConsoleOutput(), proposal);
            if (proposal.Status == ProposalStatus.Open)
                Console.WriteLine(
                    $"\n./billing approvals approve {proposal.Kind} {proposal.Key} --seen {proposal.Seen}");
            return Task.CompletedTask;
        });

    private static Command Approve() => Of(
        "approve", "Approves what was seen, which carries it out.", [Seen], (service, proposal, given, cancellation) =>
            Decide(
                service.As(People.Approver), proposal, "approve", new ApproveProposalRequest(given.GetValue(Seen)!),
                cancellation));

    private static Command Reject() => Of(
        "reject", "Rejects what was seen.", [Seen, Reason], (service, proposal, given, cancellation) => Decide(
            service.As(People.Approver), proposal, "reject",
            new RejectProposalRequest(given.GetValue(Seen)!, given.GetValue(Reason)!), cancellation));

    private static Command Withdraw() => Of(
        "withdraw", "Withdraws a proposal of one's own.", [Reason], (service, proposal, given, cancellation) => Decide(
            service, proposal, "withdraw", new WithdrawProposalRequest(given.GetValue(Reason)!), cancellation));

    private static Command Of(
        string name, string help, IReadOnlyList<Option> options,
        Func<ServiceClient, ProposalDetails, ParseResult, CancellationToken, Task> work)
    {
        var command = new Command(name, help) { Kind, Key };
        foreach (var option in options)
            command.Add(option);
        command.SetAction(async (given, cancellation) =>
        {
            using var services = new Services();
            var (kind, key) = (given.GetValue(Kind)!, given.GetValue(Key)!);
            foreach (var service in In(services))
            {
                var found = await service.Find<ProposalDetails>($"/approvals/{kind}/{key}", cancellation);
                if (found.Value is { } proposal)
                {
                    await work(service, proposal, given, cancellation);
                    return 0;
                }
                if (found.Status != 404)
                    throw new Failure($"{kind} {key}: {found.Problem}");
            }
            throw new Failure($"There is no proposal '{kind}' '{key}'; ./billing approvals lists what waits.");
        });
        return command;
    }

    private static async Task Decide(
        ServiceClient service, ProposalDetails proposal, string decision, object body, CancellationToken cancellation)
    {
        var decided = (await service.Post<ProposalDetails>(
            $"/approvals/{proposal.Kind}/{proposal.Key}/{decision}", body, cancellation))
            .Ok($"{proposal.Kind} {proposal.Key}");
        Console.WriteLine($"{decided.Kind} {decided.Key}: {decided.Status.ToString().ToLowerInvariant()}"
            + (decided.DecidedBy is { } by ? $" by {by}" : ""));
    }

    private static void Tell(ConsoleOutput console, ProposalDetails proposal)
    {
        console.Line($"{proposal.Kind} {proposal.Key}: {proposal.Status.ToString().ToLowerInvariant()}");
        console.Line($"proposed by {proposal.ProposedBy} on {Time(proposal.ProposedAt)}, "
            + $"open until {Time(proposal.ExpiresAt)}");
        if (proposal.Amount is { } amount)
            console.Line($"{amount} yuan{(proposal.Account is { } account ? $", account {account}" : "")}");
        if (proposal.Reason is { } reason)
            console.Line($"reason: {reason}");
        if (proposal.DecidedBy is { } by)
            console.Line($"decided by {by} on {Time(proposal.DecidedAt!.Value)} {proposal.DecisionReason}");
        if (proposal.Failure is { } failure)
            console.Warn($"failed: {failure}");
        var table = new Table().AddColumn("what").AddColumn("is").AddColumn("becomes");
        foreach (var change in proposal.Changes)
        {
            table.AddRow([.. new[] { change.What, change.Before ?? "", change.After ?? "" }.Select(Markup.Escape)]);
        }
        if (proposal.Changes.Count > 0)
            console.Table(table);
    }

    private static string Time(DateTimeOffset moment) =>
        moment.ToOffset(China).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The services in which something takes two people.</summary>
    private static IEnumerable<ServiceClient> In(Services services) =>
        [services.Tariff, services.Invoicing, services.Payments];
}
