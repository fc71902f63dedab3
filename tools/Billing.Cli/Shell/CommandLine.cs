using System.CommandLine;

namespace Billing.Tools;

/// <summary>How a command line ends: what failed is said in a sentence, and the exit code tells it, too.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command; the exit code is 0 only when it did what was asked.</summary>
    public static async Task<int> Run(RootCommand commands, string[] arguments)
    {
        try
        {
            return await commands.Parse(arguments).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        }
        catch (Failure failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return failure.Code;
        }
    }
}
