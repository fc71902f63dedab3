using System.CommandLine;
using Billing.Tools;

namespace Billing.Lab;

/// <summary>
/// The commands for demonstration, generated data, simulation and benchmarks; every command is registered here.
/// </summary>
public static class Program
{
    public static Task<int> Main(string[] args) => CommandLine.Run(
        new RootCommand("Billing's laboratory.")
        {
            DemoCommand.Create(),
            GenerateCommand.Create(),
            PartnerCommand.Create(),
            PartnerLoadCommand.Create(),
            BenchCommand.Create(),
        }, args);
}
