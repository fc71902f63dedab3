using System.CommandLine;
using Billing.Contracts;
using Billing.Rating;

namespace Billing.Tools;

/// <summary>
/// <c>rate</c>: what would this cost? Rates a file of usages with a plan document, without any service.
/// </summary>
internal static class RateCommand
{
    private const string Columns =
        "id,class,from,to,area_m2,total_kwh,peak_kwh,valley_kwh,heat_kwh; the columns after `to` may be left out";

    public static Command Create()
    {
        var plan = new Argument<string>("plan") { Description = "a plan document (JSON)" };
        var usage = new Argument<string>("usage") { Description = $"a CSV file with the columns {Columns}" };
        var command = new Command("rate", "Rates a file of usages with a price plan, line by line.") { plan, usage };
        command.SetAction(arguments => Run(arguments.GetValue(plan)!, arguments.GetValue(usage)!));
        return command;
    }

    private static int Run(string planFile, string usageFile)
    {
        if (!PlanDocument.TryParse(File.ReadAllText(planFile), out var plan, out var errors))
            throw new Failure($"{planFile} is no plan:\n{string.Join('\n', errors)}");
        using var csv = new CsvTable(usageFile);
        var (refused, sum) = (0, Money.Zero);
        while (csv.Read())
        {
            var id = csv["id"];
            var rated = plan.Rate(Supply(csv), UsageOf(csv));
            if (rated.Refusal is { } refusal)
            {
                refused++;
                Console.WriteLine($"{id}: refused, {refusal.Code}: {refusal.Message}");
                continue;
            }
            sum += rated.Bill!.Total;
            Console.WriteLine($"{id}: {rated.Bill.Total} yuan, of it tax {rated.Bill.Tax}");
            foreach (var line in rated.Bill.Lines)
            {
                var explained = plan.Explain(line);
                Console.WriteLine($"  {explained.Label.Zh} {explained.Formula}   ({explained.Reason.Zh})");
            }
        }
        Console.WriteLine($"sum: {sum} yuan, {refused} refused");
        return refused == 0 ? 0 : 1;
    }

    private static SupplyFacts Supply(CsvTable csv) =>
        new(Enum.TryParse<CustomerClass>(csv["class"], out var @class)
            ? @class
            : throw new Failure($"line {csv.Line}: '{csv["class"]}' is no class"))
        {
            AreaM2 = csv.Number("area_m2") ?? 0m,
        };

    private static Usage UsageOf(CsvTable csv) => new(new(csv.Day("from"), csv.Day("to")))
    {
        TotalKwh = csv.Number("total_kwh"),
        PeakKwh = csv.Number("peak_kwh"),
        ValleyKwh = csv.Number("valley_kwh"),
        HeatKwh = csv.Number("heat_kwh"),
        Settles = csv.Number("heat_kwh") is not null,
    };
}
