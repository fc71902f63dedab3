using System.CommandLine;
using System.Security.Cryptography;
using Billing.Platform;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// <c>migrate</c>: brings the schemas of all services up to date, as the roles that own them, and then the broker, and
/// reports what it did. With <c>--dry-run</c> it only prints the script, for review.
/// </summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var dry = new Option<bool>("--dry-run") { Description = "print the changes as SQL and change nothing" };
        var quiet = new Option<bool>("--quiet") { Description = "say nothing while there is nothing to do" };
        var command = new Command("migrate", "Brings schemas and queues of all services up to date.") { dry, quiet };
        command.SetAction(async (arguments, cancellation) =>
        {
            try
            {
                if (arguments.GetValue(dry))
                    await Print(cancellation);
                else
                    await Migrate(arguments.GetValue(quiet), cancellation);
                return 0;
            }
            catch (CryptographicException e)
            {
                throw new Failure(e.Message);
            }
        });
        return command;
    }

    private static async Task Print(CancellationToken cancellation)
    {
        foreach (var service in ServiceModel.All)
        {
            await using var source = NpgsqlDataSource.Create(Instance.OwnerPostgres(service.Name));
            var patch = await new Schema(source, service.Assembly!).Patch(RoleOf(service), cancellation);
            Console.WriteLine(patch.Length == 0
                ? $"-- {service.Name}: up to date"
                : $"-- ── {service.Name} ──\n{patch}");
        }
        string[] queues =
            [.. await NewQueues().Differences(cancellation), .. await BrokerUsers.Differences(cancellation)];
        Console.WriteLine(queues.Length == 0
            ? "-- queues: up to date"
            : $"-- queues: {string.Join(", ", queues)}");
    }

    private static async Task Migrate(bool quiet, CancellationToken cancellation)
    {
        var console = new ConsoleOutput();
        var done = await Task.WhenAll(ServiceModel.All.Select(async service =>
        {
            await using var source = NpgsqlDataSource.Create(Instance.OwnerPostgres(service.Name));
            return (service.Name, Steps: await new Schema(source, service.Assembly!, Instance.MasterKeys).Migrate(
                RoleOf(service), cancellation));
        }));
        foreach (var (service, steps) in done)
            Tell(service, steps);
        Tell("queues", await NewQueues().BringUpToDate(cancellation));
        Tell("users of queues", await BrokerUsers.BringUpToDate(cancellation));

        void Tell(string what, IReadOnlyList<string> steps)
        {
            if (steps.Count > 0)
                console.Line($"{what}: {string.Join(", ", steps)}");
            else if (!quiet)
                console.Line($"{what}: up to date");
        }
    }

    /// <summary>The role under which the service runs; null when that is the owner.</summary>
    private static string? RoleOf(ServiceModel service)
    {
        var role = new NpgsqlConnectionStringBuilder(Instance.Postgres(service.Name)).Username;
        return role == new NpgsqlConnectionStringBuilder(Instance.OwnerPostgres(service.Name)).Username ? null : role;
    }

    private static Queues NewQueues() => new(
        Instance.RabbitMq, Instance.RabbitMqManagement, ServiceModel.All.Select(service => service.Name));
}
