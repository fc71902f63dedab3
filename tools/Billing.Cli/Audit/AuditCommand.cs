using System.CommandLine;
using Billing.Contracts;
using Billing.Platform;
using Npgsql;

namespace Billing.Tools;

/// <summary><c>audit</c>: checks that all books of all services agree, account by account, to the fen.</summary>
internal static class AuditCommand
{
    private const int Shown = 50;
    private const int Rounds = 20;

    /// <summary>
    /// How long nothing may happen before a difference is one. The broker counts what is unacknowledged only every five
    /// seconds, and its page is as old again; a consumer on a busy machine takes its time for a batch.
    /// </summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    public static Command Create()
    {
        var all = new Option<bool>("--all") { Description = "print every difference, not only the first fifty" };
        var command = new Command("audit", "Compares all books of all services, account by account.") { all };
        command.Subcommands.Add(AuditTrailCommand.Create());
        command.SetAction(async (arguments, cancellation) =>
        {
            var result = await Run(new ConsoleOutput(), arguments.GetValue(all) ? int.MaxValue : Shown, cancellation);
            Console.WriteLine(result.Verdict);
            return result.Balanced ? 0 : 1;
        });
        return command;
    }

    /// <summary>
    /// Audits; while messages are still in transit it waits and audits again, so that a delay is not reported as a
    /// difference.
    /// </summary>
    public static async Task<AuditResult> Run(ConsoleOutput console, int shown, CancellationToken cancellation)
    {
        for (var round = 1; ; round++)
        {
            await Relayed(cancellation);
            var before = await Applied(cancellation);
            var differences = new List<Discrepancy>();
            var accounts = 0L;
            AuditResult? result = null;
            var watch = System.Diagnostics.Stopwatch.StartNew();
            await console.Bar("audit", await Expected(cancellation), async tell => result = await Auditing.Run(
                difference =>
                {
                    if (differences.Count < shown)
                        differences.Add(difference);
                },
                seen => tell(accounts = seen),
                cancellation));
            if (result!.Differences > 0 && round < Rounds && await Moving(before, cancellation))
                continue;
            console.Fact(
                $"{result.Accounts:N0} accounts, {result.Invoices:N0} invoices, {result.Events:N0} events and rows " +
                $"read", watch.Elapsed);
            Tell(console, result, differences);
            await UnfinishedRuns.Show(console, cancellation);
            return result;
        }
    }

    private static void Tell(ConsoleOutput console, AuditResult result, List<Discrepancy> differences)
    {
        // One line for each side: for a million accounts both together are longer than a line.
        foreach (var side in MoneyIdentity.All.SelectMany(identity => identity
            .Text(term => $"{term.ToString().ToLowerInvariant()} {Yuan(result.Sums[term])}").Split(" = ")
            .Select((text, at) => at == 0 ? text : $"= {text}")))
            console.Line(side);
        foreach (var unknown in result.Unknown)
            console.Warn($"{unknown} is unknown to this audit: a newer version of it knows what the event does");
        foreach (var difference in differences)
            console.Warn($"{difference.Account}  {difference.What}: {difference.Fen} fen  ({difference.Where})");
        if (result.Differences > differences.Count)
            console.Warn($"… and {result.Differences - differences.Count:N0} more; --all shows them");
    }

    /// <summary>Waits until every relay has published what its service has stored.</summary>
    private static async Task Relayed(CancellationToken cancellation)
    {
        foreach (var service in AuditedEvents.Services)
        {
            await using var source = NpgsqlDataSource.Create(Instance.Postgres(service));
            var events = new StoredEvents(source);
            for (var tries = 0; tries < 600 && await events.AreAhead(cancellation); tries++)
                await Task.Delay(100, cancellation);
        }
    }

    /// <summary>
    /// Whether consumers have worked since the books were opened, are working, or have something left: the inboxes have
    /// grown or grow within a while, or a queue is not empty. What was applied while the books were read is in some of
    /// them and not in others.
    /// </summary>
    private static async Task<bool> Moving(long before, CancellationToken cancellation)
    {
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); watch.Elapsed < Quiet;)
        {
            if (await Applied(cancellation) != before)
                return true;
            await Task.Delay(250, cancellation);
        }
        return await new FailedMessages(Instance.RabbitMq, Instance.RabbitMqManagement).Unread(cancellation);
    }

    private static async Task<long> Applied(CancellationToken cancellation)
    {
        var messages = 0L;
        foreach (var service in AuditedEvents.Services)
        {
            await using var source = NpgsqlDataSource.Create(Instance.Postgres(service));
            await using var count = source.CreateCommand("select count(*) from inbox");
            messages += (long)(await count.ExecuteScalarAsync(cancellation))!;
        }
        return messages;
    }

    private static async Task<long> Expected(CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(Instance.Postgres("customer"));
        await using var count = source.CreateCommand("select count(*) from accounts");
        return (long)(await count.ExecuteScalarAsync(cancellation))!;
    }

    private static string Yuan(Money money) =>
        money.Yuan.ToString("N2", System.Globalization.CultureInfo.InvariantCulture);
}
