using System.CommandLine;

namespace Billing.Tools;

/// <summary>The operators' commands for a running system; every command is registered here.</summary>
public static class Program
{
    public static Task<int> Main(string[] args) => CommandLine.Run(
        new RootCommand("Billing's command line.")
        {
            ImportCommand.Create(),
            RunCommand.Create(),
            ApprovalsCommand.Create(),
            ExplainCommand.Create(),
            RateCommand.Create(),
            QuoteCommand.Create(),
            WhatIfCommand.Create(),
            AuditCommand.Create(),
            MigrateCommand.Create(),
            RebuildCommand.Create(),
            RedriveCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            RepublishCommand.Create(),
            KeysCommand.Create(),
        }.With(LoginCommand.All()), args);

    private static RootCommand With(this RootCommand root, IEnumerable<Command> commands)
    {
        foreach (var command in commands)
            root.Add(command);
        return root;
    }
}
