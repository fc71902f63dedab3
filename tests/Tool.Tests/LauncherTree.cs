using System.Diagnostics;
using Billing.Testing;
using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>
/// The launcher on a tree of its own, with small programs in the places of the real ones, built once and its services
/// running.
/// </summary>
public sealed class LauncherTree : IAsyncLifetime, IDisposable
{
    private static readonly string[] Services =
        ["Customer", "Tariff", "Invoicing", "Payments", "Collections", "Identity", "WebConsole"];

    private readonly Folder _folder = new();

    public List<Process> Running { get; } = [];

    public string this[string file] => _folder[file];

    public async Task InitializeAsync()
    {
        string[] scripts = ["instance", "build", "processes", "tests", "restore"];
        foreach (var file in scripts.Select(script => $"deploy/local/{script}").Append("billing").Append("global.json"))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            File.Copy(Path.Combine(Backend.Root, file), _folder[file]);
        }
        Directory.CreateDirectory(_folder["contracts"]);
        Directory.CreateDirectory(_folder["tests"]);
        Write("Directory.Build.props", """
            <Project><PropertyGroup>
              <TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><UseAppHost>false</UseAppHost>
              <UseArtifactsOutput>true</UseArtifactsOutput><Deterministic>true</Deterministic>
              <ArtifactsPath>$(MSBuildThisFileDirectory)artifacts</ArtifactsPath>
            </PropertyGroup></Project>
            """);
        foreach (var service in Services)
            Program("services", service, "System.Threading.Thread.Sleep(System.Threading.Timeout.Infinite);");
        Tools("one");
        using var solution = Process.Start(new ProcessStartInfo("dotnet", ["new", "sln", "-n", "Billing", "-f", "sln"])
        {
            WorkingDirectory = _folder.Path, RedirectStandardOutput = true,
        })!;
        await solution.WaitForExitAsync();
        using var added = Process.Start(new ProcessStartInfo("dotnet", ["sln", "add", .. Directory.GetFiles(
            _folder.Path, "*.csproj", SearchOption.AllDirectories)])
        {
            WorkingDirectory = _folder.Path, RedirectStandardOutput = true,
        })!;
        await added.WaitForExitAsync();
        added.ExitCode.Should().Be(0);
        (await Billing("generate")).Should().Match<Run>(run => run.Output == "one generate" && run.Builds);
        StartServices();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var process in Running)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
        _folder.Dispose();
    }

    public void Tools(string version)
    {
        foreach (var name in new[] { "Cli", "Lab" })
            Program("tools", name, $"System.Console.WriteLine(\"{version} \" + args[0]);");
    }

    public void Program(string part, string name, string text)
    {
        Write($"{part}/{name}/Billing.{name}.csproj", """<Project Sdk="Microsoft.NET.Sdk" />""");
        Write($"{part}/{name}/Program.cs", text);
    }

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
        if (!File.Exists(_folder[file]) || File.ReadAllText(_folder[file]) != text)
            File.WriteAllText(_folder[file], text);
    }

    /// <summary>The services of the instance "dev", as ./billing up leaves them.</summary>
    private void StartServices()
    {
        var instance = _folder[".run/dev"];
        Directory.CreateDirectory(Path.Combine(instance, "pids"));
        File.WriteAllText(Path.Combine(instance, "env"), "");
        var programs = new DirectoryInfo(_folder["artifacts/programs/current"]).ResolveLinkTarget(true)!.FullName;
        foreach (var service in Services)
        {
            var process = Process.Start(new ProcessStartInfo(
                "dotnet", [Path.Combine(programs, $"Billing.{service}", $"Billing.{service}.dll")])
            {
                Environment = { ["BILLING_INSTANCE_DIR"] = instance }, RedirectStandardInput = true,
            })!;
            Running.Add(process);
            File.WriteAllText(Path.Combine(instance, "pids", service), $"{process.Id}\n");
        }
    }

    /// <summary>A process as the launcher starts it in an instance that remembers all this.</summary>
    public async Task<Process> StartProcess(string service, Dictionary<string, string> remembered)
    {
        const string script = """
            set -euo pipefail
            cd "$1"
            services=(Customer Payments Identity)
            for part in instance build processes; do source "deploy/local/$part"; done
            open_instance secrets
            prepare_instance
            keys=$run/keys from=$(newest)
            remember "${@:3}"
            load_env
            start_process "$2" "$2"
            pid_of "$2"
            """;
        using var bash = Process.Start(new ProcessStartInfo("bash",
        [
            "-c", script, "bash", _folder.Path, service, .. remembered.SelectMany(one => new[] { one.Key, one.Value }),
        ])
        {
            RedirectStandardOutput = true,
        })!;
        var pid = await bash.StandardOutput.ReadLineAsync();
        await bash.WaitForExitAsync();
        bash.ExitCode.Should().Be(0);
        return Process.GetProcessById(int.Parse(pid!, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The files that the services run from.</summary>
    public Dictionary<string, string> Snapshot() => Running
        .Select(process => File.ReadAllText($"/proc/{process.Id}/cmdline").Split('\0')[1])
        .SelectMany(program => Directory.GetFiles(Path.GetDirectoryName(program)!))
        .ToDictionary(file => file, file => Convert.ToHexString(
            System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));

    public async Task<Run> Billing(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(_folder["billing"], arguments)
        {
            Environment = { ["BILLING_INSTANCE"] = "dev" },
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, output.Trim(), (await errors).Trim());
    }
}

/// <summary>What one call of the launcher came to.</summary>
public sealed record Run(int Code, string Output, string Errors)
{
    public bool Builds => Errors.Contains("Building", StringComparison.Ordinal);
}
