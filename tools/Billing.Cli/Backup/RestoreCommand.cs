using System.CommandLine;

namespace Billing.Tools;

/// <summary>
/// <c>restore</c>: restores all databases, or one service's, from a backup. <c>./billing</c> calls it step by step and
/// stops and starts processes in between (docs/adr/0033).
/// </summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        string[] services = [.. ServiceModel.All.Select(model => model.Name)];
        var service = new Argument<string?>("service")
        {
            Description = $"the one to restore: {string.Join(", ", services)}; all of them unless given",
            Arity = ArgumentArity.ZeroOrOne,
        };
        service.AcceptOnlyFromAmong(services);
        var from = new Option<string?>("--from")
        {
            Description = "the folder of the backup, as ./billing backup named it",
        };
        var inPlace = new Option<bool>("--in-place")
        {
            Description = "the databases were set back already, by a fail-over or a provider's recovery",
        };
        var since = RepublishCommand.Since("with --in-place: a time before they were; everything unless given");
        var step = new Option<string?>("--step") { Hidden = true };
        step.AcceptOnlyFromAmong("check", "prepare", "tell", "switch", "finish");
        var command = new Command(
            "restore", "Restores all databases, or one, from a backup. The data of before is kept aside.")
        {
            service, from, inPlace, since, step,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            var named = arguments.GetValue(service);
            var one = named is null ? null : ServiceModel.All.Single(model => model.Name == named);
            if (arguments.GetValue(inPlace))
            {
                await InPlace(
                    arguments.GetValue(step), named, arguments.GetValue(from), arguments.GetValue(since), cancellation);
                return 0;
            }
            var folder = arguments.GetValue(from)
                ?? throw new Failure("Say from what: --from BACKUP, or --in-place if it was set back already.", 2);
            var manifest = BackupManifest.Read(folder);
            await (arguments.GetValue(step) switch
            {
                "check" => Check(folder, manifest, one, cancellation),
                "prepare" when one is not null => new RestoreOne(manifest, one).Prepare(cancellation),
                "prepare" => new RestoreAll(manifest).Prepare(cancellation),
                "tell" when one is not null => new RestoreOne(manifest, one).Report(cancellation),
                "tell" => new RestoreAll(manifest).Report(cancellation),
                "switch" when one is not null => new RestoreOne(manifest, one).Switch(cancellation),
                "switch" => new RestoreAll(manifest).Switch(cancellation),
                "finish" when one is not null => new RestoreOne(manifest, one).Finish(cancellation),
                "finish" => new RestoreAll(manifest).Finish(cancellation),
                _ => throw new Failure("Restore by ./billing restore, which stops and starts what has to be.", 2),
            });
            return 0;
        });
        return command;
    }

    private static Task InPlace(
        string? step, string? service, string? from, DateTimeOffset? since, CancellationToken cancellation) =>
        service is not null || from is not null
            ? throw new Failure("--in-place is for all services as they are: no backup and no service with it.", 2)
            : since > TimeProvider.System.GetUtcNow()
            ? throw new Failure("--since is a time before the databases were set back, and not one to come.", 2)
            : step switch
            {
                // Mistakes in the arguments are reported before anything is stopped.
                "prepare" => Task.CompletedTask,
                "check" => RestoreInPlace.Check(cancellation),
                "switch" => new RestoreInPlace(since).Adopt(cancellation),
                "finish" => new RestoreInPlace(since).Finish(cancellation),
                _ => throw new Failure("Restore by ./billing restore, which stops and starts what has to be.", 2),
            };

    /// <summary>Checks the backup before anything is stopped or copied.</summary>
    private static async Task Check(
        string folder, BackupManifest manifest, ServiceModel? one, CancellationToken cancellation)
    {
        manifest.MustFit(await PostgresPrograms.Major(cancellation), ServiceModel.All);
        if (one is not null)
        {
            RestoreLog.MustGoOnFrom(Instance.Folder, manifest.Instant);
            BackupManifest.MustBeOf(
                await PostgresPrograms.ServerOf(BackupManifest.DataIn(folder), cancellation),
                await PostgresPrograms.ServerOf(cancellation), manifest.Instance);
        }
        var console = new ConsoleOutput();
        console.Line($"The backup of '{manifest.Instance}' at {RestoredTime.Text(manifest.Instant)}");
        await console.Do(
            () => PostgresPrograms.Run(
                "pg_verifybackup", ["-q", BackupManifest.DataIn(folder)], null, cancellation),
            _ => "every file has its checksum");
    }
}

/// <summary>Formats times for the console.</summary>
internal static class RestoredTime
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    public static string Text(DateTimeOffset moment) => $"{moment.ToOffset(China):yyyy-MM-dd HH:mm:ss} China time";
}
