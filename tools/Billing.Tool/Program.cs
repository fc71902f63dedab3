using System.CommandLine;

namespace Billing.Tools;

/// <summary>The tool behind <c>./billing</c>: every command is listed here.</summary>
public static class Program
{
    /// <summary>Runs one command; the exit code is 0 only when it did what was asked.</summary>
    public static async Task<int> Main(string[] args)
    {
        var commands = new RootCommand("Billing's command line.")
        {
            DemoCommand.Create(),
            GenerateCommand.Create(),
            ImportCommand.Create(),
            RunCommand.Create(),
            ExplainCommand.Create(),
            RateCommand.Create(),
            QuoteCommand.Create(),
            WhatIfCommand.Create(),
            AuditCommand.Create(),
            BenchCommand.Create(),
            MigrateCommand.Create(),
            RebuildCommand.Create(),
            RedriveCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            RepublishCommand.Create(),
            PartnerLoadCommand.Create(),
        };
        try
        {
            return await commands.Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        }
        catch (Failure failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return failure.Code;
        }
    }
}
