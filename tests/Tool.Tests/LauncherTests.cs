using System.Diagnostics;
using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>What the launcher builds, and when, and that whatever runs keeps the build it was started from.</summary>
public sealed class LauncherTests(LauncherTree tree) : IClassFixture<LauncherTree>
{
    [Fact]
    public async Task A_command_is_as_new_as_the_sources_and_what_runs_keeps_its_build()
    {
        var before = tree.Snapshot();
        tree.Tools("two");
        var audit = await tree.Billing("audit");
        audit.Should().Match<Run>(run => run.Code == 0 && run.Output == "two audit" && run.Builds);
        audit.Errors.Should().NotContain("Older", "the services are what they were");
        tree.Snapshot().Should().BeEquivalentTo(before, "a build writes nothing under a running process");

        (await tree.Billing("rate")).Should().Be(new Run(0, "two rate", ""), "nothing changed since");

        tree.Program("services", "Payments", "System.Console.ReadLine(); System.Threading.Thread.Sleep(-1);");
        (await tree.Billing("explain", "E1")).Errors.Should().Contain("Older than the sources: Payments. ");
        tree.Snapshot().Should().BeEquivalentTo(before).And.HaveCountGreaterThan(12);
        tree.Running.Should().HaveCount(7).And.OnlyContain(process => !process.HasExited);

        tree.Write("README.md", "A page is not built.");
        (await tree.Billing("quote", "1")).Builds.Should().BeFalse();
    }

    [Fact]
    public async Task A_process_is_given_its_own_secrets_and_none_on_a_command_line()
    {
        using var started = await tree.StartProcess("Payments", new()
        {
            ["BILLING_PAYMENTS_POSTGRES"] = "Host=h;Password=own-1",
            ["BILLING_PAYMENTS_RABBITMQ"] = "amqp://p:own-2@h/",
            ["BILLING_CUSTOMER_POSTGRES"] = "Host=h;Password=other-1", ["BILLING_CUSTOMER_PASSWORD"] = "other-1",
            ["BILLING_POSTGRES_PASSWORD"] = "other-2", ["BILLING_RABBITMQ"] = "amqp://billing:other-3@h/",
            ["BILLING_CUSTOMER_URL"] = "http://127.0.0.1:1",
        });

        var given = await File.ReadAllTextAsync($"/proc/{started.Id}/environ");
        given.Should().Contain("\0Billing__Postgres=Host=h;Password=own-1\0")
            .And.Contain("\0Billing__RabbitMq=amqp://p:own-2@h/\0")
            .And.Contain("\0Billing__Services__Customer=http://127.0.0.1:1\0").And.NotContain("other-");
        (await File.ReadAllTextAsync($"/proc/{started.Id}/cmdline")).Should().NotContain("own-")
            .And.NotContain("other-");
        started.Kill();
    }

    [Fact]
    public async Task After_a_restore_that_was_interrupted_nothing_starts_but_the_restore()
    {
        tree.Write(".run/dev/restoring", "--from /backups/20261127T181500Z payments ");
        try
        {
            (await tree.Billing("up")).Should().Match<Run>(run => run.Code == 1 && run.Errors.Contains(
                "./billing restore --from /backups/20261127T181500Z payments"));
        }
        finally
        {
            File.Delete(tree[".run/dev/restoring"]);
        }
        tree.Running.Should().OnlyContain(process => !process.HasExited);
    }

    [Theory, InlineData("--from BACKUP"), InlineData("not '--form'", "--form", "x")]
    [InlineData("one service", "a", "b")]
    public async Task What_a_restore_cannot_mean_is_refused_before_anything_is_stopped(
        string refusal, params string[] arguments)
    {
        (await tree.Billing(["restore", .. arguments])).Should().Match<Run>(
            run => run.Code == 1 && run.Errors.Contains(refusal) && !run.Builds);
        tree.Running.Should().HaveCount(7).And.OnlyContain(process => !process.HasExited);
    }

    [Fact]
    public async Task While_tests_run_a_command_does_with_the_last_build_and_a_broken_source_is_said()
    {
        tree.Tools("three");
        using (var tests = Process.Start(new ProcessStartInfo(
            "flock", ["-s", tree["artifacts/lock"], "sh", "-c", "echo held; exec cat"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!)
        {
            (await tests.StandardOutput.ReadLineAsync()).Should().Be("held");
            var audit = await tree.Billing("audit");
            audit.Output.Should().EndWith(" audit").And.NotStartWith("three");
            audit.Errors.Should().Contain("tests are running");
            tests.StandardInput.Close();
            await tests.WaitForExitAsync();
        }
        (await tree.Billing("audit")).Output.Should().Be("three audit");

        tree.Program("tools", "Cli", "this is no program");
        (await tree.Billing("audit")).Should().Match<Run>(run =>
            run.Code == 1 && run.Output == "" && run.Errors.Contains("error CS")
            && run.Errors.Contains("build failed"));
    }
}
