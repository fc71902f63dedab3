using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Billing.Contracts.Api;

namespace Billing.Tools;

/// <summary>
/// Imports a folder of files into the services. Everything may be sent again: what is already known changes nothing.
/// </summary>
internal sealed class TakeOver(Services services, ConsoleOutput console)
{
    private const int RefusalsShown = 6;

    /// <summary>Drafts and publishes every plan document of a folder.</summary>
    public async Task Plans(string folder)
    {
        var files = Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).ToList();
        var published = new List<PublishedPlan>();
        foreach (var file in files)
        {
            if (await Publish(file) is { IsPublished: true } plan)
                published.Add(plan.Plan);
        }
        console.Line($"{files.Count} price plans drafted and checked, {published.Count} published");
        if (published.Count > 0)
            await Known(published);
    }

    /// <summary>Drafts and publishes a plan document.</summary>
    public async Task<string> Plan(string file)
    {
        var (plan, isPublished) = await Publish(file);
        if (isPublished)
            await Known([plan]);
        return $"{plan.Plan} version {plan.Version}";
    }

    /// <summary>
    /// Waits until the services that open accounts and bill them have received the plans: an account on an unknown plan
    /// is refused.
    /// </summary>
    private Task Known(IReadOnlyList<PublishedPlan> published) => console.Follow(
        "plans known to Customer and Invoicing", published.Count, async () => Math.Min(
            published.Intersect(await KnownTo(services.Customer)).Count(),
            published.Intersect(await KnownTo(services.Invoicing)).Count()));

    private static async Task<List<PublishedPlan>> KnownTo(ServiceClient service)
    {
        var known = new List<PublishedPlan>();
        var page = await service.Get<KnownPlanPage>($"/plans?limit=500");
        known.AddRange(page.Versions.Select(version => new PublishedPlan(version.Plan.Value, version.Version)));
        while (page.Next is { } after)
        {
            page = await service.Get<KnownPlanPage>($"/plans?limit=500&after={after}");
            known.AddRange(page.Versions.Select(version => new PublishedPlan(version.Plan.Value, version.Version)));
        }
        return known;
    }

    private async Task<(PublishedPlan Plan, bool IsPublished)> Publish(string file)
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        var (code, version) = (
            document.RootElement.GetProperty("code").GetString()!,
            document.RootElement.GetProperty("version").GetInt32());
        Route path = $"/plans/{code}/versions/{version}";
        Accepted(await services.Tariff.Put<string>(path, document.RootElement), file);
        var answer = await services.Tariff.Agree(tariff => tariff.Post<string>($"{path}/publish"));
        Accepted(answer, file);
        return (new(code, version), !console.SaysItWaits(answer));
    }

    /// <summary>Imports accounts and waits until Invoicing and Payments have received all of them.</summary>
    public async Task<Imported> Accounts(string file)
    {
        var (read, took) = await Import<ImportedAccounts>(services.Customer, $"/imports/accounts", file);
        var imported = Told("accounts", file, took, new(
            read.Opened, read.Unchanged, read.RefusedTotal,
            [.. read.Refused.Take(RefusalsShown).Select(line => new RefusedLine(
                line.Line, line.Account, line.Code, line.Message))]));
        var known = imported.New + imported.Unchanged;
        await console.Follow("known to Invoicing and Payments", known, async () =>
        {
            var invoicing = await services.Invoicing.Get<Lag>($"/lag");
            var payments = await services.Payments.Get<Lag>($"/lag");
            return Math.Min(known, Math.Min(invoicing.Items("OnAccountsChanged"), payments.Items("OnAccountsChanged")));
        });
        return imported;
    }

    /// <summary>Imports readings.</summary>
    public async Task<Imported> Readings(string file)
    {
        var (read, took) = await Import<ImportedReadings>(services.Invoicing, $"/imports/readings", file);
        return Told("readings", file, took, new(
            read.Accepted, read.Unchanged, read.RefusedTotal,
            [.. read.Refused.Take(RefusalsShown).Select(line => new RefusedLine(
                line.Line, line.Account, line.Code, line.Message))]));
    }

    private async Task<(T Answer, TimeSpan Took)> Import<T>(ServiceClient service, Route path, string file)
        where T : class
    {
        var name = Path.GetFileName(file);
        // The idempotency key is the hash of the content: the same file again is the same request.
        var key = Convert
            .ToHexString(await SHA256.HashDataAsync(new MemoryStream(await File.ReadAllBytesAsync(file))))[..32];
        T? imported = null;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await console.Bar(name, new FileInfo(file).Length, async tell =>
            imported = (await service.PostFile<T>(path, file, "text/csv", key, tell)).Ok(name));
        return (imported!, watch.Elapsed);
    }

    private Imported Told(string what, string file, TimeSpan took, Imported imported)
    {
        console.Fact(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(file)}: {imported.New:N0} {what} taken over, {imported.Unchanged:N0} known, " +
            $"{imported.RefusedTotal:N0} refused"),
            took);
        foreach (var refused in imported.Refused)
            console.Note($"    line {refused.Line}, {refused.Account}: {refused.Code}: {refused.Message}");
        if (imported.RefusedTotal > RefusalsShown)
            console.Note($"    and {imported.RefusedTotal - RefusalsShown:N0} more");
        return imported;
    }

    private static void Accepted(Answer<string> answer, string file)
    {
        if (answer.Problem is { } problem)
            throw new Failure($"{file}: {problem}");
    }
}

/// <summary>A version of a plan that is in force.</summary>
internal sealed record PublishedPlan(string Plan, int Version);

/// <summary>The result of importing a file of accounts or readings.</summary>
/// <param name="New">Lines that are new.</param>
/// <param name="Unchanged">Lines that were known.</param>
/// <param name="RefusedTotal">Lines that were refused.</param>
/// <param name="Refused">The first of them.</param>
internal sealed record Imported(long New, long Unchanged, long RefusedTotal, IReadOnlyList<RefusedLine> Refused);

/// <summary>A line of a file that was refused.</summary>
internal sealed record RefusedLine(long Line, string Account, string Code, string Message);
