using System.CommandLine;
using System.Text.Json;
using Billing.Rating;

namespace Billing.Tools;

/// <summary>
/// <c>rate</c>: rates cases with a plan document, or with versions of a plan that follow each other, without any
/// service. The forms of both files are described in <c>services/Rating/</c>.
/// </summary>
internal static class RateCommand
{
    private const int BadInput = 2;

    public static Command Create()
    {
        var plan = new Option<string[]>("--plan")
        {
            Description = "a plan document (JSON); several are versions of one plan that follow each other",
            Required = true,
            Arity = ArgumentArity.OneOrMore,
        };
        var usage = new Option<string>("--usage")
        {
            Description = "one or many cases (JSON); - reads them from standard input",
            Required = true,
        };
        var format = new Option<string>("--format")
        {
            Description = "table or json", DefaultValueFactory = _ => "table",
        };
        format.AcceptOnlyFromAmong("table", "json");
        var command = new Command("rate", "Rates cases with a price plan, line by line.") { plan, usage, format };
        command.SetAction(arguments => Run(
            arguments.GetValue(plan)!, arguments.GetValue(usage)!, arguments.GetValue(format) == "json"));
        return command;
    }

    /// <summary>Returns 0 when every case was rated, 1 when one was refused, 2 when a file is invalid.</summary>
    private static int Run(string[] planFiles, string usageFile, bool asJson)
    {
        var versions = planFiles.Select(file => (Plan: ReadPlan(file), Last: null as DateOnly?)).ToList();
        if (versions.Select(version => version.Plan.Version).Distinct().Count() < versions.Count)
            throw new Failure("--plan: two documents have the same version", BadInput);
        if (versions.Select(version => version.Plan.ValidFrom).Distinct().Count() < versions.Count)
            throw new Failure("--plan: two documents begin on the same day", BadInput);
        if (versions.Select(version => version.Plan.Currency).Distinct().Count() > 1)
            throw new Failure("--plan: two documents are in different currencies", BadInput);
        var answers = ReadCases(usageFile).Select((one, i) => Answer.To(one, i, versions)).ToList();
        if (asJson)
            AnswerJson.Write(answers);
        else
            new AnswerTable(new()).Write(answers, versions[^1].Plan.Currency);
        return answers.Exists(answer => answer.IsRefused) ? 1 : 0;
    }

    private static PlanDocument ReadPlan(string file)
    {
        using var json = Parse(file);
        return PlanDocument.TryParse(json.RootElement, out var plan, out var errors)
            ? plan
            : throw Wrong(file, "is no valid plan", errors);
    }

    private static IReadOnlyList<RatingCase> ReadCases(string file)
    {
        using var json = Parse(file);
        return RatingCase.TryParse(json.RootElement, out var cases, out var errors)
            ? cases
            : throw Wrong(file, "has no valid cases", errors);
    }

    private static JsonDocument Parse(string file)
    {
        try
        {
            return JsonDocument.Parse(file == "-" ? Console.In.ReadToEnd() : File.ReadAllText(file));
        }
        catch (JsonException notJson)
        {
            throw new Failure(
                $"{file} is not JSON: line {notJson.LineNumber + 1}, byte {notJson.BytePositionInLine + 1}: " +
                notJson.Message.Split(" LineNumber", 2)[0], BadInput);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new Failure($"{file} cannot be read: {missing.Message}", BadInput);
        }
    }

    private static Failure Wrong(string file, string what, IReadOnlyList<PlanError> errors) =>
        new($"{file} {what}:\n{string.Join('\n', errors.Select(error => $"  {error}"))}", BadInput);
}
