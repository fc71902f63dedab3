using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Spectre.Console;

namespace Billing.Tools;

/// <summary>Prints the collection rates and the arrears, by project.</summary>
internal sealed class Arrears(Services services, ConsoleOutput console)
{
    private const int ProjectsShown = 10;

    public async Task Show()
    {
        var today = TimeProvider.System.Today().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var swept = (await services.Collections.Put<AssessedArrears>($"/sweeps/{today}", new { })).Ok("sweep");
        console.Line($"as of {today}: {swept.BecameOverdue:N0} accounts have become overdue");
        var rates = (await services.Collections.Get<Dated<GroupRates>>($"/rates/collection?by=project")).Figure;
        var ageing = (await services.Collections.Get<Dated<IReadOnlyList<AgeingGroup>>>($"/ageing?by=project")).Figure
            .ToDictionary(group => group.Key);
        var table = new Table().AddColumn("project");
        foreach (var heading in new[] { "billed yuan", "collected", "rate %", "not due", "1-30 days", "older" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var group in rates.Groups.OrderByDescending(group => group.Rate.Receivable.Fen).Take(ProjectsShown))
            Row(table, group.Key, group.Rate, ageing.GetValueOrDefault(group.Key)?.Buckets ?? []);
        Row(table, $"all {rates.Groups.Count}", rates.Total, [.. ageing.Values.SelectMany(group => group.Buckets)]);
        console.Table(table);
    }

    private static void Row(Table table, string project, CollectionRate rate, IReadOnlyList<AgeingBucket> buckets)
    {
        Money Sum(Func<AgeingBucket, bool> which) => Money.Sum(buckets.Where(which).Select(bucket => bucket.Open));
        table.AddRow(
            Markup.Escape(project), $"{rate.Receivable.Yuan:N2}", $"{rate.Collected.Yuan:N2}",
            rate.Percent?.ToString("0.0", CultureInfo.InvariantCulture) ?? "–",
            $"{Sum(bucket => bucket.Name == "not-due").Yuan:N2}",
            $"{Sum(bucket => bucket.Name == "1-30").Yuan:N2}",
            $"{Sum(bucket => bucket.Name is not ("not-due" or "1-30")).Yuan:N2}");
    }
}
