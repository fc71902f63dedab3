using System.CommandLine;
using Billing.Tools;

namespace Billing.Lab;

/// <summary>What is invented, simulated and measured: every command is listed here.</summary>
public static class Program
{
    public static Task<int> Main(string[] args) => CommandLine.Run(
        new RootCommand("Billing's laboratory.")
        {
            DemoCommand.Create(),
            GenerateCommand.Create(),
            PartnerLoadCommand.Create(),
            BenchCommand.Create(),
        }, args);
}
