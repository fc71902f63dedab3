using System.CommandLine;
using Billing.Platform;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// <c>migrate</c>: brings the schemas of all services up to date, as the roles that own them, and says what it did.
/// With <c>--dry-run</c> it writes what it would do, to be read before.
/// </summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var dry = new Option<bool>("--dry-run") { Description = "print the changes as SQL and change nothing" };
        var quiet = new Option<bool>("--quiet") { Description = "say nothing while there is nothing to do" };
        var command = new Command("migrate", "Brings the schemas of all services up to date.") { dry, quiet };
        command.SetAction(async (arguments, cancellation) =>
        {
            if (arguments.GetValue(dry))
                await Print(cancellation);
            else
                await Migrate(arguments.GetValue(quiet), cancellation);
            return 0;
        });
        return command;
    }

    private static async Task Print(CancellationToken cancellation)
    {
        foreach (var service in ServiceModel.All)
        {
            await using var source = NpgsqlDataSource.Create(Instance.OwnerPostgres(service.Name));
            var patch = await new Schema(source, service.Assembly!).Patch(cancellation);
            Console.WriteLine(patch.Length == 0
                ? $"-- {service.Name}: up to date"
                : $"-- ── {service.Name} ──\n{patch}");
        }
    }

    private static async Task Migrate(bool quiet, CancellationToken cancellation)
    {
        var story = new Story();
        var done = await Task.WhenAll(ServiceModel.All.Select(async service =>
        {
            var owner = Instance.OwnerPostgres(service.Name);
            await using var source = NpgsqlDataSource.Create(owner);
            var role = new NpgsqlConnectionStringBuilder(Instance.Postgres(service.Name)).Username;
            var own = role == new NpgsqlConnectionStringBuilder(owner).Username;
            return (service.Name, Steps: await new Schema(source, service.Assembly!).Migrate(
                own ? null : role, cancellation));
        }));
        foreach (var (service, steps) in done)
        {
            if (steps.Count > 0)
                story.Line($"{service}: {string.Join(", ", steps)}");
            else if (!quiet)
                story.Line($"{service}: up to date");
        }
    }
}
