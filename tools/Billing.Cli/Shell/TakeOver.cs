using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Billing.Tools;

/// <summary>
/// Brings a folder of files into the services. Everything may be sent again: what is known changes nothing.
/// </summary>
internal sealed class TakeOver(Services services, ConsoleOutput console)
{
    private const int RefusalsShown = 6;

    // It takes two to publish a price (docs/adr/0017). A take-over brings prices that are in force already, so the
    // tool stands for both, and the names say so.
    private readonly Api _drafts = services.Tariff.As("tool:drafts");
    private readonly Api _approves = services.Tariff.As("tool:approves");

    /// <summary>Drafts and publishes every plan document of a folder.</summary>
    public async Task Plans(string folder)
    {
        var files = Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).ToList();
        var published = new List<KnownPlan>();
        foreach (var file in files)
            published.Add(await Publish(file));
        console.Line($"{files.Count} price plans drafted, checked and published");
        await Known(published);
    }

    /// <summary>Drafts and publishes a plan document.</summary>
    public async Task<string> Plan(string file)
    {
        var plan = await Publish(file);
        await Known([plan]);
        return $"{plan.Plan} version {plan.Version}";
    }

    /// <summary>
    /// Waits until the services that open accounts and bill them know the plans: an account on a plan that is not known
    /// is refused.
    /// </summary>
    private Task Known(IReadOnlyList<KnownPlan> published) => console.Follow(
        "plans known to Customer and Invoicing", published.Count, async () => Math.Min(
            published.Intersect(await KnownTo(services.Customer)).Count(),
            published.Intersect(await KnownTo(services.Invoicing)).Count()));

    private static async Task<List<KnownPlan>> KnownTo(Api service)
    {
        var known = new List<KnownPlan>();
        var page = await service.Get<KnownPlans>($"/plans?limit=500");
        known.AddRange(page.Versions);
        while (page.Next is { } after)
        {
            page = await service.Get<KnownPlans>($"/plans?limit=500&after={after}");
            known.AddRange(page.Versions);
        }
        return known;
    }

    private async Task<KnownPlan> Publish(string file)
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        var (code, version) = (
            document.RootElement.GetProperty("code").GetString()!,
            document.RootElement.GetProperty("version").GetInt32());
        Route path = $"/plans/{code}/versions/{version}";
        Accepted(await _drafts.Put<string>(path, document.RootElement), file);
        Accepted(await _approves.Post<string>($"{path}/publish"), file);
        return new(code, version);
    }

    /// <summary>Imports accounts and waits until the services that bill and cash know them all.</summary>
    public async Task<Imported> Accounts(string file)
    {
        var imported = await Import("accounts", services.Customer, $"/imports/accounts", file);
        var known = imported.New + imported.Unchanged;
        await console.Follow("known to Invoicing and Payments", known, async () =>
        {
            var invoicing = await services.Invoicing.Get<Lag>($"/lag");
            var payments = await services.Payments.Get<Lag>($"/lag");
            return Math.Min(known, Math.Min(invoicing.Items("OnAccountsChanged"), payments.Items("OnAccountsChanged")));
        });
        return imported;
    }

    public Task<Imported> Readings(string file) =>
        Import("readings", services.Invoicing, $"/imports/readings", file);

    private async Task<Imported> Import(string what, Api service, Route path, string file)
    {
        var name = Path.GetFileName(file);
        // The key is the file's content: the same file again is the same request.
        var key = Convert
            .ToHexString(await SHA256.HashDataAsync(new MemoryStream(await File.ReadAllBytesAsync(file))))[..32];
        Imported? imported = null;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await console.Bar(name, new FileInfo(file).Length, async tell =>
            imported = (await service.PostFile<Imported>(path, file, "text/csv", key, tell)).Ok(name));
        console.Fact(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {imported!.New:N0} {what} taken over, {imported.Unchanged:N0} known, " +
            $"{imported.RefusedTotal:N0} refused"),
            watch.Elapsed);
        foreach (var refused in imported.Refused.Take(RefusalsShown))
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
