using System.CommandLine;
using System.Diagnostics;
using Billing.Contracts.Audit;
using Billing.Platform;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// <c>audit trail</c>: verifies the chains over the audit trails of all services, each against its own rows and against
/// what the other services have heard of it.
/// </summary>
internal static class AuditTrailCommand
{
    public static Command Create()
    {
        var restored = new Option<bool>("--restored")
        {
            Description = "leave out digests of days before a database was set back to an earlier time",
        };
        var command = new Command("trail", "Verifies that nobody changed the audit trail of any service.") { restored };
        command.SetAction(async (arguments, cancellation) =>
        {
            var databases = ServiceModel.All.Select(service => service.Name)
                .ToDictionary(name => name, Instance.Postgres, StringComparer.Ordinal);
            return await Run(new ConsoleOutput(), databases, arguments.GetValue(restored), cancellation) ? 0 : 1;
        });
        return command;
    }

    /// <summary>Verifies the trails of these databases; true when all are as they were.</summary>
    /// <param name="console">Where the findings are told.</param>
    /// <param name="databases">The connection strings by service.</param>
    /// <param name="restored">Whether digests of days before a restore are left out.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task<bool> Run(
        ConsoleOutput console, IReadOnlyDictionary<string, string> databases, bool restored,
        CancellationToken cancellation)
    {
        var sources = databases.ToDictionary(entry => entry.Key, entry => NpgsqlDataSource.Create(entry.Value));
        try
        {
            var held = new List<(string Holder, AuditDigest Digest)>();
            foreach (var (holder, source) in sources)
                held.AddRange((await AuditVerification.Held(source, cancellation)).Select(digest => (holder, digest)));
            var (rows, broken) = (0L, 0);
            foreach (var (service, source) in sources)
            {
                var watch = Stopwatch.StartNew();
                var setBack = await SetBack(source, cancellation);
                var verdict = await AuditVerification.Verify(
                    source,
                    [
                        .. held.Where(entry => entry.Digest.Service == service && entry.Holder != service
                            && !(restored && entry.Digest.Day < setBack)),
                    ],
                    cancellation);
                rows += verdict.Rows;
                broken += verdict.Fault is null ? 0 : 1;
                Tell(console, service, verdict, watch.Elapsed);
                if (verdict.Fault is not null && setBack is { } day)
                    console.Warn(
                        $"{service} was set back to an earlier time on {day:yyyy-MM-dd}; if it was restored, and " +
                        "nothing worse, --restored compares it with what others have heard since");
            }
            console.Line(broken == 0
                ? $"audit trail: unbroken ({rows:N0} rows of {sources.Count} services)"
                : $"audit trail: BROKEN in {broken} of {sources.Count} services");
            return broken == 0;
        }
        catch (PostgresException e)
        {
            throw new Failure($"The audit trails cannot be read: {e.MessageText}");
        }
        finally
        {
            foreach (var source in sources.Values)
                await source.DisposeAsync();
        }
    }

    /// <summary>The business day on which the database was last set back to an earlier time, or null.</summary>
    private static async Task<DateOnly?> SetBack(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select max(begun_at) from restart_epoch");
        return await command.ExecuteScalarAsync(cancellation) is DateTime at
            ? new DateTimeOffset(at).BusinessDate()
            : null;
    }

    private static void Tell(ConsoleOutput console, string service, AuditVerdict verdict, TimeSpan time)
    {
        if (verdict.Fault is { } fault)
            console.Warn($"{service}: {fault}; the {verdict.Rows:N0} rows before that block are as they were");
        else
            console.Fact(
                $"{service}: {verdict.Rows:N0} rows in {verdict.Blocks:N0} blocks are as they were, " +
                $"{verdict.Digests:N0} digests of others agree, {verdict.Unsealed:N0} rows are not sealed yet", time);
    }
}
