using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;

namespace Billing.Tools;

/// <summary><c>what-if</c>: rates issued invoices again by another plan.</summary>
internal static class WhatIfCommand
{
    private const int Interrupted = 130;
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var plan = new Argument<string>("plan") { Description = "a plan document (JSON); it may be a mere draft" };
        var from = new Option<string>("--from") { Description = "first month (or season) to replay", Required = true };
        var to = new Option<string>("--to") { Description = "last month (or season), inclusive", Required = true };
        var plans = new Option<string?>("--plans")
        {
            Description = "plans whose invoices are replayed, with commas; by itself, the document's own code",
        };
        var json = new Option<bool>("--json") { Description = "print the whole result as JSON" };
        var command = new Command("what-if", "Who would pay more, who less, on new prices? Nothing is written.")
        {
            plan, from, to, plans, json,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            var question = new WhatIfRequest(
                Read(arguments.GetValue(plan)!),
                BillingPeriod.Wrap(arguments.GetValue(from)!),
                BillingPeriod.Wrap(arguments.GetValue(to)!),
                arguments.GetValue(plans)?.Split(
                    ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(PlanCode.Wrap).ToList());
            try
            {
                var result = await Ask(question, cancellation);
                if (arguments.GetValue(json))
                    Console.WriteLine(result.GetRawText());
                else
                    new WhatIfReport(new ConsoleOutput()).Tell(result.Deserialize<WhatIfFindings>(Wire.Stored)!);
                return 0;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync("Stopped; the query is cancelled, nothing was written.");
                return Interrupted;
            }
        });
        return command;
    }

    private static async Task<JsonElement> Ask(WhatIfRequest question, CancellationToken cancellation)
    {
        using var services = new Services();
        var (status, result) = (new Status(), default(JsonElement?));
        Problem? problem;
        try
        {
            problem = await services.Invoicing.Lines(
                $"/what-if", question,
                line =>
                {
                    var json = JsonElement.Parse(line);
                    if (json.TryGetProperty("progress", out var progress))
                        status.Tell(progress.Deserialize<WhatIfProgress>(Wire.Stored)!);
                    else
                        result = json.GetProperty("result");
                },
                cancellation);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new Failure($"The answer broke off before its result: {broken.Message}");
        }
        finally
        {
            status.End();
        }
        if (problem is not null)
            throw new Failure(problem.ToString());
        return result ?? throw new Failure("The answer ended before its result; look into the log of Invoicing.");
    }

    private static JsonElement Read(string file)
    {
        try
        {
            return JsonElement.Parse(File.ReadAllText(file));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new Failure($"{file} cannot be read: {unreadable.Message}");
        }
        catch (JsonException notJson)
        {
            throw new Failure($"{file} is not JSON: {notJson.Message}");
        }
    }

    /// <summary>Shows progress: at a terminal in one line that is updated, elsewhere as a line now and then.</summary>
    private sealed class Status
    {
        private readonly Stopwatch _since = Stopwatch.StartNew();
        private bool _begun;

        public void Tell(WhatIfProgress progress)
        {
            var text = $"{progress.Replayed:N0} of {progress.Of:N0} invoices replayed, {progress.Seconds:0.0} s";
            if (!Console.IsErrorRedirected)
                Console.Error.Write($"\r  {text}\e[K");
            else if (!_begun || progress.Replayed == progress.Of || _since.Elapsed >= BetweenLines)
                Console.Error.WriteLine(text);
            else
                return;
            _begun = true;
            _since.Restart();
        }

        public void End()
        {
            if (_begun && !Console.IsErrorRedirected)
                Console.Error.Write("\r\e[K");
        }
    }
}
