using System.CommandLine;
using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Tools;

/// <summary><c>run</c>: a billing run, step by step.</summary>
internal static class RunCommand
{
    private static readonly Argument<string> Name =
        new("run") { Description = "the run's name, such as 2026-10-electricity" };
    private static readonly Argument<string> Account = new("account") { Description = "an account of the run" };
    private static readonly Option<string> Reason =
        new("--reason") { Description = "why, for the record", Required = true };

    private static readonly Option<string> Key = new("--key")
    {
        Description = "the PEM file of the public key that you trust",
        Required = true,
    };

    private static readonly Option<string?> InstanceKey =
        new("--key") { Description = "the PEM file of the public key that you trust; the instance's unless given" };

    public static Command Create() => new("run", "Drives a billing run: start, review, post, abandon or seal.")
    {
        Start(),
        For("status", "How far it is.", (run, console) => Show(run, console)),
        For("exceptions", "Which accounts are held back, and why.", async (run, console) => await run.ShowExceptions()),
        Review("release", "Lets an account's draft be posted."),
        Review("exclude", "Takes an account out of the run."),
        For("redraft", "Throws the draft away and makes it again.", async (run, console) =>
        {
            await run.Redraft();
            await Show(run, console);
        }),
        For("post", "Issues the invoices.", async (run, console) =>
        {
            await run.Post();
            await Show(run, console);
        }),
        Abandon(),
        Seal(),
        FetchManifest(),
        VerifyManifest(),
    };

    private static Command FetchManifest()
    {
        var folder =
            new Option<string>("--out") { Description = "the folder for the manifest and its lines", Required = true };
        var command =
            new Command("manifest", "Fetches the sealed manifest of a posted run and verifies it.")
            {
                Name, folder, InstanceKey,
            };
        command.SetAction(async arguments =>
        {
            using var services = new Services();
            var holds = await Manifest.Verify(
                services, new ConsoleOutput(), arguments.GetValue(Name)!,
                arguments.GetValue(InstanceKey) ?? Instance.ManifestPublicKey, arguments.GetValue(folder));
            return holds ? 0 : 1;
        });
        return command;
    }

    private static Command VerifyManifest()
    {
        var manifest = new Argument<string>("manifest") { Description = "RUN.manifest.json" };
        var lines = new Argument<string?>("lines")
        {
            Description = "RUN.lines.csv; the one beside the manifest unless given",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command =
            new Command("verify", "Verifies a manifest and its lines, without any service.") { manifest, lines, Key };
        command.SetAction(arguments =>
        {
            var file = arguments.GetValue(manifest)!;
            var beside = file.Replace(".manifest.json", ".lines.csv", StringComparison.Ordinal);
            return Manifest.Verify(
                new ConsoleOutput(), file, arguments.GetValue(lines) ?? beside, arguments.GetValue(Key)!) ? 0 : 1;
        });
        return command;
    }

    private static Command Abandon()
    {
        var command = new Command("abandon", "Gives a run up before it is posted.") { Name, Reason };
        command.SetAction(async arguments =>
        {
            using var services = new Services();
            await new BillingRun(services, new ConsoleOutput(), arguments.GetValue(Name)!)
                .Abandon(arguments.GetValue(Reason)!);
            Console.WriteLine($"{arguments.GetValue(Name)}: abandoned 已放弃");
            return 0;
        });
        return command;
    }

    private static Command Seal()
    {
        var command = new Command("seal", "Seals a posted run that has no seal; its manifest says that it was later.")
        {
            Name, Reason,
        };
        command.SetAction(async arguments =>
        {
            using var services = new Services();
            await new BillingRun(services, new ConsoleOutput(), arguments.GetValue(Name)!).Seal(
                arguments.GetValue(Reason)!);
            Console.WriteLine($"{arguments.GetValue(Name)}: sealed later 补封");
            return 0;
        });
        return command;
    }

    private static Command Start()
    {
        var utility = new Option<Utility>("--utility") { Required = true, Description = "Electricity or Heat" };
        var period = new Option<string>("--period")
        {
            Required = true,
            Description = "a month like 2026-10 or a season like 2026-2027",
        };
        var issued = new Option<DateOnly>("--issued-on") { Required = true, Description = "the day on the invoices" };
        var due = new Option<DateOnly>("--due-on") { Required = true, Description = "the last day to pay" };
        var command = new Command("start", "Freezes the cohort and drafts.") { Name, utility, period, issued, due };
        command.SetAction(async arguments =>
        {
            using var services = new Services();
            var console = new ConsoleOutput();
            var run = new BillingRun(services, console, arguments.GetValue(Name)!);
            await run.Draft(new(
                arguments.GetValue(utility), BillingPeriod.Wrap(arguments.GetValue(period)!),
                arguments.GetValue(issued), arguments.GetValue(due)));
            await Show(run, console);
            return 0;
        });
        return command;
    }

    private static Command Review(string action, string help)
    {
        var command = new Command(action, help) { Name, Account, Reason };
        command.SetAction(async arguments =>
        {
            using var services = new Services();
            await new BillingRun(services, new ConsoleOutput(), arguments.GetValue(Name)!).Review(
                arguments.GetValue(Account)!, action == "release" ? ReviewAction.Release : ReviewAction.Exclude,
                arguments.GetValue(Reason)!);
            Console.WriteLine($"{arguments.GetValue(Account)}: {action}d");
            return 0;
        });
        return command;
    }

    private static Command For(string name, string help, Func<BillingRun, ConsoleOutput, Task> work)
    {
        var command = new Command(name, help) { Name };
        command.SetAction(async arguments =>
        {
            using var services = new Services();
            var console = new ConsoleOutput();
            await work(new(services, console, arguments.GetValue(Name)!), console);
            return 0;
        });
        return command;
    }

    private static async Task Show(BillingRun run, ConsoleOutput console)
    {
        var now = await run.Progress();
        console.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{now.State.WireName()}: {now.Cohort:N0} accounts, draft {now.Draft} of " +
            $"{now.Drafting.Invoices:N0} invoices and " +
            $"{now.Drafting.Amount.Yuan:N2} yuan,"));
        console.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{now.Open():N0} held back, {now.Excluded():N0} excluded; issued {now.Posting.Invoices:N0}, " +
            $"{now.Posting.Amount.Yuan:N2} yuan"));
        if (now.Outdated() > 0)
        {
            console.Warn($"{now.Outdated():N0} drafts are outdated 试算已过期: what they rest on changed after the draft; " +
                "they are held back");
        }
        foreach (var failure in now.Failures)
        {
            console.Warn($"chunk {failure.Chunk} ({failure.First} to {failure.Last}) failed 失败 {failure.Attempts} " +
                $"times: {failure.Reason}");
        }
        if (now.Abandoned is { } abandoned)
            console.Warn($"abandoned 已放弃 by {abandoned.By}: {abandoned.Reason}");
    }
}
