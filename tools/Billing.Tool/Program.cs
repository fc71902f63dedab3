using System.CommandLine;

namespace Billing.Tools;

/// <summary>The tool behind <c>./billing</c>: every command is listed here.</summary>
public static class Program
{
    /// <summary>Runs one command; the exit code is 0 only when it did what was asked.</summary>
    public static Task<int> Main(string[] args) => new RootCommand("Billing's command line.")
    {
        GenerateCommand.Create(),
    }.Parse(args).InvokeAsync();
}
