using System.CommandLine;

namespace Billing.Tools;

/// <summary>Runs commands: a failure is printed as one sentence, and the exit code shows it, too.</summary>
internal static class CommandLine
{
    /// <summary>The exit code of a command that a person has interrupted, as shells have it.</summary>
    private const int Interrupted = 130;

    /// <summary>Runs one command; the exit code is 0 only when it succeeded.</summary>
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
        catch (OperationCanceledException cancelled) when (cancelled.InnerException is TimeoutException late)
        {
            await Console.Error.WriteLineAsync(late.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted.");
            return Interrupted;
        }
    }
}
